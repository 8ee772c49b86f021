"""`accord war`."""

from collections.abc import Sequence
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from accord.cli.choices import OVER
from accord.cli.exporting import pick
from accord.cli.formats import ResultTable, find_format, find_table, write_tables
from accord.cli.headings import ALL_SECTORS, WAR_CHECK, WAR_GAIN
from accord.cli.options import (
    OneTable,
    Output,
    TableFormat,
    WorldFile,
    find_choice,
    read_parties,
    split_names,
)
from accord.cli.printing import say
from accord.cli.request import open_world, read_settings
from accord.cli.sentences import IN_BLOCS, WAR_CHECKS, WAR_SOLVED, WAR_TARIFFS, WAR_WELFARE
from accord.cli.setting_options import TradeOptions, takes_options
from accord.core.errors import Problem, SolveError
from accord.core.files import check_writable

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from accord.data.world import World
    from accord.trade.strategy.instruments import Over
    from accord.trade.strategy.solution import StrategySolution

TABLES = ("tariffs", "welfare", "checks")
Groups = dict[str, tuple[str, ...]]


@takes_options
def war_command(  # noqa: PLR0913  (one parameter an option)
    *,
    parties: Annotated[
        str, typer.Option(metavar="A,B,C", help="Who chooses tariffs: regions, EU, PACT=BRA+MEX.")
    ] = "USA,CHN,EU",
    over: Annotated[
        str,
        typer.Option(
            metavar="HOW",
            help="partner: a rate for each partner and sector. mfn: a rate for each sector.",
        ),
    ] = "partner",
    sectors: Annotated[
        str | None,
        typer.Option(metavar="A,B,C", help="Only these sectors; all but services if left out."),
    ] = None,
    mutual: Annotated[
        bool, typer.Option("--mutual", help="Parties charge only each other.")
    ] = False,
    aggregate: Annotated[
        bool, typer.Option("--aggregate", help="Merge the world into seven blocs first.")
    ] = False,
    world: WorldFile = None,
    format: TableFormat = None,  # noqa: A002
    table: OneTable = None,
    output: Output = None,
    options: TradeOptions,
) -> None:
    """Print the tariffs in which a tariff war ends.

    Each party's tariffs are its best reply to those of the others.

    Example: accord war --parties USA,CHN,EU
    """
    form, problems = find_format(format, output)
    problems += find_table(form, table, TABLES)
    if output is not None:
        check_writable(output)
    where = _load(world, aggregate=aggregate)
    groups, only = _split_parties(parties, where), _split_sectors(sectors, where)
    problems += _find_wrong(where, groups, over, only, mutual=mutual)
    settings = read_settings(problems, options.chosen, where).for_world(where)

    from accord.lowering.trade import build_trade_model
    from accord.trade.strategy.strategy import nash_tariffs

    model = build_trade_model(where, str(settings.elasticities))
    charged = [name for members in groups.values() for name in members] if mutual else None
    solved = nash_tariffs(
        model, groups, over=cast("Over", over), config=settings.trade,
        options={"sectors": only or where.goods, "partners": charged},
    )  # fmt: skip
    if not solved.status.ok:
        raise SolveError(solved.status, "the tariff war")
    write_tables(pick(war_tables(solved, where), table), form, output)
    if form == "table":
        _print_effort(solved)


def war_tables(solved: "StrategySolution", world: "World") -> list[ResultTable]:
    """Return tariffs, welfare, and what checks the search."""
    value, names = solved.value, [party.name for party in solved.parties]
    shown = [j for j, column in enumerate(value.average_tariff.T) if not all(map(isnan, column))]
    rows = [
        [world.sectors[j], *map(_move, value.average_before[:, j], value.average_tariff[:, j])]
        for j in shown
    ]
    rows.append([ALL_SECTORS, *map(_move, value.overall_before, value.overall_tariff)])
    data = _tariff_data(solved, [world.sectors[j] for j in shown], shown)
    tables = [ResultTable("tariffs", WAR_TARIFFS, ["sector", *names], rows, len(names), data)]
    before = (solved.model.flows * solved.model.tariff).sum(axis=(1, 2))
    order = sorted(range(len(world.regions)), key=lambda n: -value.gain[n])
    welfare = ResultTable(
        "welfare",
        WAR_WELFARE,
        WAR_GAIN,
        [
            [
                world.regions[n], world.region_names[world.regions[n]], f"{value.gain[n]:+.2f}",
                f"{100 * value.welfare[n]:+.3f} %", f"{before[n]:.1f}",
                f"{value.tariff_revenue[n]:.1f}",
            ]
            for n in order
        ],
        4,
        _welfare_data(solved, world, order, before),
    )  # fmt: skip
    checks = solved.residuals
    tests = ResultTable(
        "checks",
        WAR_CHECKS,
        WAR_CHECK,
        [
            [name, f"{gain:+.2f}", f"{checks[f'rates of {name}']:.0e}",
             f"{max(0.0, checks[f'better reply of {name}']):.0e}"]
            for name, gain in zip(names, value.party_gain, strict=True)
        ],
        3,
        _check_data(solved, names),
    )  # fmt: skip
    return [*tables, welfare, tests]


