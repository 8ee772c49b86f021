"""What is told where a package asks more of an economy than it can give.

A deal may pass every check and still move so much money that no equilibrium of the world economy
is found, because more would leave a region, or be built in it, than it earns. That is a fault of
the deal file, not of the solver: the clause is named, with the year and the amount.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from accord.core.errors import InputError, Problem
from accord.data.world import World
from accord.deal.deal import Deal
from accord.deal.products import expand_regions

REMEDY = (
    "lower `amount`, or spread it over more years with a lower `annual_cap`; amounts are in units "
    "of the currency (20e9 is 20 billion)"
)


@dataclass(frozen=True)
class Asked:
    """What one party is asked to move to another.

    Attributes:
        paths: Places of the clauses in the deal file.
        payer: Who pays.
        host: Where it is invested.
        amount: Money that moves, bn USD a year.
        when: The year or years, such as "in 2027".
        payer_income: Value added of the payer, bn USD a year.
        host_income: Value added of the host, bn USD a year.
    """

    paths: tuple[str, ...]
    payer: str
    host: str
    amount: float
    when: str
    payer_income: float
    host_income: float

    @property
    def burden(self) -> float:
        """The amount over the smaller of the two incomes."""
        return self.amount / min(self.payer_income, self.host_income)


def refuse_money(package: str, asked: Iterable[Asked], subject: str) -> InputError:
    """Return the error of a package whose money leaves no equilibrium: the heaviest of its asks.

    Args:
        package: Name of the package.
        asked: What each pair of parties moves; at least one.
        subject: The deal file, or the name of the deal.
    """
    worst = max(asked, key=lambda ask: ask.burden)
    message = (
        f"in package {package}, {worst.payer} moves {worst.amount:,.3g} bn USD to {worst.host} "
        f"{worst.when}: {worst.amount / worst.payer_income:.0%} of the income of {worst.payer}, "
        f"{worst.amount / worst.host_income:.0%} of that of {worst.host}. No equilibrium of the "
        "world economy is found at that"
    )
    places = [f"{path}.amount" for path in worst.paths] or [f"package {package}"]
    return InputError([Problem(place, message, REMEDY) for place in places], subject)


def income_of(party: str, world: World) -> float:
    """Return the value added of a region or of the members of a group, bn USD a year."""
    members = [world.region_index(region) for region in expand_regions([party], world.regions)]
    return float(world.value_added[members].sum())


def subject_of(deal: Deal) -> str:
    """Return what an error about a deal is about: its file, or its name where it has none."""
    return deal.name if deal.path is None else str(deal.path)
