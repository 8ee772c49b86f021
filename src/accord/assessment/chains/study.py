"""`ac.supply_chains`: supply chains, manufacturing and jobs under the packages of a deal."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from accord.assessment.assess import assessment_of
from accord.assessment.chains.package import read_baseline, solve_package_chains
from accord.assessment.chains.result import ChainsStudy
from accord.assessment.facade import Assessment
from accord.assessment.names import find_unknown
from accord.core.arguments import public
from accord.core.errors import Problem
from accord.deal.deal import NO_DEAL, Deal
from accord.lowering.chains.accounts import find_manufacturing
from accord.lowering.chains.employment import count_persons, load_employment

if TYPE_CHECKING:
    from accord.data.world import World

SUPPLIER = "CHN"


@public
def supply_chains(
    deal: Assessment | Deal | str,
    *,
    package: str | None = None,
    world: "World | None" = None,
    supplier: str = SUPPLIER,
) -> ChainsStudy:
    """Return what packages do to supply chains, manufacturing at home and jobs.

    Every package is solved with each set of elasticities in play, in an average year. Figures are
    means over the sets, and their range goes from the lowest to the highest of them.

    Args:
        deal: An assessment, a deal, the name of a shipped case, or the path of a deal file.
        package: Only this package beside no deal; all if left out.
        world: The baseline of a deal; what it needs of the embedded world if left out.
        supplier: The region that the dependence of manufacturing is measured on.

    Raises:
        InputError: The deal, the package or the supplier is not known.
        SolveError: An equilibrium was not found.
    """

    def find_problems(packages: Sequence[str], regions: Sequence[str]) -> list[Problem]:
        problems = [] if package is None else find_unknown("package", package, packages)
        return problems + (
            [] if supplier == SUPPLIER else find_unknown("supplier", supplier, regions)
        )

    deal = assessment_of(deal, world, find_problems)
    snapshot, employment = deal.snapshot, load_employment()
    names = tuple(name for name in deal.packages if package in (None, name) or name == NO_DEAL)
    return ChainsStudy(
        snapshot=snapshot,
        supplier=supplier if supplier in deal.world.regions else None,
        baseline=read_baseline(snapshot),
        packages=tuple(solve_package_chains(snapshot, name) for name in names),
        manufacturing=find_manufacturing(deal.world),
        persons=count_persons(employment, deal.world),
        employment=employment,
    )
