"""What the profits of car makers hang on."""

import numpy as np

from accord.assessment.cars.result import CarStudy
from accord.assessment.cars.scenario import CarScenario
from accord.assessment.cars.study import SEED, car_duties
from accord.assessment.cars.tables import profit_change
from accord.assessment.exposure.hinges import Hinge, attribute, count_draws, mix_samples
from accord.core.arrays import Float
from accord.lowering.cars.plan import draw_unknowns, lower_cars
from accord.markets.solver import solve_market

MOST_DRAWS = 256


def sample_profits(
    study: CarStudy, item: CarScenario, draws: int
) -> list[Float[np.ndarray, "maker draw"]]:
    """Return makers' changes of profit on samples that tell what they hang on, bn USD a year.

    Args:
        study: The market, and the duties before.
        item: A scenario in one run of time.
        draws: Draws in each of the two samples, rounded down to a power of two and to the most that
            are needed; fewer than two for none.
    """
    count = count_draws(min(draws, MOST_DRAWS))
    if not count:
        return []
    names = unknown_names(study)
    samples = (draw_unknowns(study.market, count, seed) for seed in (SEED, SEED + 1))
    every = mix_samples(samples, [(name,) for name in names])
    joined = {name: np.concatenate([sample[name] for sample in every]) for name in names}
    duties = car_duties(study.market, study.before, item.rates)
    solution = solve_market(lower_cars(study.market, duties, joined, item.run))
    return np.split(profit_change(solution.value).T, len(every), axis=1)


def find_maker_hinges(
    study: CarStudy,
    package: list[Float[np.ndarray, "maker draw"]],
    without: list[Float[np.ndarray, "maker draw"]],
) -> tuple[Hinge, ...]:
    """Return what each maker's change of profit hangs on, under a package against no deal.

    Args:
        study: The market.
        package: Profits under the package (`sample_profits`).
        without: Profits without a deal.
    """
    if not package:
        return (Hinge(),) * len(study.market.makers)
    change = [after - before for after, before in zip(package, without, strict=True)]
    return attribute(unknown_names(study), change)


def unknown_names(study: CarStudy) -> list[str]:
    """Return the inputs: everything that is unknown of the market."""
    return sorted(study.market.ranges)
