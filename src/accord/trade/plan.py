"""The shock: tariffs, taxes, trade costs, productivity, transfers and placed spending."""

from dataclasses import dataclass, fields

import numpy as np

from accord.core.arrays import Float
from accord.core.boundary.conversion import read_array
from accord.core.boundary.economy import find_taxed_at_home
from accord.core.errors import InputError, Problem
from accord.core.notebook import Shown
from accord.core.rates import check_per_cent
from accord.core.words import counted


@dataclass(frozen=True, eq=False, repr=False)
class TradeShock(Shown):
    """A change of the world economy; what is None stays as in the baseline.

    Attributes:
        tariff: New tariffs, fraction of the customs value (levels, not changes).
        trade_cost: `d_hat`, new over old of every trade cost but tariffs.
        productivity: `A_hat`, new over old.
        transfer: Net receipts added to each region's deficit, in the money of the model;
            they sum to zero.
        spending: Final spending placed by a deal, in the money of the model, paid out of the
            region's income (its transfer included).
        deficit: New deficits before the transfer, in the money of the model; they sum to zero.
            With `closure="share"` they come on top of the shares.
        export_tax: New taxes on exports, by the exporter, a fraction of the value before them;
            below zero a subsidy (levels, not changes, as all that follow).
        production_tax: New taxes on what is made, a fraction of what the maker gets.
        consumption_tax: New taxes on final use, a fraction of what firms pay for the same good.
    """

    tariff: Float[np.ndarray, "importer exporter sector"] | None = None
    trade_cost: Float[np.ndarray, "importer exporter sector"] | None = None
    productivity: Float[np.ndarray, "region sector"] | None = None
    transfer: Float[np.ndarray, " region"] | None = None
    spending: Float[np.ndarray, "region sector"] | None = None
    deficit: Float[np.ndarray, " region"] | None = None
    export_tax: Float[np.ndarray, "importer exporter sector"] | None = None
    production_tax: Float[np.ndarray, "region sector"] | None = None
    consumption_tax: Float[np.ndarray, "region sector"] | None = None

    def __post_init__(self) -> None:
        """Take lists of numbers as arrays.

        Raises:
            InputError: A field holds something that is no table of numbers.
        """
        problems: list[Problem] = []
        for item in fields(self):
            value = getattr(self, item.name)
            if value is not None and (
                not isinstance(value, np.ndarray)
                or value.dtype != np.float64
                or np.ma.isMaskedArray(value)
            ):
                array = read_array(f"shock.{item.name}", value, problems)
                object.__setattr__(self, item.name, array)
        if problems:
            raise InputError(problems, "the shock")

    def problems(self, regions: int, sectors: int) -> list[Problem]:
        """Return everything wrong with the shock for a model of this size."""
        cube = (regions, regions, sectors)
        table = (regions, sectors)
        floors = (("tariff", cube, -1.0), ("trade_cost", cube, 0.0), ("productivity", table, 0.0),
                  ("export_tax", cube, -1.0), ("production_tax", table, -1.0),
                  ("consumption_tax", table, -1.0))  # fmt: skip
        problems: list[Problem] = []
        for name, shape, floor in floors:
            problems += _check_array(name, getattr(self, name), shape, floor)
        for name in ("tariff", "export_tax", "production_tax", "consumption_tax"):
            if (rates := getattr(self, name)) is not None:
                problems += check_per_cent(f"shock.{name}", rates)
        if self.export_tax is not None and self.export_tax.shape == cube:
            problems += find_taxed_at_home("shock.export_tax", self.export_tax)
        problems += _check_array("spending", self.spending, table, -np.inf)
        if self.spending is not None and np.any(self.spending < 0):
            problems.append(Problem("shock.spending", "has negative values"))
        for name in ("transfer", "deficit"):
            value = getattr(self, name)
            problems += _check_array(name, value, (regions,), -np.inf)
            if value is not None and abs(value.sum()) > 1e-9 * np.abs(value).sum():
                problems.append(
                    Problem(f"shock.{name}", f"sums to {value.sum():.6g}, not to zero",
                            "What one region pays another receives")
                )  # fmt: skip
        return problems


def _check_array(
    name: str, value: np.ndarray | None, shape: tuple[int, ...], floor: float
) -> list[Problem]:
    if value is None:
        return []
    path = f"shock.{name}"
    if value.shape != shape:
        return [Problem(path, f"has shape {value.shape}, not {shape}")]
    if floor < value.min() and value.max() < np.inf:
        return []
    if not np.all(np.isfinite(value)):
        return [
            Problem(
                path, f"{counted(int((~np.isfinite(value)).sum()))} not finite", "Fill or drop them"
            )
        ]
    return [Problem(path, f"has values at or below {floor:g}")] if floor > -np.inf else []
