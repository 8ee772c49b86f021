"""What gross exports consist of: Koopman, Wang and Wei (2014), and Borin and Mancini (2023)."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from accord.core.arrays import Float
from accord.core.notebook import Shown

KWW_TERMS = (
    "DVA_FIN", "DVA_INT", "DVA_INTrex", "RDV_FIN", "RDV_INT", "DDC", "FVA_FIN", "FVA_INT", "FDC",
    "duty",
)  # fmt: skip

Pairs = Float[np.ndarray, "exporter importer"]


class CellAccounts(NamedTuple):
    """Accounts by cell that decompositions start from.

    Attributes:
        coefficients: Inputs for a unit of output.
        inverse: The Leontief inverse.
        share: Value added over output.
        duty: Duty on inputs over output.
        final: Final use of a cell's output by region.
        use: Use of a cell's output as an input, by region.
        regions: Number of regions.
    """

    coefficients: Float[np.ndarray, "supplier user"]
    inverse: Float[np.ndarray, "supplier user"]
    share: Float[np.ndarray, " cell"]
    duty: Float[np.ndarray, " cell"]
    final: Float[np.ndarray, "supplier importer"]
    use: Float[np.ndarray, "supplier importer"]
    regions: int


@dataclass(frozen=True, eq=False, repr=False)
class TradeContent(Shown):
    """Exports of a region to another, in parts that add up to them; money of the plan.

    Attributes:
        domestic: Domestic value added, each unit once.
        domestic_double: Domestic value added counted again as it crosses the exporter's border
            more than once.
        foreign: Foreign value added, each unit once.
        foreign_double: Foreign value added counted again.
        duty: Duty that users of inputs paid, at home or abroad.
    """

    domestic: Pairs
    domestic_double: Pairs
    foreign: Pairs
    foreign_double: Pairs
    duty: Pairs

    @property
    def total(self) -> Pairs:
        """Gross exports."""
        return np.asarray(
            self.domestic + self.domestic_double + self.foreign + self.foreign_double + self.duty
        )


@dataclass(frozen=True, eq=False, repr=False)
class ExportContent(Shown):
    """What gross exports consist of.

    Attributes:
        gross: Gross exports: exporter, importer.
        by_source: Borin and Mancini, source-based: domestic value added counts in the flow in which
            it first leaves its country.
        by_sink: Borin and Mancini, sink-based: it counts in the flow in which it last leaves.
        kww: Koopman, Wang and Wei's nine terms, and duty on inputs: exporter, term.
        value_added: Value-added exports (Johnson and Noguera 2012): the exporter's value added in
            the importer's final use.
    """

    gross: Pairs
    by_source: TradeContent
    by_sink: TradeContent
    kww: Float[np.ndarray, "exporter term"]
    value_added: Pairs


def decompose_exports(accounts: CellAccounts) -> ExportContent:
    """Return what the gross exports of every region consist of (equations 7 and 8)."""
    regions = accounts.regions
    sectors = len(accounts.share) // regions
    shipped = accounts.use + accounts.final
    exports = np.where(_own(regions, sectors), 0.0, shipped)
    local = _local_inverses(accounts)
    contents = [_borin_mancini(accounts, exports, local[at], at) for at in range(regions)]
    by_source, by_sink = (
        TradeContent(
            *(np.stack(rows) for rows in zip(*(pair[kind] for pair in contents), strict=True))
        )
        for kind in (0, 1)
    )
    made = (accounts.share[:, None] * (accounts.inverse @ accounts.final)).reshape(
        regions, sectors, regions
    )
    absorbed = made.sum(axis=1)
    np.fill_diagonal(absorbed, 0.0)
    return ExportContent(
        gross=exports.reshape(regions, sectors, regions).sum(axis=1),
        by_source=by_source,
        by_sink=by_sink,
        kww=np.stack([_koopman(accounts, exports, local, at) for at in range(regions)]),
        value_added=absorbed,
    )


def _local_inverses(accounts: CellAccounts) -> Float[np.ndarray, "region sector sector"]:
    """Return the Leontief inverse of every region on its own, of what its own cells use."""
    regions, sectors = accounts.regions, len(accounts.share) // accounts.regions
    blocks = accounts.coefficients.reshape(regions, sectors, regions, sectors)
    within = blocks[np.arange(regions), :, np.arange(regions)]
    return np.asarray(np.linalg.inv(np.eye(sectors) - within))


def _own(regions: int, sectors: int) -> np.ndarray:
    """Return whether a cell is in a region: cell by region."""
    return np.repeat(np.eye(regions, dtype=bool), sectors, axis=0)


class _ExporterRows(NamedTuple):
    """Rows of one exporter: where its cells are, and contents of a unit of its output."""

    here: slice
    domestic: np.ndarray
    foreign: np.ndarray
    duty: np.ndarray


def _rows_of(accounts: CellAccounts, at: int) -> _ExporterRows:
    sectors = len(accounts.share) // accounts.regions
    here = slice(at * sectors, (at + 1) * sectors)
    column = accounts.inverse[:, here]
    domestic = accounts.share[here] @ column[here]
    return _ExporterRows(here, domestic, accounts.share @ column - domestic, accounts.duty @ column)


def _borin_mancini(
    accounts: CellAccounts, exports: np.ndarray, local: np.ndarray, at: int
) -> tuple[tuple[np.ndarray, ...], tuple[np.ndarray, ...]]:
    """Return contents of an exporter's flows, source-based and sink-based (7).

    What leaves an exporter for the last time is its exports less what comes back as inputs of
    its own exports. Source-based, the same stages are taken off in front, not behind.
    """
    here, domestic, foreign, duty = _rows_of(accounts, at)
    sent = exports[here]
    within = np.linalg.solve(accounts.inverse[here, here], local)
    once = within @ sent
    source = (
        domestic @ once, domestic @ (sent - once), foreign @ once, foreign @ (sent - once),
        duty @ sent,
    )  # fmt: skip
    through = accounts.inverse[:, here] @ (within @ sent.sum(axis=1))
    needed = accounts.coefficients[here] * through
    back = needed.reshape(sent.shape[0], accounts.regions, -1).sum(axis=2)
    back[:, at] = 0.0
    last = sent - back
    sink = (domestic @ last, domestic @ back, foreign @ last, foreign @ back, duty @ sent)
    return source, sink


def _koopman(accounts: CellAccounts, exports: np.ndarray, local: np.ndarray, at: int) -> np.ndarray:
    """Return the nine terms of an exporter's gross exports, and duty on inputs (8)."""
    here, domestic, foreign, duty = _rows_of(accounts, at)
    regions, final = accounts.regions, accounts.final
    sectors = final.shape[0] // regions
    away = np.ones(len(final), dtype=bool)
    away[here] = False
    row = np.where(away, accounts.share[here] @ accounts.inverse[here], 0.0)
    own = final[np.arange(len(final)), np.repeat(np.arange(regions), sectors)]
    sent_final = np.delete(final[here], at, axis=1).sum(axis=1)
    returned = row @ accounts.coefficients[:, here] @ local[at]
    asked = np.stack([own, exports.sum(axis=1)]).reshape(2, regions, sectors, 1)
    asked[:, at] = 0.0
    abroad = accounts.coefficients[here] @ (local @ asked).reshape(2, -1, 1)
    sent = exports[here].sum(axis=1)
    return np.array([
        domestic @ sent_final, row @ own, row @ (final.sum(axis=1) - own - final[:, at]),
        row @ final[:, at], returned @ final[here, at], returned @ sent,
        foreign @ sent_final, foreign @ abroad[0, :, 0], foreign @ abroad[1, :, 0], duty @ sent,
    ])  # fmt: skip