def _tariff_data(
    solved: "StrategySolution", sectors: Sequence[str], shown: Sequence[int]
) -> "pd.DataFrame":
    """Return the tariffs as data, fractions: a row a sector and party, then all sectors."""
    import pandas as pd

    value = solved.value
    rows = [
        (sector, party.name, value.average_before[at, j], value.average_tariff[at, j])
        for sector, j in zip(sectors, shown, strict=True)
        for at, party in enumerate(solved.parties)
    ]
    rows += [
        (ALL_SECTORS, party.name, value.overall_before[at], value.overall_tariff[at])
        for at, party in enumerate(solved.parties)
    ]
    columns = ["sector", "party", "before_fraction", "after_fraction"]
    return pd.DataFrame(rows, columns=columns)


def _welfare_data(
    solved: "StrategySolution", world: "World", order: Sequence[int], before: "np.ndarray"
) -> "pd.DataFrame":
    """Return welfare and tariff revenue as data, bn USD a year and a fraction of income."""
    import pandas as pd

    value, at = solved.value, list(order)
    regions = [world.regions[n] for n in at]
    return pd.DataFrame(
        {
            "region": regions,
            "name": [world.region_names[region] for region in regions],
            "welfare_bn_usd": value.gain[at],
            "welfare_fraction_of_income": value.welfare[at],
            "revenue_before_bn_usd": before[at],
            "revenue_after_bn_usd": value.tariff_revenue[at],
        }
    )


def _check_data(solved: "StrategySolution", names: Sequence[str]) -> "pd.DataFrame":
    """Return the checks as data: bn USD a year, log points, a fraction of income."""
    import pandas as pd

    checks = solved.residuals
    return pd.DataFrame(
        {
            "party": list(names),
            "welfare_bn_usd": solved.value.party_gain,
            "rates_log_points": [checks[f"rates of {name}"] for name in names],
            "better_reply_fraction_of_income": [
                max(0.0, checks[f"better reply of {name}"]) for name in names
            ],
        }
    )


def _print_effort(solved: "StrategySolution") -> None:
    cost = solved.stats
    say(
        WAR_SOLVED.format(
            status=solved.status.value, steps=cost.steps, method=cost.method,
            equilibria=cost.equilibria, gradients=cost.gradients, closure=solved.config.closure,
        )
    )  # fmt: skip


def _load(path: Path | None, *, aggregate: bool) -> "World":
    """Return the world to fight in, or its seven blocs."""
    from accord.data.labels import BLOC_NAMES, blocs_of

    world = open_world(path)
    if not aggregate:
        return world
    named = IN_BLOCS.format(world=world.name)
    return world.aggregate(blocs_of(world.regions), name=named).with_names(BLOC_NAMES)


def _split_sectors(text: str | None, world: "World") -> tuple[str, ...] | None:
    """Return the sectors named, those of a group by themselves."""
    names = split_names(text)
    if names is None:
        return None
    return tuple(sector for name in names for sector in world.sectors_named(name) or (name,))


def _split_parties(text: str, world: "World") -> Groups:
    """Return the parties named, groups of regions with their members."""
    from accord.deal.regions import Group, members_of

    names = dict.fromkeys(read_parties(text, world) or ())
    alone = {name for name in names if name in world.regions and not isinstance(name, Group)}
    return {name: (name,) if name in alone else members_of(name) or (name,) for name in names}


def _find_wrong(
    world: "World", groups: Groups, over: str, sectors: tuple[str, ...] | None, *, mutual: bool
) -> list[Problem]:
    """Return everything wrong with the options that are the command's own."""
    from accord.deal.checks.groups import check_groups
    from accord.deal.checks.regions import explain_region
    from accord.deal.regions import REGION_GROUPS, Group

    own = {name: [*members] for name, members in groups.items() if isinstance(name, Group)}
    problems = find_choice("--over", over, OVER)
    problems += [
        Problem("--parties", f"{problem.path}: {problem.message}", problem.remedy)
        for problem in check_groups({"groups": own}, world)
    ]
    for sector in sectors or ():
        problems += find_choice("--sectors", sector, world.sectors)
    if sectors == ():
        problems.append(Problem("--sectors", "names none", "leave it out for all but services"))
    known = (*world.regions, *REGION_GROUPS)
    for name, members in groups.items():
        wrong = None if name in own else explain_region(name, world)
        if wrong is not None:
            problems.append(Problem("--parties", *wrong))
        elif name not in own and not set(members) <= set(world.regions):
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
