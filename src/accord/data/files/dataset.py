"""A world as an xarray Dataset."""

from typing import TYPE_CHECKING

from accord.data.content import WorldContent

if TYPE_CHECKING:
    import xarray


def build_dataset(world: WorldContent) -> "xarray.Dataset":
    """Return the arrays of a world with labelled axes and units in the attributes."""
    import xarray

    cube = ("importer", "exporter", "sector")
    by_set = [world.elasticities[key] for key in world.elasticities]
    variables = {
        "flows": (cube, world.flows, "bn USD", "trade at customs value before duty"),
        "tariff": (cube, world.tariff, "1", "duty as a fraction of customs value"),
        "value_added_share": (
            ("region", "sector"),
            world.value_added_share,
            "1",
            "value added as a fraction of sales",
        ),
        "input_share": (
            ("region", "input", "sector"),
            world.input_share,
            "1",
            "cost share of each input",
        ),
        "final_demand": (
            ("region", "sector"),
            world.final_demand(),
            "bn USD",
            "final demand at purchaser prices",
        ),
        "elasticity": (("sector",), world.elasticity, "1", "trade elasticity"),
        "elasticities": (("set", "sector"), by_set, "1", "alternative trade elasticities"),
        "scale_elasticity": (("sector",), world.scale_elasticity, "1", "scale elasticity"),
    }
    return xarray.Dataset(
        {
            name: (axes, values, {"units": unit, "long_name": text})
            for name, (axes, values, unit, text) in variables.items()
        },
        coords={
            "importer": list(world.regions),
            "exporter": list(world.regions),
            "region": list(world.regions),
            "sector": list(world.sectors),
            "input": list(world.sectors),
            "set": list(world.elasticities),
        },
        attrs={
            "name": world.name,
            "base_year": world.base_year,
            "price_year": world.price_year,
            "sha256": world.sha256,
            "sources": "; ".join(source.title for source in world.sources),
        },
    )
