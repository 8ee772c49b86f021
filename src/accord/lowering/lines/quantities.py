"""Quantities of goods and their unit values: for duties a unit, and for quotas by quantity."""

from collections import defaultdict

import numpy as np

from accord.deal.goods.codes import HS6
from accord.lowering.lines.cells import Goods, PairPlaces, PairValues
from accord.lowering.stacking.charges import BILLION

MASS = {"g": 1e-3, "kg": 1.0, "kgs": 1.0, "kilogram": 1.0, "kilograms": 1.0, "100kg": 100.0,
        "100 kg": 100.0, "t": 1e3, "tonne": 1e3, "tonnes": 1e3, "ton": 1e3, "tons": 1e3,
        "mt": 1e3}  # fmt: skip
"""Kilograms of a unit of mass. Any other unit is compared as it is written."""


def kind_and_size(unit: str) -> tuple[str, float]:
    """Return in what a unit is counted, and how many of that it is: kilograms of a mass.

    >>> kind_and_size("t"), kind_and_size("Litre")
    (('kg', 1000.0), ('litre', 1.0))
    """
    name = unit.strip().casefold()
    return ("kg", MASS[name]) if name in MASS else (name, 1.0)


class UnitValues:
    """Money a unit of goods, in dollars: of a cell, else of all imports of its subheading."""

    def __init__(self, goods: Goods) -> None:
        """Add up values and quantities by code and unit."""
        sizes = [kind_and_size(unit) for unit in goods.unit]
        self.kind = [kind for kind, _ in sizes]
        self.value = goods.value * BILLION
        self.quantity = goods.quantity * np.array([size for _, size in sizes])
        self.code = [code[:HS6] for code in goods.code]
        total: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
        for at in np.flatnonzero(self.quantity > 0).tolist():
            sums = total[self.code[at], self.kind[at]]
            sums[0] += self.value[at]
            sums[1] += self.quantity[at]
        self.mean = {key: value / count for key, (value, count) in total.items() if value > 0}

    def over_value(self, at: int, unit: str, amount: float) -> tuple[float, bool]:
        """Return an amount a unit as a fraction of value, and whether others' unit value served.

        NaN where no import of the code has a quantity in that unit.
        """
        kind, size = kind_and_size(unit)
        own = self.kind[at] == kind and self.quantity[at] > 0 and self.value[at] > 0
        if own:
            return float(amount / size * self.quantity[at] / self.value[at]), False
        mean = self.mean.get((self.code[at], kind))
        return (np.nan, False) if mean is None else (amount / size / mean, True)

    def quantities(
        self, cells: PairPlaces, lines: PairPlaces, units: list[str]
    ) -> tuple[PairValues, np.ndarray]:
        """Return the quantity of cells in the unit of the line beside each, and which are borrowed.

        What has no quantity in that unit has its value over the unit value of other exporters;
        NaN where there is none. `units` has the unit of every line.
        """
        quantity = np.zeros(cells.size)
        borrowed = np.zeros(cells.size, dtype=bool)
        for pair, (cell, line) in enumerate(zip(cells.tolist(), lines.tolist(), strict=True)):
            value = float(self.value[cell])
            if value > 0:
                share, borrowed[pair] = self.over_value(cell, units[line], 1.0)
                quantity[pair] = share * value
        return quantity, borrowed
