"""The instruments of a tariff war: parties, and the rates that each of them chooses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Literal, TypeAlias, get_args

import numpy as np

from accord.core.arrays import Float, Int
from accord.core.boundary.settings import make_plain
from accord.core.errors import InputError, Problem
from accord.core.words import propose
from accord.trade.model import TradeModel
from accord.trade.strategy.policy import Cells, Instrument, base_of, first_cell
from accord.trade.strategy.politics import PoliticalWeights

Over = Literal["partner", "mfn"]
PartyLike: TypeAlias = "str | Sequence[str] | Mapping[str, Sequence[str]] | Party"
PartiesLike: TypeAlias = "Sequence[str | Sequence[str] | Party] | Mapping[str, str | Sequence[str]]"

OptionsLike: TypeAlias = "StrategyConfig | Mapping[str, Any] | None"

OVER_MEANING: dict[Over, str] = {
    "partner": "one rate for each partner and sector",
    "mfn": "one rate for each sector, the same for every partner",
}
UNSEEN = ("services",)  # sectors of that name cross no customs post: left out unless asked for
MOST_NAMED = 3


@dataclass(frozen=True)
class Party:
    """A region, or a customs union of several, that sets its external tariffs as one.

    Attributes:
        name: What it is called.
        members: Its regions.
        weights: What counts for more, or less, than welfare to it; the same in each member.
    """

    name: str
    members: tuple[str, ...]
    weights: PoliticalWeights = field(default_factory=PoliticalWeights)


@dataclass(frozen=True)
class StrategyConfig:
    """What parties may set, and how hard the search tries.

    Attributes:
        instruments: What is chosen: see `INSTRUMENT_MEANING`. Members of a party set one rate.
        sectors: Sectors whose rates are chosen; None for all but services, which cross no customs
            post. Taxes on making and using are then chosen for all.
        partners: Regions whose goods are charged, or to whom exports are; None for everybody
            outside the party.
        together: Groups of regions that are charged one common rate, being customs unions. Each
            party of `nash_tariffs` is one for the others without being named here.
        lowest: Lower bound of a rate. Below zero it is an import subsidy.
        highest: Upper bound of a rate. Beyond it there is hardly any trade left to tax.
        rises_only: Whether no rate may be lower than before the search, as in a retaliation.
        tolerance: Largest distance of any rate from its optimum, in log points, as its own slope
            and curvature measure it.
        max_steps: Largest number of steps of a search.
    """

    sectors: Sequence[str] | None = None
    partners: Sequence[str] | None = None
    instruments: Sequence[str] = ("tariff",)
    together: Sequence[Sequence[str]] = ()
    lowest: float = -0.5
    highest: float = 5.0
    rises_only: bool = False
    tolerance: float = 1e-6
    max_steps: int = 300

    def __post_init__(self) -> None:
        """Check the numbers, all problems at once; names are checked against the model."""
        for name in ("sectors", "partners", "instruments"):
            value = getattr(self, name)
            if value is not None and not isinstance(value, str):
                object.__setattr__(self, name, tuple(value))
        unreadable = make_plain(self)
        if unreadable:
            raise InputError(unreadable, "the options of the search")
        problems = [
            Problem(name, "is a string", f"Give a list: [{value!r}]")
            for name in ("sectors", "partners", "instruments")
            if isinstance(value := getattr(self, name), str)
        ]
        if not -1 < self.lowest < self.highest < np.inf:
            problems.append(
                Problem("lowest, highest", f"{self.lowest:g} and {self.highest:g} bound no rate",
                        "Rates are fractions: above -1, the lower bound first")
            )  # fmt: skip
        if not 0 < self.tolerance < 1:
            problems.append(
                Problem("tolerance", f"{self.tolerance:g} is outside 0 to 1", "Try 1e-6")
            )
        if self.max_steps < 1:
            problems.append(Problem("max_steps", f"{self.max_steps} is below 1", "Try 300"))
        if problems:
            raise InputError(problems, "the options of the search")


@dataclass(frozen=True, eq=False)
class Instruments:
    """The rates that one party sets, as logarithms of one plus the rate.

    Attributes:
        party: Who sets them.
        cell: Positions in the vector of a `Policy` that they govern.
        rate_of: Which rate governs each of those cells.
        count: How many rates there are.
    """

    party: Party
    cell: Int[np.ndarray, " cell"]
    rate_of: Int[np.ndarray, " cell"]
    count: int

    def total(self, cells: Cells) -> Float[np.ndarray, " rate"]:
        """Return the sum over the cells that each rate governs."""
        return np.bincount(self.rate_of, cells[self.cell], self.count)

    def average(self, cells: Cells, weights: Cells) -> Float[np.ndarray, " rate"]:
        """Return the weighted average over the cells that each rate governs."""
        return np.asarray(self.total(cells * weights) / self.total(weights))

    def write(self, cells: Cells, log_gross: Float[np.ndarray, " rate"]) -> None:
        """Write the rates into a vector of rates."""
        cells[self.cell] = np.expm1(log_gross)[self.rate_of]


def build_instruments(
    model: TradeModel, party: Party, *, over: Over, options: StrategyConfig
) -> Instruments:
    """Return the rates that a party sets; what it would fall on nothing with has none.

    Args:
        model: The world.
        party: Who sets the rates.
        over: One rate a partner and sector, or one a sector.
        options: The instruments, sectors and partners, and who is charged one common rate.
    """
    base = base_of(model).cells
    cells, rates, count = [], [], 0
    for instrument in get_args(Instrument):
        if instrument not in options.instruments:
            continue
        cell, key = _governed(model, party, instrument, over=over, options=options)
        governed = np.bincount(key, base[cell], key.max(initial=-1) + 1)
        kept = governed[key] > 0
        _, rate_of = np.unique(key[kept], return_inverse=True)
        cells.append(cell[kept])
        rates.append(rate_of + count)
        count += int(rate_of.max(initial=-1)) + 1
    return Instruments(party, np.concatenate(cells), np.concatenate(rates), count)


def _governed(
    model: TradeModel, party: Party, instrument: Instrument, *, over: Over, options: StrategyConfig
) -> tuple[Int[np.ndarray, " cell"], Int[np.ndarray, " cell"]]:
    """Return the cells that an instrument of a party reaches, and a number for the rate of each."""
    N, J = len(model.regions), len(model.sectors)
    start = first_cell(instrument, N, J)
    own = [model.regions.index(name) for name in party.members]
    if instrument in ("production_tax", "consumption_tax"):
        names = model.sectors if options.sectors is None else tuple(options.sectors)
        chosen = np.flatnonzero(np.isin(model.sectors, names))
        n, j = (axis.ravel() for axis in np.meshgrid(own, chosen, indexing="ij"))
        return start + n * J + j, j
    chosen = np.flatnonzero(np.isin(model.sectors, chosen_sectors(model, options)))
    partners = model.regions if options.partners is None else tuple(options.partners)
    abroad = np.isin(model.regions, partners) & ~np.isin(model.regions, party.members)
    group = np.arange(N)
    for union in options.together:
        inside = np.isin(model.regions, tuple(union))
        group[inside] = np.flatnonzero(inside)[0]
    if over == "mfn":
        group[:] = 0
    member, partner, j = (axis.ravel() for axis in np.meshgrid(
        own, np.flatnonzero(abroad), chosen, indexing="ij"))  # fmt: skip
    n, i = (member, partner) if instrument == "tariff" else (partner, member)
    return start + (n * N + i) * J + j, group[partner] * J + j


def chosen_sectors(model: TradeModel, options: StrategyConfig) -> tuple[str, ...]:
    """Return the sectors whose rates are chosen."""
    if options.sectors is not None:
        return tuple(options.sectors)
    return tuple(name for name in model.sectors if name.casefold() not in UNSEEN)


def read_options(given: OptionsLike) -> tuple[StrategyConfig, list[Problem]]:
    """Return the options of a search, given as they are or by name, and what is wrong with them."""
    if not isinstance(given, Mapping):
        return given or StrategyConfig(), []
    known = [field.name for field in fields(StrategyConfig)]
    problems = find_unknown("options", tuple(given), known)
    try:
        return StrategyConfig(**{key: given[key] for key in given if key in known}), problems
    except InputError as error:
        return StrategyConfig(), [*problems, *error.problems]
    except TypeError as error:
        remedy = "Names are lists of strings, bounds and the tolerance are numbers"
        return StrategyConfig(), [*problems, Problem("options", str(error), remedy)]


def read_party(given: PartyLike, model: TradeModel) -> tuple[Party, list[Problem]]:
    """Return one party as given, and what is wrong with it."""
    if isinstance(given, Mapping) and len(given) != 1:
        remedy = "Give one: {'EU': ['DEU', ...]}"
        return Party("", ()), [Problem("party", f"names {len(given)} parties", remedy)]
    parties, problems = read_parties(given if isinstance(given, Mapping) else [given], model)
    return parties[0] if parties else Party("", ()), problems


def read_parties(given: PartiesLike, model: TradeModel) -> tuple[tuple[Party, ...], list[Problem]]:
    """Return parties as given (names, lists of members, or both), and what is wrong with them."""
    if isinstance(given, str):
        remedy = f"Give a list: [{given!r}, ...]"
        return (), [Problem("parties", "is a string, not a list of parties", remedy)]
    named = (
        list(given.items())
        if isinstance(given, Mapping)
        else [(_name(party), party) for party in given]
    )
    wrong = [party for _, party in named if not _is_party(party)]
    if wrong:
        remedy = "Give regions and lists of regions: ['USA', ['DEU', 'FRA']]"
        return (), [Problem("party", f"{party!r} is no region or list", remedy) for party in wrong]
    parties = tuple(
        given
        if isinstance(given, Party)
        else Party(name, (given,) if isinstance(given, str) else tuple(given))
        for name, given in named
    )
    problems: list[Problem] = []
    taken: set[str] = set()
    for party in parties:
        path = f"party {party.name}" if party.name else "party"
        if not party.members:
            problems.append(Problem(path, "has no members", "Name at least one region"))
        problems += find_unknown(path, party.members, model.regions)
        problems += party.weights.problems(path, model.sectors)
        if taken & set(party.members) or len(set(party.members)) < len(party.members):
            problems.append(
                Problem(path, "has a region that is used twice", "A region has one tariff")
            )
        taken |= set(party.members)
    if not parties:
        problems.append(Problem("parties", "names nobody", "Give regions: ['USA', 'CHN']"))
    return parties, problems


def check_choices(
    model: TradeModel, parties: Sequence[Party], over: str, options: StrategyConfig
) -> list[Problem]:
    """Return what is wrong with what the parties are to set."""
    problems: list[Problem] = []
    problems += find_wrong_over(over)
    problems += find_unknown("options.instruments", options.instruments, get_args(Instrument))
    if not options.instruments:
        remedy = 'Name what is chosen: ["tariff", "export_tax"]'
        problems.append(Problem("options.instruments", "names nothing to set", remedy))
    problems += find_unknown("options.sectors", options.sectors or (), model.sectors)
    problems += find_unknown("options.partners", options.partners or (), model.regions)
    together = [name for union in options.together for name in union]
    problems += find_unknown("options.together", together, model.regions)
    if len(set(together)) < len(together):
        remedy = "A region is in one customs union"
        problems.append(Problem("options.together", "has a region twice", remedy))
    members = [name for party in parties for name in party.members]
    if problems or not members or not set(members) <= set(model.regions):
        return problems
    for party in parties:
        if build_instruments(model, party, over="mfn", options=options).count == 0:
            does = "imports" if tuple(options.instruments) == ("tariff",) else "trades"
            problems.append(
                Problem(f"party {party.name}", f"{does} nothing that it could charge",
                        "Name more sectors or partners")
            )  # fmt: skip
    return problems


def find_wrong_over(over: object) -> list[Problem]:
    """Return that `over` says none of what it may say, or nothing."""
    if over in get_args(Over):
        return []
    remedy = f"Choose {' or '.join(get_args(Over))}"
    return [Problem("over", f"{over!r} is not known", remedy)]


def find_unknown(path: str, names: Sequence[str], known: Sequence[str]) -> list[Problem]:
    """Return a problem for each name that is not among those known, with a suggestion."""
    return [
        Problem(path, f"{name!r} is not known", propose(name, known))
        for name in names
        if name not in known
    ]


def _is_party(given: object) -> bool:
    """Whether something names a region, or lists several."""
    if isinstance(given, str | Party):
        return True
    return isinstance(given, Sequence) and all(isinstance(name, str) for name in given)


def _name(given: str | Sequence[str] | Party) -> str:
    """Return the name of a party that was given without one."""
    if isinstance(given, Party):
        return given.name
    if isinstance(given, str) or not _is_party(given):
        return str(given)
    if len(given) <= MOST_NAMED:
        return "+".join(given)
    return f"{given[0]}+{len(given) - 1} more"
