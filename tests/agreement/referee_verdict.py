"""The verdict worked out again: components of a payoff by party, in present value, bn USD.

Everything is the central case, in prices of the price year. What comes in is data: a world,
tariffs by year, and the money by year.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from accord.data.world import World
from tests.agreement.referee_money import Money
from tests.agreement.referee_world import SHORT_RUN, Referee, Shock, State

Tariffs = Sequence[np.ndarray]


@dataclass(frozen=True)
class Paths:
    """Tariffs by year: of the package, of no deal, and of no deal with what a court voids anew."""

    package: Tariffs
    no_deal: Tariffs
    rebuilt: Tariffs


@dataclass(frozen=True)
class Parameters:
    """Means of what is uncertain, and the dates and rates of the file."""

    removal: float
    rebuilding: float
    sourcing: float
    displacement: float
    displaced_return: float
    additional: float
    growth: float
    risk_premium: float
    credit_spread: float
    inflation: float
    real: tuple[float, float]  # payer, host
    years: int
    since_prices: int  # years from the price year to the first


@dataclass(frozen=True)
class Parties:
    """Where payer and host stand, what building buys and what is built makes, by sector."""

    payer: int
    host: int
    spending: np.ndarray
    output: np.ndarray

    @property
    def both(self) -> list[int]:
        """Payer and host."""
        return [self.payer, self.host]


@dataclass(frozen=True)
class Real:
    """Money by year in prices of the price year, with what displaced assets would have paid."""

    called: np.ndarray
    firms: np.ndarray
    earned: np.ndarray
    profits: np.ndarray
    ships_out: np.ndarray
    ships_back: np.ndarray
    served: np.ndarray
    lost: np.ndarray
    age: np.ndarray

    def moved(self, z: float, years: int) -> np.ndarray:
        """What passes from payer to host, net, by year of the horizon."""
        sent = self.added(z) + self.lost - self.profits
        return np.asarray(sent[:years])

    def added(self, z: float) -> np.ndarray:
        """What is invested in projects that would not have been otherwise."""
        return np.asarray((1 - z) * self.called + self.firms)


def deflate(money: Money, p: Parameters) -> Real:
    """Nominal money in prices of the price year, with the annuities of displaced assets."""
    count = len(money.called)
    prices = (1 + p.inflation) ** (p.since_prices + np.arange(count))
    called, firms = money.called / prices, money.firms / prices
    rate = p.real[0] + p.risk_premium + p.displaced_return
    lost = np.zeros(count)
    for year in range(p.years - 1):
        left = p.years - 1 - year
        level = rate / (1 - (1 + rate) ** -left)
        lost[year + 1 : p.years] += p.displacement * called[year] * level
    return Real(
        called, firms, money.earned / prices, money.profits / prices, money.ships_out / prices,
        money.ships_back / prices, money.served / prices, lost, mean_age(called + firms),
    )  # fmt: skip


def world_size(p: Parameters) -> np.ndarray:
    """The world economy of each year over that of the price year."""
    return np.asarray((1 + p.growth) ** (p.since_prices + np.arange(p.years)))


def mean_age(called: np.ndarray) -> np.ndarray:
    """Years since the money called so far was called, on average, by year."""
    years = np.arange(len(called))
    total = np.maximum(np.cumsum(called), 1e-12)
    return np.asarray(years - np.cumsum(called * years) / total)


def answer_slowly(at_once: np.ndarray, long_run: np.ndarray, speed: float) -> np.ndarray:
    """A gain by year as buyers choose anew: at once, and with what has built up since."""
    built = np.zeros_like(at_once)
    for year in range(1, len(built)):
        built[year] = (1 - speed) * built[year - 1]
        built[year] += speed * (long_run[year - 1] - at_once[year - 1])
    return at_once + built


def at_risk(real: float, premium: float, age: np.ndarray) -> np.ndarray:
    """Share of receipts that their risk takes away."""
    return 1 - ((1 + real) / (1 + real + premium)) ** age


@dataclass(frozen=True)
class Gains:
    """What is taken as given for one set of elasticities at one speed of trade."""

    referee: Referee
    paths: Paths
    parties: Parties
    p: Parameters

    def from_tariffs(self) -> np.ndarray:
        """What the package's tariffs are worth against no deal's, by year and party."""
        solved: dict[bytes, np.ndarray] = {}

        def worth(tariff: np.ndarray) -> np.ndarray:
            key = tariff.tobytes()
            if key not in solved:
                solved[key] = self.referee.solve(Shock(tariff)).gain[self.parties.both]
            return solved[key]

        years = zip(self.paths.package, self.paths.no_deal, self.paths.rebuilt, strict=True)
        chance = self.p.rebuilding
        return np.array(
            [worth(a) - (1 - chance) * worth(b) - chance * worth(c) for a, b, c in years]
        )

    def from_lasting_tariffs(self, long_run: np.ndarray) -> np.ndarray:
        """The same for tariffs that last, every year solved as buyers choose anew."""
        package, no_deal, rebuilt = (
            np.array(self.referee.follow(path, long_run, self.p.sourcing))[:, self.parties.both]
            for path in (self.paths.package, self.paths.no_deal, self.paths.rebuilt)
        )
        chance = self.p.rebuilding
        return np.asarray(package - (1 - chance) * no_deal - chance * rebuilt)

    def from_money(self, money: Real) -> tuple[np.ndarray, np.ndarray]:
        """What money and building add, and then new capacity, by year and party."""
        base: dict[bytes, State] = {}
        added: list[np.ndarray] = []
        more: list[np.ndarray] = []
        last = full = None
        for year, tariff in enumerate(self.paths.package):
            key = tariff.tobytes()
            if key not in base:
                base[key] = self.referee.solve(Shock(tariff))
            without, with_it = self._shocks(tariff, money, year)
            last = self.referee.solve(without, last or base[key])
            full = self.referee.solve(with_it, full or last)
            added.append((last.gain - base[key].gain)[self.parties.both])
            more.append((full.gain - last.gain)[self.parties.both])
        return np.array(added), np.array(more)

    def _shocks(self, tariff: np.ndarray, money: Real, year: int) -> tuple[Shock, Shock]:
        """A year's money and building at the size of the baseline, without and with capacity."""
        p, host, sales = self.p, self.parties.host, self.referee.sales
        size = world_size(p)[year]
        z = p.displacement
        moved = money.moved(p.displacement, p.years)[year] / size
        transfer = np.zeros(len(sales))
        transfer[self.parties.both] = -moved, moved
        placed, ease = np.zeros_like(sales), np.ones_like(sales)
        placed[host] = p.additional * money.added(z)[year] / size * self.parties.spending
        grown = p.additional * (1 - z) * money.earned[year] / size
        ease[host] += grown * self.parties.output / sales[host]
        without = Shock(tariff, transfer, placed)
        return without, replace(without, productivity=ease)


