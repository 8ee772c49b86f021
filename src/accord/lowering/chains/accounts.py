"""From an equilibrium of the trade engine to the plan of the chains engine."""

from accord.chains.plan import ChainsPlan
from accord.data.world import World
from accord.trade.economy import Economy
from accord.trade.iteration.taxes import read_taxes
from accord.trade.plan import TradeShock
from accord.trade.solution import TradeOutcome

MANUFACTURING = (
    "food", "textiles", "wood", "paper", "petroleum", "chemicals", "pharmaceuticals", "plastics",
    "minerals", "basic_metals", "iron_steel", "nonferrous_metals", "metal_products", "electronics",
    "electrical", "machinery", "motor_vehicles", "other_transport", "ships", "aircraft_rail",
    "other_manufacturing",
)  # fmt: skip


def lower_chains(
    model: Economy, outcome: TradeOutcome | None = None, shock: TradeShock | None = None
) -> ChainsPlan:
    """Return the accounts of a world after a shock, or those of the baseline if none is given.

    Shares of value added and of inputs in cost are those of the baseline: technology is
    Cobb-Douglas. Imports are spread over users in proportion. Taxes on making and exporting stand
    between the maker and the buyer as duties do, so the seller's price is what the maker gets.

    Args:
        model: The baseline.
        outcome: The equilibrium after a shock.
        shock: The shock, for the taxes it has.
    """
    world, taxes = model if outcome is None else outcome, read_taxes(model, shock)
    wedge = 1.0 if taxes is None else taxes.wedge
    return ChainsPlan.from_equilibrium(
        flows=world.flows / wedge,
        tariff=wedge * (1 + world.tariff) - 1 if taxes is not None else world.tariff,
        value_added_share=model.value_added_share,
        input_share=model.input_share,
        labels=(model.regions, model.sectors),
    )


def find_manufacturing(world: World) -> tuple[int, ...]:
    """Return the positions of manufacturing sectors; of all goods where none has a known name."""
    known = [at for at, name in enumerate(world.sectors) if name in MANUFACTURING]
    return tuple(known or (world.sectors.index(name) for name in world.goods))
