"""The OECD's table of 2022 as plain arrays: intermediates by origin and by user, output, sales."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from accord.core.arrays import Float
from accord.data.industries import INDUSTRY_OF_CODE

ICIO_FILE = "icio2022/icio2022_80x50_derived.npz"
THOUSAND = 1e3


@dataclass(frozen=True, eq=False)
class Icio:
    """The table of 2022, bn USD; 80 economies by 50 industries.

    Attributes:
        economies: Codes of the economies.
        industries: Identifiers of the industries.
        trade: Intermediates, `[importer, exporter, industry]`, among the 80.
        use: Intermediates from the 80, `[economy, input, user]`.
        output: Gross output, `[economy, industry]`.
        rest: Final sales to all, and intermediates sold to the rest of the world.
    """

    economies: tuple[str, ...]
    industries: tuple[str, ...]
    trade: Float[np.ndarray, "importer exporter industry"]
    use: Float[np.ndarray, "economy input user"]
    output: Float[np.ndarray, "economy industry"]
    rest: Float[np.ndarray, "economy industry"]

    @property
    def foreign(self) -> Float[np.ndarray, "importer exporter industry"]:
        """Intermediates that cross a border, bn USD."""
        abroad = self.trade.copy()
        own = np.arange(len(self.economies))
        abroad[own, own] = 0.0
        return abroad


def read_icio_2022(path: Path) -> Icio:
    """Return the table of 2022 in bn USD, with the identifiers of Accord."""
    with np.load(path, allow_pickle=False) as raw:
        codes = [str(code) for code in raw["sectors"]]
        return Icio(
            economies=tuple(str(code) for code in raw["countries"]),
            industries=tuple(INDUSTRY_OF_CODE[code] for code in codes),
            trade=raw["intermediate_trade"].astype(np.float64).transpose(1, 0, 2) / THOUSAND,
            use=raw["intermediate_use"].astype(np.float64) / THOUSAND,
            output=raw["gross_output"].astype(np.float64) / THOUSAND,
            rest=raw["rest_sales"].astype(np.float64) / THOUSAND,
        )
