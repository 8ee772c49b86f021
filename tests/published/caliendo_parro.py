"""The inputs of Caliendo and Parro (2015), from the authors' text files to a trade model."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from accord.trade.model import TradeModel
from tests.reference import reference_file

REGIONS = (
    *("ARG", "AUS", "AUT", "BRA", "CAN", "CHL", "CHN", "DNK", "FIN", "FRA", "DEU", "GRC", "HUN"),
    *("IND", "IDN", "IRL", "ITA", "JPN", "KOR", "MEX", "NLD", "NZL", "NOR", "PRT", "ZAF", "ESP"),
    *("SWE", "TUR", "GBR", "USA", "ROW"),
)
N, J, GOODS = len(REGIONS), 40, 20
NAFTA = tuple(REGIONS.index(name) for name in ("MEX", "CAN", "USA"))
MEX, CAN, USA = NAFTA
SERVICES_ELASTICITY = 8.22


@dataclass(frozen=True, eq=False)
class Inputs:
    """The world of 1993 with its deficits, and the tariffs of 2005 (fractions)."""

    model: TradeModel
    tariff_2005: np.ndarray

    @property
    def nafta_tariff(self) -> np.ndarray:
        """Tariffs of 1993, except those of 2005 between the three countries of NAFTA."""
        tariff = self.model.tariff.copy()
        inside = np.ix_(NAFTA, NAFTA)
        tariff[inside] = self.tariff_2005[inside]
        return tariff


def read(name: str) -> np.ndarray:
    return np.loadtxt(reference_file(f"caliendo_parro_2015/{name}.txt"))


def read_cube(name: str) -> np.ndarray:
    """Return a table of goods as importer × exporter × sector, services zero."""
    goods = read(name).reshape(GOODS, N, N)
    return np.concatenate([goods, np.zeros((J - GOODS, N, N))]).transpose(1, 2, 0)


@cache
def load_inputs() -> Inputs:
    """Return the authors' world, prepared as their programs prepare it.

    Domestic sales are gross output (at least exports) less exports; input columns are scaled to
    one less value added (a column of zeros is spread evenly); final shares are what spending leaves
    after inputs, cut at zero.
    """
    imports = 1000 * read_cube("xbilat1993")
    tariff, tariff_2005 = read_cube("tariffs1993") / 100, read_cube("tariffs2005") / 100
    exports = imports.sum(axis=0)
    output = np.maximum(read("GO").T, exports)
    flows = imports.copy()
    flows[np.arange(N), np.arange(N)] += output - exports
    beta = read("B").T
    columns = read("IO").reshape(N, J, J)
    total = columns.sum(axis=1, keepdims=True)
    mix = np.divide(columns, total, out=np.full_like(columns, 1 / J), where=total > 0)
    gamma = mix * (1 - beta)[:, None, :]
    spent = flows * (1 + tariff)
    spending = spent.sum(axis=1)
    final = np.maximum(spending - np.einsum("nkj,nj->nk", gamma, output), 0)
    model = TradeModel.from_shares(
        trade_share=spent / spending[:, None, :],
        final_share=final / final.sum(axis=1, keepdims=True),
        tariff=tariff,
        value_added_share=beta,
        input_share=gamma,
        elasticity=np.concatenate([read("T"), np.full(J - GOODS, SERVICES_ELASTICITY)]),
        value_added=(beta * output).sum(axis=1),
        deficit=flows.sum(axis=(1, 2)) - flows.sum(axis=(0, 2)),
    )
    return Inputs(model, tariff_2005)
