"""The inputs of Caliendo and Parro (2015) as a trade model.

`data/caliendo_parro_1993.npz` holds the arrays that the tests need, derived from the authors' text
files and rounded to single precision. `python -m tests.published.caliendo_parro` derives them again
where those files are at hand, and a test compares the two.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

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
SHIPPED = Path(__file__).parent / "data" / "caliendo_parro_1993.npz"
SERVICES_ELASTICITY = 8.22
MIX_STEP = 1e-7


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
    """Return one of the authors' files as it is printed."""
    return np.loadtxt(reference_file(f"caliendo_parro_2015/{name}.txt"))


def read_cube(name: str) -> np.ndarray:
    """Return a table of goods as importer × exporter × sector, services zero."""
    goods = read(name).reshape(GOODS, N, N)
    return np.concatenate([goods, np.zeros((J - GOODS, N, N))]).transpose(1, 2, 0)


def derive_arrays() -> dict[str, np.ndarray]:
    """Return the arrays of the model, prepared as the authors' programs prepare them.

    Domestic sales are gross output (at least exports) less exports. Input columns are scaled to sum
    to one, in steps of 1e-7 as they are printed; a column of zeros is spread evenly. Tariffs are
    fractions.
    """
    imports = 1000 * read_cube("xbilat1993")
    exports = imports.sum(axis=0)
    flows = imports.copy()
    flows[np.arange(N), np.arange(N)] += np.maximum(read("GO").T, exports) - exports
    columns = read("IO").reshape(N, J, J)
    total = columns.sum(axis=1, keepdims=True)
    mix = np.divide(columns, total, out=np.full_like(columns, 1 / J), where=total > 0)
    arrays = {
        "flows": flows,
        "tariff": read_cube("tariffs1993") / 100,
        "tariff_2005": read_cube("tariffs2005") / 100,
        "value_added_share": read("B").T,
        "elasticity": np.concatenate([read("T"), np.full(J - GOODS, SERVICES_ELASTICITY)]),
    }
    single = {name: array.astype(np.float32) for name, array in arrays.items()}
    return {**single, "input_mix": np.rint(mix / MIX_STEP).astype(np.int32)}


def shipped_arrays() -> dict[str, np.ndarray]:
    """Return the arrays that come with these tests."""
    with np.load(SHIPPED, allow_pickle=False) as arrays:
        return dict(arrays)


@cache
def load_inputs() -> Inputs:
    """Return the world of 1993: final shares are what spending leaves after inputs, cut at zero."""
    arrays = {name: array.astype(np.float64) for name, array in shipped_arrays().items()}
    flows, tariff, beta = arrays["flows"], arrays["tariff"], arrays["value_added_share"]
    output = flows.sum(axis=0)
    mix = arrays["input_mix"] * MIX_STEP
    gamma = mix / mix.sum(axis=1, keepdims=True) * (1 - beta)[:, None, :]
    spent = flows * (1 + tariff)
    spending = spent.sum(axis=1)
    final = np.maximum(spending - np.einsum("nkj,nj->nk", gamma, output), 0)
    model = TradeModel.from_shares(
        trade_share=spent / spending[:, None, :],
        final_share=final / final.sum(axis=1, keepdims=True),
        tariff=tariff,
        value_added_share=beta,
        input_share=gamma,
        elasticity=arrays["elasticity"],
        value_added=(beta * output).sum(axis=1),
        deficit=flows.sum(axis=(1, 2)) - flows.sum(axis=(0, 2)),
    )
    return Inputs(model, arrays["tariff_2005"])


if __name__ == "__main__":
    np.savez_compressed(SHIPPED, allow_pickle=False, **derive_arrays())
