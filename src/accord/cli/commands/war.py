"""`accord war`."""

from math import isnan
from typing import TYPE_CHECKING, Annotated, cast

import typer

from accord.cli.commands.assess import read_settings
from accord.cli.options import (
    Closure,
    Competition,
    Elasticities,
    Labour,
    ScaleStrength,
    find_choice,
)
from accord.cli.printing import print_rows
from accord.core.errors import Problem, SolveError

if TYPE_CHECKING:
    from accord.data.world import World
    from accord.trade.strategy.instruments import Over
    from accord.trade.strategy.solution import StrategySolution

Groups = dict[str, tuple[str, ...]]


def war_command(  # noqa: PLR0913  (one parameter an option)
    *,
    parties: Annotated[
        str, typer.Option(metavar="A,B,C", help="Who chooses tariffs: regions, or EU.")
    ] = "USA,CHN,EU",
    over: Annotated[
        str, typer.Option(help="One rate for each partner and sector, or mfn: one a sector.")
    ] = "partner",
    sectors: Annotated[
        str | None, typer.Option(metavar="A,B,C", help="Only these sectors; all but services.")
    ] = None,
    mutual: Annotated[
        bool, typer.Option("--mutual", help="Parties charge each other only.")
    ] = False,
    aggregate: Annotated[
        bool, typer.Option("--aggregate", help="Merge the world into seven blocs first.")
    ] = False,
    closure: Closure = "fixed",
    competition: Competition = "perfect",
    scale_strength: ScaleStrength = 1.0,
    labour: Labour = "fixed",
    elasticities: Elasticities = None,
) -> None:
    """Print the tariffs of a war: each party's are its best reply to the others'.

    Example: accord war --parties USA,CHN,EU
    """
    from accord.lowering.trade import build_trade_model
    from accord.trade.strategy.strategy import nash_tariffs

    world = _load(aggregate)
    groups, chosen = _split_parties(parties, world), _split(sectors)
    settings = read_settings(
        _find_wrong(world, groups, over, chosen, mutual=mutual),
        {
            "closure": closure, "competition": competition, "scale_strength": scale_strength,
            "labour": labour, "elasticities": elasticities,
        },
    ).for_world(world)  # fmt: skip
    model = build_trade_model(world, str(settings.elasticities))
    charged = [name for members in groups.values() for name in members] if mutual else None
    found = nash_tariffs(
        model, groups, over=cast("Over", over), config=settings.trade,
        options={"sectors": chosen, "partners": charged},
    )  # fmt: skip
    if not found.status.ok:
        raise SolveError(found.status, "the tariff war")
    print_war(found, world)


def print_war(found: "StrategySolution", world: "World") -> None:
    """Print tariffs, welfare, and what checks the search."""
    value, names = found.value, [party.name for party in found.parties]
    shown = [j for j, column in enumerate(value.average_tariff.T) if not all(map(isnan, column))]
    rows = [
        [world.sectors[j], *map(_move, value.average_before[:, j], value.average_tariff[:, j])]
        for j in shown
    ]
    rows.append(["all of these", *map(_move, value.overall_before, value.overall_tariff)])
    title = "Tariffs in per cent, before and after: averages weighted by imports of the base year"
    print_rows(title, ["sector", *names], rows, numeric=len(names))
    before = (found.model.flows * found.model.tariff).sum(axis=(1, 2))
    order = sorted(range(len(world.regions)), key=lambda n: -value.gain[n])
    print_rows(
        "Welfare and tariff revenue, bn USD a year, against the base year",
        ["region", "name", "welfare", "of income", "revenue before", "after"],
        [
            [
                world.regions[n], world.region_names[world.regions[n]], f"{value.gain[n]:+.2f}",
                f"{100 * value.welfare[n]:+.3f} %", f"{before[n]:.1f}",
                f"{value.tariff_revenue[n]:.1f}",
            ]
            for n in order
        ],
        numeric=4,
    )  # fmt: skip
    checks = found.residuals
    print_rows(
        "Checks: how far any rate is from its optimum, and what the best other reply would bring",
        ["party", "welfare", "log points", "share of income"],
        [
            [name, f"{gain:+.2f}", f"{checks[f'rates of {name}']:.0e}",
             f"{max(0.0, checks[f'better reply of {name}']):.0e}"]
            for name, gain in zip(names, value.party_gain, strict=True)
        ],
        numeric=3,
    )  # fmt: skip
    cost, config = found.stats, found.config
    typer.echo(
        f"{found.status.value}: {cost.steps} steps ({cost.method}), {cost.equilibria} equilibria "
        f"and {cost.gradients} gradients, checks included; deficits: {config.closure}"
    )


def _load(aggregate: bool) -> "World":
    """Return the embedded world, or its seven blocs."""
    from accord.data.labels import BLOC_NAMES, BLOCS
    from accord.data.store import load_world

    world = load_world()
    if not aggregate:
        return world
    return world.aggregate(BLOCS, name=f"{world.name} in seven blocs").with_names(BLOC_NAMES)


def _split(text: str | None) -> tuple[str, ...] | None:
    return None if text is None else tuple(one.strip() for one in text.split(",") if one.strip())


def _split_parties(text: str, world: "World") -> Groups:
    """Return the parties named, groups of regions with their members."""
    from accord.deal.products import REGION_GROUPS

    names = dict.fromkeys(_split(text) or ())
    return {
        name: (name,) if name in world.regions else REGION_GROUPS.get(name, (name,))
        for name in names
    }


def _find_wrong(
    world: "World", groups: Groups, over: str, sectors: tuple[str, ...] | None, *, mutual: bool
) -> list[Problem]:
    """Return everything wrong with the options that are the command's own."""
    from typing import get_args

    from accord.deal.products import REGION_GROUPS
    from accord.trade.strategy.instruments import Over

    problems = find_choice("--over", over, get_args(Over))
    for sector in sectors or ():
        problems += find_choice("--sectors", sector, world.sectors)
    if sectors == ():
        problems.append(Problem("--sectors", "names none", "leave it out for all but services"))
    known = (*world.regions, *REGION_GROUPS)
    for name, members in groups.items():
        if not set(members) <= set(world.regions):
            problems += find_choice("--parties", name, known)
        for other, those in groups.items():
            if name < other and set(members) & set(those):
                message = f"{name} and {other} overlap"
                problems.append(Problem("--parties", message, "name the group or its members"))
    if not groups:
        problems.append(Problem("--parties", "names nobody", "write it as USA,CHN,EU"))
    if mutual and len(groups) < 2:
        problems.append(Problem("--mutual", "needs two parties", "name more in --parties"))
    return problems


def _move(before: float, after: float) -> str:
    """Return a rate before and after, in per cent; empty where none is set."""
    return "" if isnan(after) else f"{100 * before:.1f} → {100 * after:.1f}"
