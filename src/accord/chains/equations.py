"""The equations of the chains engine; docs/theory/chains.md has them with their sources.

A cell is a sector of a region, regions first. Matrices have the supplier's cell in rows and the
user's cell in columns.
"""

import numpy as np

from accord.core.arrays import Float

Cube = Float[np.ndarray, "importer exporter sector"]
Cells = Float[np.ndarray, " cell"]
Matrix = Float[np.ndarray, "supplier user"]
ByImporter = Float[np.ndarray, "supplier importer"]
Sums = Float[np.ndarray, "region user"]


def spread_imports(
    flows: Cube, tariff: Cube, input_share: Float[np.ndarray, "region input sector"]
) -> tuple[
    Float[np.ndarray, "exporter input importer user"],
    Float[np.ndarray, "exporter sector importer"],
]:
    """Return sales for each use, every user of a good buying in the same proportion (1)."""
    spent = (flows * (1 + tariff)).sum(axis=1)
    share = np.divide(
        flows, spent[:, None, :], out=np.zeros_like(flows), where=spent[:, None, :] > 0
    )
    bought = input_share * flows.sum(axis=0)[:, None, :]
    use = np.einsum("nik,nkj->iknj", share, bought)
    final = np.einsum("nik,nk->ikn", share, spent - bought.sum(axis=2))
    return use, final


def input_coefficients(use: Matrix, output: Cells) -> Matrix:
    """Return `A`, inputs of each cell for a unit of output (2); none where there is no output."""
    made = output[None, :]
    return np.asarray(np.divide(use, made, out=np.zeros_like(use), where=made > 0))


def leontief_inverse(coefficients: Matrix) -> Matrix:
    """Return `B = (I - A)^-1`, output of each cell that a unit of final use takes (3).

    It is NaN where there is none: in a group of cells that sell to no one else, and add nothing.
    """
    try:
        return np.asarray(np.linalg.inv(np.eye(len(coefficients)) - coefficients))
    except np.linalg.LinAlgError:
        return np.full_like(coefficients, np.nan)


def direct_exposure(coefficients: Matrix, regions: int) -> Sums:
    """Return inputs bought from each region itself, for a unit of a cell's output (4)."""
    return np.asarray(coefficients.reshape(regions, -1, coefficients.shape[1]).sum(axis=1))


def look_through_exposure(inverse: Matrix, regions: int) -> Sums:
    """Return output of each region that goes into a unit of a cell's output at any stage (5)."""
    behind = inverse.reshape(regions, -1, inverse.shape[1]).sum(axis=1)
    return np.asarray(behind - np.repeat(np.eye(regions), inverse.shape[1] // regions, axis=1))


def value_added_by_source(share: Cells, inverse: Matrix, final: ByImporter) -> ByImporter:
    """Return value added of each cell in the final use of each region (6)."""
    return np.asarray(share[:, None] * (inverse @ final))


def upstreamness(inverse: Matrix, output: Cells) -> Cells:
    """Return the mean number of stages from a cell to final use, at least one (9)."""
    sold = inverse @ output
    return np.asarray(np.divide(sold, output, out=np.ones_like(output), where=output > 0))


def downstreamness(inverse: Matrix) -> Cells:
    """Return the mean number of stages of production behind a cell's output, at least one (10)."""
    return np.asarray(inverse.sum(axis=0))


def concentration(share: Cube) -> Float[np.ndarray, "importer sector"]:
    """Return the Herfindahl-Hirschman index of exporters' shares, one for a single one (11)."""
    return np.asarray((share**2).sum(axis=1))


def trade_created(flows: Cube, flows_after: Cube) -> Cube:
    """Return the change of imports that comes of importing more or less of all exporters (12)."""
    total, after = flows.sum(axis=1), flows_after.sum(axis=1)
    growth = np.divide(after, total, out=np.ones_like(total), where=total > 0)
    return np.asarray(flows * (growth - 1)[:, None, :])


def trade_diverted(flows: Cube, flows_after: Cube) -> Cube:
    """Return the change of imports that comes of other exporters' shares, zero in all (13)."""
    return np.asarray(flows_after - flows - trade_created(flows, flows_after))
