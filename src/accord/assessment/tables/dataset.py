"""An assessment as a labelled xarray data set."""

from typing import TYPE_CHECKING, Any

import numpy as np

from accord.assessment.snapshot.packages import Snapshot

if TYPE_CHECKING:
    import xarray as xr


def build_dataset(snapshot: Snapshot) -> "xr.Dataset":
    """Return the main results by package, region and sector, each with its unit."""
    import xarray as xr

    model = snapshot.model
    values = [result.outcome for result in snapshot.packages]

    def stack(name: str) -> Any:
        return np.stack([getattr(value, name) for value in values])

    region, sector = ("package", "region"), ("package", "region", "sector")
    cube = ("package", "importer", "exporter", "sector")
    gains = np.stack([result.gain for result in snapshot.packages])
    variables = {
        "welfare": (region, gains, {"unit": "bn USD a year, against the baseline"}),
        "real_wage_change": (region, stack("real_wage_change"), {"unit": "ratio"}),
        "consumer_price_change": (region, stack("consumer_price_change"), {"unit": "ratio"}),
        "tariff_revenue": (region, stack("tariff_revenue"), {"unit": "bn USD a year"}),
        "tax_revenue": (region, stack("tax_revenue"), {"unit": "bn USD a year"}),
        "sales": (sector, stack("sales"), {"unit": "bn USD a year"}),
        "employment_change": (sector, stack("employment_change"), {"unit": "ratio"}),
        "flows": (cube, stack("flows"), {"unit": "bn USD a year, customs value"}),
        "tariff": (cube, stack("tariff"), {"unit": "fraction of customs value"}),
    }
    coordinates = {
        "package": list(snapshot.names), "region": list(model.regions),
        "importer": list(model.regions), "exporter": list(model.regions),
        "sector": list(model.sectors),
    }  # fmt: skip
    attributes = {
        "deal": snapshot.deal.name, "world": snapshot.world.sha256,
        "closure": snapshot.settings.closure, "competition": snapshot.settings.competition,
        "labour": snapshot.settings.labour, "elasticities": snapshot.settings.elasticities,
        "triggered": ", ".join(snapshot.settings.triggered),
        "price_year": snapshot.world.price_year,
    }  # fmt: skip
    return xr.Dataset(variables, coordinates, attributes)
