"""Taxes and subsidies other than tariffs: on exports, on making and on using, as gross rates.

A rate is a fraction of the value before it, and below zero it is a subsidy. A buyer abroad pays
`(1 + phi) (1 + epsilon)` times what the maker gets, which is the customs value, and his tariff on
that. Final buyers pay `1 + chi` times the price that firms pay for inputs.
"""

from typing import NamedTuple

import numpy as np

from accord.core.arrays import Float
from accord.trade import equations as eq

Region = Float[np.ndarray, " region"]
RegionSector = Float[np.ndarray, "region sector"]
Cube = Float[np.ndarray, "importer exporter sector"]

NAMES = ("export_tax", "production_tax", "consumption_tax")


class Taxes(NamedTuple):
    """Rates of a whole world."""

    export: Cube
    production: RegionSector
    consumption: RegionSector

    @property
    def wedge(self) -> Cube:
        """Customs value over what the maker gets."""
        return eq.maker_wedge(self.export, self.production)


def read_taxes(before: object, after: object = None) -> Taxes | None:
    """Return the rates of a baseline, or those after a shock to it; None where none is mentioned.

    A shock that mentions a tax has it, be it at zero: what is then derived or searched for is
    the same at every rate.

    Args:
        before: A baseline; its attributes `NAMES` are rates, or None for none.
        after: A shock; None in it is a rate as in the baseline.
    """
    given = [getattr(before, name) for name in NAMES]
    if after is not None:
        new = [getattr(after, name) for name in NAMES]
        given = [old if rate is None else rate for old, rate in zip(given, new, strict=True)]
    export, production, consumption = given
    shape = next((rate.shape for rate in given if rate is not None), None)
    if shape is None:
        return None
    table, cube = (shape[0], shape[-1]), (shape[0], shape[0], shape[-1])
    return Taxes(
        np.zeros(cube) if export is None else export,
        np.zeros(table) if production is None else production,
        np.zeros(table) if consumption is None else consumption,
    )
