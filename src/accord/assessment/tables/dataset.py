"""An assessment as one labelled data set."""

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import xarray as xr

    from accord.assessment.result import Assessment


def build_dataset(assessment: "Assessment") -> "xr.Dataset":
    """Return the main results by package, region and sector, each with its unit."""
    import xarray as xr

    model = assessment.model
    values = [result.solution.value for result in assessment.results]

    def stack(name: str) -> Any:
        return np.stack([getattr(value, name) for value in values])

    region, sector = ("package", "region"), ("package", "region", "sector")
    cube = ("package", "importer", "exporter", "sector")
    gains = np.stack([result.gains[0] for result in assessment.results])
    variables = {
        "welfare": (region, gains, {"unit": "bn USD a year, against the baseline"}),
        "real_wage_change": (region, stack("real_wage_change"), {"unit": "ratio"}),
        "consumer_price_change": (region, stack("consumer_price_change"), {"unit": "ratio"}),
        "tariff_revenue": (region, stack("tariff_revenue"), {"unit": "bn USD a year"}),
        "sales": (sector, stack("sales"), {"unit": "bn USD a year"}),
        "employment_change": (sector, stack("employment_change"), {"unit": "ratio"}),
        "flows": (cube, stack("flows"), {"unit": "bn USD a year, customs value"}),
        "tariff": (cube, stack("tariff"), {"unit": "fraction of customs value"}),
    }
    coordinates = {
        "package": list(assessment.packages), "region": list(model.regions),
        "importer": list(model.regions), "exporter": list(model.regions),
        "sector": list(model.sectors),
    }  # fmt: skip
    attributes = {
        "deal": assessment.deal.name, "world": assessment.world.sha256,
        "closure": assessment.settings.closure, "competition": assessment.settings.competition,
        "labour": assessment.settings.labour, "elasticities": assessment.settings.elasticities,
        "triggered": ", ".join(assessment.settings.triggered),
        "price_year": assessment.world.price_year,
    }  # fmt: skip
    return xr.Dataset(variables, coordinates, attributes)
