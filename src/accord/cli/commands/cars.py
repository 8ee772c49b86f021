"""`accord cars`."""

from math import isnan
from typing import TYPE_CHECKING, Annotated, Any

import typer

from accord.cli.exporting import pick
from accord.cli.formats import ResultTable, find_format, find_table, write_tables
from accord.cli.headings import CAR_COUNTRY, CAR_MAKER, CAR_MARKET, CAR_POINT, CAR_RUNS, CAR_SOURCE
from accord.cli.options import AsOf, CaseArgument, OneTable, Output, Seed, TableFormat, WorldFile
from accord.cli.printing import say
from accord.cli.request import find_draws, open_request, open_world
from accord.cli.sentences import (
    CAR_COUNTRIES,
    CAR_MAKERS,
    CAR_MARKETS,
    CAR_NOTE,
    CAR_POINTS,
    CARS_AGAINST_TRADE,
    NO_NEW_DUTY,
    SOURCES,
)

if TYPE_CHECKING:
    import pandas as pd

    from accord.assessment.cars.result import CarStudy

TABLES = ("market", "makers", "countries", "points", "sources")
Row = dict[str, Any]
NOTHING = 5e-5  # bn USD: prints as zero


def cars_command(  # noqa: PLR0913  (one parameter an option)
    case: CaseArgument,
    *,
    scenario: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Only this package, or these rates on Korea, Japan and the EU: 25/15/15.",
        ),
    ] = None,
    draws: Annotated[
        int, typer.Option(help="Draws of what is unknown, behind intervals; 0 for none.")
    ] = 1000,
    seed: Seed = 20251114,
    as_of: AsOf = None,
    world: WorldFile = None,
    format: TableFormat = None,  # noqa: A002
    table: OneTable = None,
    output: Output = None,
) -> None:
    """Print what duties on cars do to the makers, buyers and plants of the United States.

    Scenarios are the packages of the deal and plain rates on Korea, Japan and the EU. Each is
    solved for its first year and for three years later.

    Example: accord cars us-korea-2025
    """
    form, problems = find_format(format, output)
    problems += find_table(form, table, TABLES) + find_draws(draws)
    request = open_request(case, problems, world=world, outputs=(output,), as_of=as_of)

    from accord.assessment.cars.study import cars
    from accord.assessment.names import package_in_focus

    study = cars(request.deal, scenario=scenario, world=open_world(world), draws=draws, seed=seed)
    focus = scenario or package_in_focus(request.deal)
    shown = focus if form == "table" else None
    write_tables(pick(car_tables(study, shown), table), form, output)
    if form == "table" and table is None:
        say("")
        if not study.moves_duties(request.deal.package_names):
            say(NO_NEW_DUTY.format(home=study.market.home))
        say(CARS_AGAINST_TRADE)
        for note in study.market.notes:
            say(CAR_NOTE.format(note=note))


def car_tables(study: "CarStudy", focus: str | None = None) -> list[ResultTable]:
    """Return the tables of a study; makers and countries of one scenario only, if one is named."""
    makers, countries, points = (
        _chosen(study.to_frame(name), focus) for name in ("makers", "countries", "points")
    )
    market = study.to_frame("market")
    told = focus or study.deal
    sources = [[s.id, s.title, s.date, s.licence, s.grade] for s in study.sources]
    return [
        ResultTable("market", CAR_MARKETS.format(year=study.market.year), CAR_MARKET,
                    [_market(row) for row in _records(market)], 9, market),
        ResultTable("makers", CAR_MAKERS.format(told=told), CAR_MAKER,
                    [_maker(row) for row in _records(makers)], 12, makers),
        ResultTable("countries", CAR_COUNTRIES.format(told=told), CAR_COUNTRY,
                    [_country(row) for row in _records(countries)], 9, countries),
        ResultTable("points", CAR_POINTS.format(told=told), CAR_POINT, _points(points), 0, points),
        ResultTable("sources", SOURCES, CAR_SOURCE, sources),
    ]  # fmt: skip


def _chosen(frame: "pd.DataFrame", focus: str | None) -> "pd.DataFrame":
    return frame if focus is None else frame[frame["scenario"] == focus].reset_index(drop=True)


def _market(row: Row) -> list[str]:
    names = ("treasury", "buyers", "dealers", "makers", "consumer_surplus")
    return [
        row["scenario"], CAR_RUNS[row["run"]], *(f"{row[name]:+.1f}" for name in names),
        f"{row['price_change']:+,.0f}", f"{row['built_home_change']:+,.0f}",
        f"{row['moved_home']:,.0f}",
    ]  # fmt: skip


def _maker(row: Row) -> list[str]:
    borne = ("treasury", "buyers", "makers")
    return [
        row["maker"], CAR_RUNS[row["run"]], f"{row['price_change']:+,.0f}",
        f"{row['units']:,.0f}", f"{100 * row['units_change']:+.1f}", f"{100 * row['share']:.1f}",
        *(_figure(row[name], "{:+.2f}") for name in ("profit_change", "low", "high")),
        *(f"{row[name]:+.2f}" for name in borne), f"{row['moved_home']:,.0f}",
    ]  # fmt: skip


def _country(row: Row) -> list[str]:
    rates = ("rate_before", "rate_after", "parts_after")
    changes = ("units_change", "low", "high", "trade_engine")
    return [
        row["country"], CAR_RUNS[row["run"]], *(f"{100 * row[name]:.1f}" for name in rates),
        f"{row['units']:,.0f}", *(_figure(100 * row[name], "{:+.0f}") for name in changes),
    ]  # fmt: skip


def _points(frame: "pd.DataFrame") -> list[list[str]]:
    """Return a row a duty, with the maker whose profit it costs most."""
    rows = []
    for _, group in frame.groupby(["run", "good", "country", "scenario"], sort=False):
        worst = group.iloc[int(group["profit"].to_numpy().argmin())]
        if abs(worst["profit"]) < NOTHING:
            continue
        money = (worst["duty"], worst["consumer_surplus"], worst["profit_of_all"])
        rows.append([
            str(worst["good"]), str(worst["country"]), CAR_RUNS[worst["run"]],
            *(f"{1000 * value:+,.0f}" for value in money),
            str(worst["maker"]), f"{1000 * worst['profit']:+,.0f}",
        ])  # fmt: skip
    return rows


def _figure(value: float, form: str) -> str:
    """Return a figure as printed, or nothing where there is none."""
    return "" if isnan(value) else form.format(value)


def _records(frame: "pd.DataFrame") -> list[Row]:
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]
