"""The input of the chains engine: who sells which goods to whom, for which use."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from accord.chains.equations import spread_imports
from accord.core.arrays import Float
from accord.core.boundary.conversion import read_array, read_labels
from accord.core.errors import InputError, Problem
from accord.core.notebook import Shown
from accord.core.words import counted

ROUNDING = 1e-9  # of output: inputs and value added may exceed it by less


@dataclass(frozen=True, eq=False, repr=False)
class ChainsPlan(Shown):
    """Input-output accounts of several countries at the seller's price, in any money.

    Duties stand apart: what a sector pays for inputs beyond the seller's price is its output less
    inputs and value added. Make a plan from a table, or from a solved equilibrium with
    `from_equilibrium`.

    Attributes:
        use: Sales of an exporter's sector to a sector of an importer: exporter, input, importer,
            user.
        final: Sales for final use: exporter, sector, importer.
        regions: Labels of regions.
        sectors: Labels of sectors.
        value_added: Value added by region and sector; None for all that inputs leave of output.
        subsidised: Whether buyers pay less than the seller gets for some goods. Inputs at the
            seller's price and value added may then be more than output, and duty below zero.
    """

    use: Float[np.ndarray, "exporter input importer user"]
    final: Float[np.ndarray, "exporter sector importer"]
    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    value_added: Float[np.ndarray, "region sector"] | None = None
    subsidised: bool = False

    def __post_init__(self) -> None:
        """Take lists as arrays, and check everything at once.

        Raises:
            InputError: With everything wrong: shapes, negative sales, inputs above output.
        """
        problems: list[Problem] = []
        for name in ("regions", "sectors"):
            object.__setattr__(self, name, read_labels(name, getattr(self, name), problems))
        for name in ("use", "final", "value_added"):
            value = getattr(self, name)
            if value is not None or name != "value_added":
                object.__setattr__(self, name, read_array(name, value, problems))
        if not problems:
            problems = self._check_shapes() or [*self._check_sales(), *self._check_costs()]
        if problems:
            raise InputError(problems, "the chains plan")

    @classmethod
    def from_equilibrium(
        cls,
        *,
        flows: Any,
        tariff: Any,
        value_added_share: Any,
        input_share: Any,
        labels: tuple[Any, Any],
    ) -> "ChainsPlan":
        """Return the accounts of a world economy in equilibrium, before or after a shock.

        An equilibrium knows who imports from whom, not for which use. Every user of a good in a
        country takes it from the same exporters in the same proportion.

        Args:
            flows: Sales at customs value before duty: importer, exporter, sector.
            tariff: Duty as a fraction of the customs value, same axes.
            value_added_share: Value added over output: region, sector.
            input_share: Cost share of each input, duty included: region, input, sector.
            labels: Names of regions and of sectors.

        Raises:
            InputError: With everything wrong in the arrays.
        """
        given = {
            "flows": flows, "tariff": tariff, "value_added_share": value_added_share,
            "input_share": input_share,
        }  # fmt: skip
        problems: list[Problem] = []
        arrays = {name: read_array(name, value, problems) for name, value in given.items()}
        regions, sectors = (len(names) for names in labels)
        cube = (regions, regions, sectors)
        shapes = {
            "flows": cube, "tariff": cube, "value_added_share": (regions, sectors),
            "input_share": (regions, sectors, sectors),
        }  # fmt: skip
        for name, array in arrays.items():
            if array is not None and array.shape != shapes[name]:
                message = f"has shape {array.shape}, not {shapes[name]}"
                problems.append(Problem(name, message, "Give an entry for every label"))
        if problems:
            raise InputError(problems, "the equilibrium")
        read: dict[str, np.ndarray] = {name: np.asarray(value) for name, value in arrays.items()}
        use, final = spread_imports(read["flows"], read["tariff"], read["input_share"])
        output = read["flows"].sum(axis=0)
        earned = read["value_added_share"] * output
        return cls(use, final, *labels, earned, subsidised=bool((read["tariff"] < 0).any()))

    @property
    def output(self) -> Float[np.ndarray, "region sector"]:
        """Sales of every region and sector to all users, at the seller's price."""
        return np.asarray(self.use.sum(axis=(2, 3)) + self.final.sum(axis=2))

    @property
    def inputs(self) -> Float[np.ndarray, "region sector"]:
        """What every sector pays for inputs, at the seller's price."""
        return np.asarray(self.use.sum(axis=(0, 1)))

    def _check_shapes(self) -> list[Problem]:
        regions, sectors = len(self.regions), len(self.sectors)
        shapes = {
            "use": (regions, sectors, regions, sectors),
            "final": (regions, sectors, regions),
            "value_added": (regions, sectors),
        }
        return [
            Problem(name, f"has shape {value.shape}, not {shape}", "Give an entry for every label")
            for name, shape in shapes.items()
            if (value := getattr(self, name)) is not None and value.shape != shape
        ]

    def _check_sales(self) -> list[Problem]:
        problems = []
        for name in ("use", "final", "value_added"):
            value = getattr(self, name)
            bad = 0 if value is None else int((~np.isfinite(value)).sum())
            if bad:
                problems.append(Problem(name, f"{counted(bad)} not finite", "Fill or drop them"))
        if not problems and self.use.min() < 0:
            remedy = "Give sales: what is returned is bought the other way round"
            problems.append(Problem("use", "has negative values", remedy))
        return problems

    def _check_costs(self) -> list[Problem]:
        """Return the sectors whose inputs, or inputs and value added, cost more than their output.

        What has inputs has output: otherwise nothing says how much of them a unit takes.
        """
        output, room = self.output, ROUNDING * max(float(self.output.max()), 1e-300)
        spent = self.inputs
        problems = self._name_cells(spent > output + room, "use", "inputs cost more than output")
        if not problems and self.value_added is not None and not self.subsidised:
            over = spent + self.value_added > output * (1 + ROUNDING) + room
            message = "inputs and value added are more than output"
            problems = self._name_cells(over, "value_added", message)
        return problems

    def _name_cells(self, bad: np.ndarray, path: str, message: str) -> list[Problem]:
        cells = [f"{self.regions[n]} {self.sectors[j]}" for n, j in np.argwhere(bad).tolist()]
        if not cells:
            return []
        shown = ", ".join(cells[:5]) + (f" and {len(cells) - 5} more" if len(cells) > 5 else "")
        remedy = "Balance the table first: sales of a sector cover what it spends"
        return [Problem(path, f"{message}: {shown}", remedy)]