def equilibrium_gains(
    world: World, sets: Sequence[str], given: tuple[Paths, Parties, Parameters], money: Real
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Tariffs, money and capacity: mean over the sets, by year and party, not discounted.

    Tariffs are removed by chance, money goes on. While they last every year is solved; the trace
    that they leave, and the answer to money, is the mean of both speeds of trade.
    """
    p = given[2]
    size, stand = world_size(p)[:, None], (1 - p.removal) ** np.arange(p.years)[:, None]
    totals = np.zeros((3, p.years, 2))
    for name in sets:
        by_speed = []
        for speed in (SHORT_RUN, 1.0):
            gains = Gains(Referee(world, speed * world.elasticities[name]), *given)
            by_speed.append((gains.from_tariffs(), *gains.from_money(money)))
        short = Gains(Referee(world, SHORT_RUN * world.elasticities[name]), *given)
        lasting = short.from_lasting_tariffs(world.elasticities[name])
        lasting -= answer_slowly(by_speed[0][0], by_speed[1][0], p.sourcing)
        totals[0] += stand * lasting * size / len(sets)
        by_speed = [(stand * speed[0], *speed[1:]) for speed in by_speed]
        for part, (at_once, long_run) in enumerate(zip(*by_speed, strict=True)):
            totals[part] += answer_slowly(at_once, long_run, p.sourcing) * size / len(sets)
    return totals[0], totals[1], totals[2]


def components(
    gains: tuple[np.ndarray, np.ndarray, np.ndarray], money: Real, p: Parameters
) -> dict[str, np.ndarray]:
    """Present value of every component but the risk of a crash: payer, host."""
    years, new, z = p.years, p.additional * (1 - p.displacement), p.displacement
    within, after = slice(0, years), slice(years, None)
    real = np.array(p.real)
    tariff, added, capacity = gains
    sent = money.added(z) + money.lost
    moved = money.moved(z, years)
    dear = [at_risk(rate, p.risk_premium, money.age) for rate in p.real]
    lent = at_risk(p.real[0], p.credit_spread, money.age)
    home, ships = money.profits, money.ships_back
    payer_risk = -dear[0] * (home - money.lost) - lent * money.served
    host_risk = -dear[1] * (money.lost - home)
    later = [
        (1 - dear[0]) * home + ships - lent * money.served,
        (1 - dear[1]) * (new * money.earned - home),
    ]
    count = np.arange(len(money.called))
    flows = {
        "tariff": tariff,
        "transfer": np.stack([-(sent + money.ships_out)[within], sent[within]], axis=1),
        "terms_of_trade": added - np.stack([-moved, moved], axis=1),
        "capacity": capacity - np.outer(p.additional * money.added(z)[within], [0.0, 1.0]),
        "profit": np.stack([(home + ships)[within], -home[within]], axis=1),
        "receipts_risk": np.stack([payer_risk[within], host_risk[within]], axis=1)
        - np.stack(dear, axis=1)[within] * capacity,
    }
    discount = (1 + real) ** -(np.arange(years)[:, None] + 0.5)
    values = {name: (flow * discount).sum(axis=0) for name, flow in flows.items()}
    values["later"] = np.array(
        [
            (flow[after] * (1 + rate) ** -(count[after] + 0.5)).sum()
            for flow, rate in zip(later, p.real, strict=True)
        ]
    )
    return values
