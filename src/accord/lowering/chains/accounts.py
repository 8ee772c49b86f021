"""From an equilibrium of the trade engine to the plan of the chains engine."""

from accord.chains.plan import ChainsPlan
from accord.data.world import World
from accord.trade.economy import Economy
from accord.trade.solution import TradeOutcome

MANUFACTURING = (
    "food", "textiles", "wood", "paper", "petroleum", "chemicals", "pharmaceuticals", "plastics",
    "minerals", "basic_metals", "iron_steel", "nonferrous_metals", "metal_products", "electronics",
    "electrical", "machinery", "motor_vehicles", "other_transport", "ships", "aircraft_rail",
    "other_manufacturing",
)  # fmt: skip


def lower_chains(model: Economy, outcome: TradeOutcome | None = None) -> ChainsPlan:
    """Return the accounts of a world after a shock, or those of the baseline if none is given.

    Shares of value added and of inputs in cost are those of the baseline: technology is
    Cobb-Douglas. Imports are spread over users in proportion.
    """
    world = model if outcome is None else outcome
    return ChainsPlan.from_equilibrium(
        flows=world.flows,
        tariff=world.tariff,
        value_added_share=model.value_added_share,
        input_share=model.input_share,
        labels=(model.regions, model.sectors),
    )


def find_manufacturing(world: World) -> tuple[int, ...]:
    """Return the positions of manufacturing sectors; of all goods where none has a known name."""
    known = [at for at, name in enumerate(world.sectors) if name in MANUFACTURING]
    return tuple(known or (world.sectors.index(name) for name in world.goods))
