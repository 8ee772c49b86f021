"""The results of the chains engine: shares, exposures, contents of trade, and lengths."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from accord.chains.exports import ExportContent
from accord.chains.plan import ChainsPlan
from accord.core.arrays import Float
from accord.core.notebook import Shown
from accord.core.status import Status

RegionSector = Float[np.ndarray, "region sector"]
Exposure = Float[np.ndarray, "supplier importer user"]


@dataclass(frozen=True, eq=False, repr=False)
class ChainsOutcome(Shown):
    """What stands behind each country's trade. Money is the plan's; shares are fractions.

    Attributes:
        output: Output of every region and sector.
        imports: Imports: importer, exporter, sector; none from a region itself.
        import_share: Shares of exporters in a sector's imports, zero where there are none.
        concentration: Herfindahl-Hirschman index of these shares, one for a single exporter.
        direct: Inputs bought from a region for a unit of a sector's output: supplier, importer,
            user.
        look_through: Output of a region that goes into a unit of a sector's output at any stage.
        content: Value added of a region in a unit of a sector's output.
        duty_content: Duty on inputs of all stages in a unit of a sector's output.
        value_added: Value added of a region and sector in the final use of a region: supplier,
            sector, importer.
        duty: Duty on inputs of all stages in the final use of a region.
        exports: What gross exports consist of.
        upstreamness: Mean number of stages from a sector to final use.
        downstreamness: Mean number of stages of production behind a sector.
        inverse: The Leontief inverse: exporter, input, importer, user.
    """

    output: RegionSector
    imports: Float[np.ndarray, "importer exporter sector"]
    import_share: Float[np.ndarray, "importer exporter sector"]
    concentration: Float[np.ndarray, "importer sector"]
    direct: Exposure
    look_through: Exposure
    content: Exposure
    duty_content: RegionSector
    value_added: Float[np.ndarray, "supplier sector importer"]
    duty: Float[np.ndarray, " importer"]
    exports: ExportContent
    upstreamness: RegionSector
    downstreamness: RegionSector
    inverse: Float[np.ndarray, "exporter input importer user"]


@dataclass(frozen=True)
class ChainsStats:
    """What a solve consisted of: regions, sectors, and cells with output."""

    regions: int
    sectors: int
    cells: int


@dataclass(frozen=True, eq=False, repr=False)
class ChainsSolution(Shown):
    """Solved accounts: `value`, `status`, `residuals` and `stats`. A failed solve has only NaN."""

    plan: ChainsPlan
    value: ChainsOutcome
    status: Status
    residuals: Mapping[str, float]
    stats: ChainsStats
