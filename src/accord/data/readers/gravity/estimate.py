r"""Gravity by Poisson pseudo-maximum likelihood, with fixed effects, sector by sector.

Sales of exporter $i$ to importer $n$ in sector $j$ and year $t$ are

$$X_{nijt} = \exp(\mu_{njt} + \nu_{ijt} - \epsilon_j \ln(1+\tau_{nijt}) + \delta_j' z_{nijt})
u_{nijt},$$

with effects of importer and exporter in each year, and of each pair if asked for. At customs value
before duty, $\epsilon_j = 1 + \theta_j$: the tariff takes the buyers, and duty one unit more.
With duty, $\epsilon_j = \theta_j$. Santos Silva and Tenreyro (2006), The Log of Gravity.
Separated observations are found as in Correia, Guimarães and Zylkin (2020). Errors are clustered
by pair.
"""

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from accord.core.arguments import public
from accord.core.errors import InputError, Problem
from accord.data.readers.gravity.panel import SUBJECT, Panel, read_panel
from accord.data.readers.gravity.result import GravityEstimate, SectorEstimate
from accord.data.world import World

if TYPE_CHECKING:
    import pandas as pd

TOLERANCE = 1e-10
LEAST_CLUSTERS = 10


@public
def gravity(
    panel: Any,
    *,
    costs: Sequence[str] = (),
    pairs: bool = False,
    with_duty: bool = False,
    world: World | None = None,
) -> GravityEstimate:
    """Return trade elasticities and trade-cost coefficients, estimated from a panel by PPML.

    Args:
        panel: CSV or Parquet file, or DataFrame, with the columns importer, exporter, value and
            tariff (a fraction), and year and sector where there are several. Flows of zero belong
            in it.
        costs: Columns with other trade costs, such as log_distance or border.
        pairs: Whether each pair has an effect of its own; it needs several years.
        with_duty: Whether values hold the duty. At customs value they do not.
        world: That of the elasticities: it has to have the sectors of the panel.

    Raises:
        InputError: The panel is wrong, a coefficient cannot be told from the effects, or pyfixest
            (the extra `gravity`) is not installed.
    """
    _check_installed()
    sectors = None if world is None else world.sectors
    held = read_panel(panel, costs, pairs=pairs, sectors=sectors)
    problems: list[Problem] = []
    estimates = []
    for sector, frame in held.frame.groupby("sector", sort=False):
        estimate = _estimate(str(sector), frame, held, pairs, problems=problems)
        if estimate is not None:
            estimates.append(estimate)
    if problems:
        raise InputError(problems, SUBJECT)
    return GravityEstimate(tuple(estimates), with_duty)


def _check_installed() -> None:
    from importlib.util import find_spec

    if find_spec("pyfixest") is None:
        remedy = "pip install 'accord-workbench[gravity]'"
        raise InputError([Problem("pyfixest", "is not installed", remedy)], "the installation")


def _estimate(
    sector: str, frame: "pd.DataFrame", panel: Panel, pairs: bool, *, problems: list[Problem]
) -> SectorEstimate | None:
    """Return the estimate of a sector; None, with a problem added, where there is none."""
    regressors = ("log_tariff", *panel.costs)
    year = "^year" if panel.has_years else ""
    effects = [f"importer{year}", f"exporter{year}", *(["pair"] if pairs else [])]
    traded = frame.groupby("pair")["value"].sum()
    if int((traded > 0).sum()) < LEAST_CLUSTERS:
        message = f"{int((traded > 0).sum())} pairs trade, too few for clustered errors"
        problems.append(Problem(f"sector {sector}", message, f"Give {LEAST_CLUSTERS} or more"))
        return None
    try:
        fit = _fit(f"value ~ {' + '.join(regressors)} | {' + '.join(effects)}", frame, sector)
    except InputError as error:
        problems += error.problems
        return None
    coefficients = fit.coef()
    missing = [name for name in regressors if name not in coefficients.index]
    if missing:
        message = f"{', '.join(missing)} cannot be told from the fixed effects"
        remedy = "Leave out what does not vary, or give more partners and years"
        problems.append(Problem(f"sector {sector}", message, remedy))
        return None
    order = [list(coefficients.index).index(name) for name in regressors]
    return SectorEstimate(
        sector=sector,
        names=regressors,
        coefficients=np.asarray(coefficients)[order],
        covariance=np.asarray(fit._vcov)[np.ix_(order, order)],  # noqa: SLF001  (it has no name)
        observations=int(fit._N),  # noqa: SLF001
        separated=len(frame) - int(fit._N),  # noqa: SLF001
        clusters=int(traded.size),
    )


def _fit(formula: str, frame: "pd.DataFrame", sector: str) -> Any:
    """Return what pyfixest makes of a formula.

    Raises:
        InputError: It cannot be estimated.
    """
    import pyfixest

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of separation, told in the result, and of its own pandas
        try:
            return pyfixest.fepois(
                formula, frame, vcov={"CRV1": "pair"}, separation_check=["fe", "ir"],
                iwls_tol=TOLERANCE, fixef_tol=TOLERANCE, iwls_maxiter=200,
            )  # fmt: skip
        except Exception as error:  # whatever a degenerate panel makes the library raise
            message = f"cannot be estimated: {error}"[:300]
            problem = Problem(f"sector {sector}", message, "Check that tariffs vary")
            raise InputError([problem], SUBJECT) from error
