"""`ac.cars`: the car market of the United States under the packages of a deal and plain rates."""

from collections.abc import Sequence
from functools import partial
from typing import get_args

from accord.assessment.cars.result import CarStudy
from accord.assessment.cars.scenario import CarScenario
from accord.assessment.cars.trade import trade_changes
from accord.core.arguments import check_kind, public
from accord.core.errors import InputError, Problem
from accord.core.words import propose
from accord.data.store import load_world
from accord.data.world import World
from accord.deal.deal import NO_DEAL, Deal
from accord.deal.load import load_deal
from accord.deal.products import expand_regions
from accord.lowering.cars.market import CarMarket, load_car_market
from accord.lowering.cars.plan import (
    CarDuties,
    Run,
    central_unknowns,
    draw_unknowns,
    lower_cars,
)
from accord.lowering.cars.rates import CarRates, rates_on
from accord.markets.solution import MarketSolution
from accord.markets.solver import solve_market

PLAIN = ((0, 0, 0), (25, 15, 15), (15, 15, 15), (25, 25, 25))
PLAIN_ON = ("KOR", "JPN", "EU")
MOST_DRAWS = 100_000
SEED = 20251114
ROUNDING = 0.005  # of a mean over import lines


@public
def cars(
    deal: Deal | str,
    *,
    scenario: str | None = None,
    world: World | None = None,
    draws: int = 1000,
    seed: int = SEED,
) -> CarStudy:
    """Return what duties on cars do to makers, buyers and the Treasury of the United States.

    Every package of the deal is a scenario, with the duties on cars and parts that its law has on
    the assessment date. So are plain rates on Korea, Japan and the European Union, such as
    "25/15/15", with all other duties as without a deal. Each is solved for the first year and for
    three years later, against the duties of the base year.

    Args:
        deal: A deal, the name of a shipped case, or the path of a deal file.
        scenario: Only this package, or these plain rates; all if left out.
        world: Regions, base tariffs and import lines; the embedded world if left out.
        draws: Draws of what is unknown; zero for none.
        seed: Seed of the draws, the same for every scenario.

    Raises:
        InputError: The deal, the scenario or the number of draws is wrong, or the world does not
            tell the home of the market.
    """
    check_kind("deal", deal, (Deal, str), 'Give ac.load_deal(...), or a name: "us-korea-2025"')
    world = load_world() if world is None else world
    check_kind("world", world, World, "Give ac.load_world(), or leave it out")
    deal = load_deal(deal, world) if isinstance(deal, str) else deal
    market = load_car_market()
    names = scenario_names(deal)
    problems = find_car_problems(names, scenario=scenario, draws=draws)
    if not expand_regions([market.home], world.regions):
        remedy = f"Use a world that tells {market.home} apart"
        problems.append(Problem("world", f"has no region {market.home}", remedy))
    if problems:
        raise InputError(problems, "the call")
    chosen = names if scenario is None else (scenario,)
    return solve_scenarios(deal, world, chosen, draws=draws, seed=seed)


def solve_scenarios(
    deal: Deal,
    world: World,
    names: Sequence[str],
    *,
    runs: Sequence[Run] = get_args(Run),
    draws: int,
    seed: int = SEED,
) -> CarStudy:
    """Return the market under some scenarios, each for every run that is asked for.

    Args:
        deal: Whose packages and assessment date are meant.
        world: Regions, base tariffs and import lines.
        names: Packages, or plain rates.
        runs: First year, three years later, or both.
        draws: Draws of what is unknown; zero for none.
        seed: Seed of the draws, the same for every scenario.
    """
    market = load_car_market()
    before = rates_on((), world, market, None)
    duties = {name: _rates_of(name, deal, world, market) for name in names}
    told = trade_changes(world, market, before, duties)
    solve = partial(_solve, market, before, draws=draws, seed=seed)
    scenarios = tuple(
        CarScenario(name, run, rates, *solve(rates, run), told[name])
        for name, rates in duties.items()
        for run in runs
    )
    return CarStudy(deal.title, f"{deal.evaluate_on}", market, before, scenarios)


def scenario_names(deal: Deal) -> tuple[str, ...]:
    """Return the packages of a deal, and the plain rates by name."""
    return (*deal.package_names, *("/".join(map(str, rates)) for rates in PLAIN))


def find_car_problems(names: tuple[str, ...], *, scenario: str | None, draws: int) -> list[Problem]:
    """Return everything wrong with what is asked of a study."""
    problems = []
    if scenario is not None and scenario not in names:
        problems.append(Problem("scenario", f"{scenario!r} is not known", propose(scenario, names)))
    return problems + find_draws_problems(draws)


def find_draws_problems(draws: int) -> list[Problem]:
    """Return what is wrong with a number of draws."""
    if 0 <= draws <= MOST_DRAWS:
        return []
    return [Problem("draws", f"{draws} is out of range", f"Give 0 to {MOST_DRAWS:,}")]


def _rates_of(name: str, deal: Deal, world: World, market: CarMarket) -> CarRates:
    """Return the duties of a package, or plain rates on some and those without a deal on others."""
    package = name if name in deal.package_names else NO_DEAL
    law = rates_on(deal.clauses(package), world, market, deal.evaluate_on)
    if package == name:
        return law
    plain = dict(zip(PLAIN_ON, (float(part) / 100 for part in name.split("/")), strict=True))
    return CarRates(cars={**law.cars, **plain}, parts={**law.parts, **plain})


def _solve(
    market: CarMarket, before: CarRates, rates: CarRates, run: Run, *, draws: int, seed: int
) -> tuple[MarketSolution, MarketSolution | None]:
    """Return the market at the most likely values, and on every draw."""
    duties = car_duties(market, before, rates)
    central = solve_market(lower_cars(market, duties, central_unknowns(market), run))
    drawn = None
    if draws:
        drawn = solve_market(lower_cars(market, duties, draw_unknowns(market, draws, seed), run))
    return central, drawn


def car_duties(market: CarMarket, before: CarRates, rates: CarRates) -> CarDuties:
    """Return duties before and after.

    Makers are spared some duty on parts wherever that has risen. A tariff-rate quota holds where
    the duty on a country's cars is the rate within it.
    """
    risen = any(rates.parts[at] > before.parts[at] for at in rates.parts)
    quotas = {
        place: quota
        for place, quota in market.quotas.items()
        if abs(rates.cars[place] - quota.within) < ROUNDING
    }
    return CarDuties(before, rates, market.offset if risen else 0.0, quotas)
