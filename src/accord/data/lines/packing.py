"""The packed form of import lines: a customs union stored once, its members as shares."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from accord.core.arrays import Float, Int
from accord.data.lines.lines import GROUPS, TariffLines

EU_BLOC = -1
USD = 1e-9
RATE_STEP = 1e-6
UNKNOWN_RATE = -1


@dataclass(frozen=True, eq=False)
class PackedLines:
    """Lines with the rows of a bloc stored once (`place` is `EU_BLOC`), money in bn USD.

    `member_share[m, j]` is the share of member `members[m]` in the bloc's sales of sector j.
    """

    importer: str
    place: Int[np.ndarray, " line"]
    hs6: Int[np.ndarray, " line"]
    sector: Int[np.ndarray, " line"]
    group: Int[np.ndarray, " line"]
    imports: Float[np.ndarray, " line"]
    duty: Float[np.ndarray, " line"]
    mfn: Float[np.ndarray, " line"]
    members: Int[np.ndarray, " member"]
    member_share: Float[np.ndarray, "member sector"]

    def by_cell(self, region_count: int, sector_count: int) -> Float[np.ndarray, "exporter sector"]:
        """Return imports by exporter and sector, the bloc's split between its members, bn USD."""
        value = np.zeros((region_count, sector_count))
        bloc = self.place == EU_BLOC
        alone = ~bloc
        np.add.at(value, (self.place[alone], self.sector[alone]), self.imports[alone])
        whole = np.bincount(self.sector[bloc], weights=self.imports[bloc], minlength=sector_count)
        value[self.members] += self.member_share * whole
        return value

    def pack(self) -> dict[str, np.ndarray]:
        """Return the arrays to store: money in whole USD, rates in millionths."""
        order = np.lexsort((self.group, self.sector, self.hs6, self.place))
        rate = np.where(np.isnan(self.mfn), UNKNOWN_RATE, np.rint(self.mfn / RATE_STEP))
        return {
            "line_place": self.place[order].astype(np.int8),
            "line_hs6": self.hs6[order].astype(np.int32),
            "line_sector": self.sector[order].astype(np.int8),
            "line_group": self.group[order].astype(np.int8),
            "line_imports": np.rint(self.imports[order] / USD).astype(np.int64),
            "line_duty": np.rint(self.duty[order] / USD).astype(np.int64),
            "line_mfn": rate[order].astype(np.int32),
            "line_members": self.members.astype(np.int8),
            "line_member_share": np.round(self.member_share, 9),
        }


def unpack_lines(arrays: Mapping[str, np.ndarray], importer: str) -> TariffLines:
    """Return the lines with every member of the bloc an exporter of its own (bn USD)."""
    place = arrays["line_place"]
    bloc, alone = place == EU_BLOC, place != EU_BLOC
    members, share = arrays["line_members"], arrays["line_member_share"]
    sector = arrays["line_sector"]
    split = share[:, sector[bloc]]
    kept = split > 0

    def join(name: str, step: float | None = None) -> np.ndarray:
        column = arrays[name]
        spread = np.broadcast_to(column[bloc], split.shape)
        if step is None:
            return np.concatenate([column[alone], spread[kept]])
        return np.concatenate([column[alone] * step, (spread * split)[kept] * step])

    rate = join("line_mfn").astype(np.float64)
    exporter = np.broadcast_to(members[:, None], split.shape)
    return TariffLines(
        importer=importer,
        exporter=np.concatenate([place[alone], exporter[kept]]),
        hs6=join("line_hs6"),
        sector=join("line_sector"),
        group=join("line_group"),
        imports=join("line_imports", USD),
        duty=join("line_duty", USD),
        mfn=np.where(rate < 0, np.nan, rate * RATE_STEP),
        groups=GROUPS,
    )
