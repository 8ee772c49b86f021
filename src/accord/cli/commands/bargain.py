"""`accord bargain` and `accord prices`."""

from collections.abc import Iterable
from math import isfinite
from typing import TYPE_CHECKING, Annotated

import typer

from accord.cli.choices import OBJECTIVES
from accord.cli.exporting import pick
from accord.cli.formats import (
    ResultTable,
    find_format,
    find_table,
    render_json,
    write_content,
    write_tables,
)
from accord.cli.headings import (
    ALL_GAIN,
    CREDIBLE,
    GAINS,
    GAINS_IN_WELFARE,
    IN_WELFARE,
    NEEDS,
    NO_END,
    PRICE,
    PROPOSALS_LEFT,
    TARIFFS_ALONE,
    WEIGHT,
)
from accord.cli.options import (
    AsOf,
    CaseArgument,
    Draws,
    OldTimeline,
    OneTable,
    Output,
    TableFormat,
    TimelineOption,
    Wanted,
    WorldFile,
    find_choice,
    read_timeline,
    refuse,
    split_names,
)
from accord.cli.printing import say
from accord.cli.progress import show_progress
from accord.cli.request import open_request
from accord.cli.sentences import (
    AGREEMENTS,
    BARGAIN_PACKAGES,
    BENDS,
    CHANGES,
    DEADLINES,
    EXCHANGE,
    EXCHANGE_ROW,
    PRICES,
    THREATS,
    WEIGHTS,
)
from accord.core.errors import Problem

if TYPE_CHECKING:
    from accord.assessment.bargain.bargain import Bargain
    from accord.assessment.bargain.concession_prices import ConcessionPrices
    from accord.assessment.bargain.over_terms import TermBargain
    from accord.deal.deal import Deal

BARGAIN_TABLES = ("packages", "agreements", "changes", "deadlines", "threats", "weights")
PRICE_TABLES = ("prices", "exchange")
Chosen = Annotated[
    str | None,
    typer.Option(
        "--package",
        metavar="NAME",
        help="The package whose terms move; the one in focus if left out.",
    ),
]
Moving = Annotated[
    str | None,
    typer.Option(
        "--terms", metavar="A,B,C", help="Only these terms move; those that matter if left out."
    ),
]


def bargain_command(  # noqa: PLR0913  (one parameter an option)
    case: CaseArgument,
    *,
    package: Chosen = None,
    terms: Moving = None,
    packages_only: Annotated[
        bool,
        typer.Option("--packages-only", help="Keep the terms as they are, which takes seconds."),
    ] = False,
    objective: Wanted = OBJECTIVES[0],
    timeline: TimelineOption = None,
    reading: OldTimeline = None,
    draws: Draws = 500,
    as_of: AsOf = None,
    world: WorldFile = None,
    format: TableFormat = None,  # noqa: A002
    table: OneTable = None,
    output: Output = None,
) -> None:
    """Print what the parties can agree on.

    Where no package is acceptable to all, it says what stands in the way and what would change it.

    Example: accord bargain us-korea-2025 --packages-only
    """
    from accord.assessment.names import choices

    chosen, problems = read_timeline(timeline, reading)
    form, wrong = find_format(format, output)
    problems += [*wrong, *find_choice("--objective", objective, OBJECTIVES)]
    if form != "json":
        problems += find_table(form, table, BARGAIN_TABLES)
    names = split_names(terms)
    request = open_request(
        case, problems, world=world, package=package, packages=choices, outputs=(output,),
        chosen={"draws": draws}, as_of=as_of,
    )  # fmt: skip
    refuse([*_find_terms(request.deal, names), *_find_sides(request.deal, table)])

    from accord.assessment.assess import assess
    from accord.assessment.bargain.bargain import bargain
    from accord.assessment.settings import AssessSettings

    settings = AssessSettings(draws=draws)
    with show_progress() as tell:
        result = bargain(
            assess(request.deal, world=request.world, settings=settings),
            package=package, terms=False if packages_only else names or True,
            objective=objective, timeline=chosen, progress=tell,  # type: ignore[arg-type]
        )  # fmt: skip
    if form == "json":
        write_content(render_json(result.to_dict()), output)
        return
    if form == "table" and table is None:
        say(result.summary())
    write_tables(pick(bargain_tables(result), table), form, output)


def prices_command(  # noqa: PLR0913  (one parameter an option)
    case: CaseArgument,
    *,
    package: Chosen = None,
    terms: Moving = None,
    against: Annotated[
        str | None,
        typer.Option(
            metavar="TERM",
            help="The term in which exchange rates are given; the one that both sides value most "
            "if left out.",
        ),
    ] = None,
    timeline: TimelineOption = None,
    reading: OldTimeline = None,
    as_of: AsOf = None,
    world: WorldFile = None,
    format: TableFormat = None,  # noqa: A002
    table: OneTable = None,
    output: Output = None,
) -> None:
    """Print the concession price of each term.

    It is what one step of the term is worth to each side. A second table says how much of another
    term compensates for it.

    Example: accord prices us-korea-2025 --against cash
    """
    from accord.assessment.names import choices, package_in_focus

    timeline_chosen, problems = read_timeline(timeline, reading)
    form, wrong = find_format(format, output)
    problems += wrong
    if form != "json":
        problems += find_table(form, table, PRICE_TABLES)
    request = open_request(
        case, problems, world=world, package=package, packages=choices, outputs=(output,),
        as_of=as_of,
    )  # fmt: skip
    deal, names = request.deal, split_names(terms)
    refuse(_find_terms(deal, names))

    from accord.assessment.bargain.concession_prices import price_terms
    from accord.assessment.bargain.movable_package import make_movable
    from accord.assessment.bargain.plain import plain_prices
    from accord.assessment.settings import AssessSettings
    from accord.assessment.valuation.appraiser import Appraiser

    chosen = package or package_in_focus(deal)
    appraiser = Appraiser(request.world, AssessSettings(), timeline_chosen)  # type: ignore[arg-type]
    movable = make_movable(
        deal, chosen, appraiser.payoff, request.world, names=names, announce=appraiser.announce
    )
    if against is not None:
        refuse(find_choice("--against", against, movable.names))
    prices = price_terms(movable)
    if form == "json":
        write_content(render_json(plain_prices(prices)), output)
        return
    write_tables(pick(price_tables(prices, against), table), form, output)


def _find_terms(deal: "Deal", names: tuple[str, ...] | None) -> list[Problem]:
    """Return the terms asked for that the deal file does not have."""
    known = [term.name for term in deal.terms]
    if names and not known:
        remedy = "write [[terms.term]] tables there, or leave the option out"
        return [Problem("--terms", "no term of this deal file may move", remedy)]
    return [problem for name in names or () for problem in find_choice("--terms", name, known)]


def _find_sides(deal: "Deal", table: str | None) -> list[Problem]:
    """Return that deadlines are asked for between more than two sides, if so."""
    from accord.assessment.bargain.render import find_more_sides

    return find_more_sides("--table", deal) if table == "deadlines" else []


def bargain_tables(result: "Bargain") -> list[ResultTable]:
    """Return the tables of a bargain; a package that is the same as no deal has no chances."""
    from accord.assessment.bargain.render import same_as_no_deal

    parties = result.deal.parties
    chances, same = result.chances, same_as_no_deal(result)
    rows = []
    for at, name in enumerate(result.packages):
        cells = [name, *(f"{payoff:+.1f}" for payoff in result.payoffs[at])]
        if result.revealed and result.welfare is not None:
            cells += [f"{payoff:+.1f}" for payoff in result.welfare[at]]
        cells += [f"{more:.1f}" if more > 0 else "" for more in result.needed[at]]
        if chances is not None and name in same:
            cells += [""] * (len(parties) + 1)
        elif chances is not None:
            cells += [
                f"{100 * chance:.0f}" for chance in (*chances.gains[at], chances.all_gain[at])
            ]
        if result.revealed and result.welfare_gains is not None:
            cells += [f"{100 * chance:.0f}" for chance in result.welfare_gains[at]]
        rows.append(cells)
    columns = ["package", *parties]
    columns += [IN_WELFARE.format(party=party) for party in parties] if result.revealed else []
    columns += [NEEDS.format(party=party) for party in parties]
    if chances is not None:
        columns += [*(GAINS.format(party=party) for party in parties), ALL_GAIN]
    if result.revealed and result.welfare_gains is not None:
        columns += [GAINS_IN_WELFARE.format(party=party) for party in parties]
    tables = [ResultTable("packages", BARGAIN_PACKAGES, columns, rows, len(columns) - 1)]
    if result.terms is not None:
        tables += [*_agreements(result), *_changes(result.terms)]
    if result.pressure is not None:
        lasting = result.pressure.prices.by_deadline
        rows = [[str(left), *map(_money, paid)] for left, paid in lasting.items()]
        rows.append([NO_END, *map(_money, result.pressure.agreement)])
        tables.append(ResultTable("deadlines", DEADLINES, [PROPOSALS_LEFT, *parties], rows, 2))
    return [*tables, *_threats(result), *_weights(result)]


def _threats(result: "Bargain") -> list[ResultTable]:
    """Return what tariffs alone bring each party that threatens, and how often it is credible."""
    threats = result.threats
    columns = ["package", *(TARIFFS_ALONE.format(party=threat.party) for threat in threats)]
    columns += [
        CREDIBLE.format(party=threat.party) for threat in threats if threat.chance is not None
    ]
    rows = [
        [
            name,
            *(_money(threat.granted[at]) for threat in threats),
            *(f"{100 * threat.chance[at]:.0f}" for threat in threats if threat.chance is not None),
        ]
        for at, name in enumerate(result.packages)
    ]
    return [ResultTable("threats", THREATS, columns, rows, len(columns) - 1)] if threats else []


def _weights(result: "Bargain") -> list[ResultTable]:
    rows = [
        [
            objective.party, sector, f"{100 * objective.tariff[at]:.1f}",
            *(f"{weight:.2f}" for weight in (low[at], objective.weights[:, at].mean(), high[at])),
        ]
        for objective in result.revealed
        for low, high in [(objective.weights.min(axis=0), objective.weights.max(axis=0))]
        for at, sector in enumerate(objective.sectors)
    ]  # fmt: skip
    return [ResultTable("weights", WEIGHTS, WEIGHT, rows, 4)] if rows else []


def _agreements(result: "Bargain") -> list[ResultTable]:
    from accord.assessment.bargain.render import rule_name, term_text

    terms = result.terms
    if terms is None:
        return []
    entries, movable = terms.movable.entries, terms.movable
    columns: list[tuple[str, Iterable[float], Iterable[float]]] = [
        (movable.package, movable.base, terms.payoffs)
    ]
    columns += [(rule_name(rule), agreement.terms, agreement.payoffs)
                for rule, agreement in terms.agreements.items()]  # fmt: skip
    rows = [
        [entry.name, *(term_text(entry, float(list(values)[at])) for _, values, _ in columns)]
        for at, entry in enumerate(entries)
    ]
    rows += [
        [party, *(_money(list(payoffs)[at]) for _, _, payoffs in columns)]
        for at, party in enumerate(movable.parties)
    ]
    if result.revealed and result.welfare is not None:
        now = result.welfare[result.packages.index(movable.package)]
        plain = [now, *(result.term_welfare[rule] for rule in terms.agreements)]
        rows += [
            [f"{party}, welfare", *(_money(welfare[at]) for welfare in plain)]
            for at, party in enumerate(movable.parties)
        ]
    title = AGREEMENTS.format(package=movable.package)
    names = ["term", *(name for name, _, _ in columns)]
    return [ResultTable("agreements", title, names, rows, len(columns))] if terms.agreements else []


def _changes(terms: "TermBargain") -> list[ResultTable]:
    from accord.assessment.bargain.render import change_text

    rows = [
        [change_text(terms, change), *map(_money, change.payoffs)]
        for change in (*terms.changes, *terms.pairs)
    ]
    title = CHANGES.format(package=terms.movable.package)
    columns = ["change", *terms.movable.parties]
    return (
        [ResultTable("changes", title, columns, rows, len(terms.movable.parties))] if rows else []
    )


def price_tables(prices: "ConcessionPrices", against: str | None) -> list[ResultTable]:
    """Return prices, then exchange rates in steps of one term."""
    from accord.assessment.bargain.render import step_text, term_text

    parties = prices.movable.parties
    rows = []
    for row in prices.rows:
        step = step_text(row.entry)
        bent = BENDS if row.is_bent else ""
        rows.append(
            [row.entry.title, term_text(row.entry, row.value), step, *map(_price, row.price), bent]
        )
    title = PRICES.format(package=prices.movable.package)
    tables = [ResultTable("prices", title, [*PRICE, *parties, ""], rows, len(parties) + 1)]
    names = prices.movable.names
    at = names.index(against) if against is not None else _dearest(prices)
    unit = prices.rows[at].entry
    rates = [prices.exchange(party) for party in range(len(parties))]
    rows = [
        [
            EXCHANGE_ROW.format(step=step_text(row.entry), title=row.entry.title),
            *(f"{rate[given, at]:+.2f}" if isfinite(rate[given, at]) else "" for rate in rates),
        ]
        for given, row in enumerate(prices.rows)
        if given != at
    ]
    title = EXCHANGE.format(title=unit.title, step=term_text(unit, unit.step))
    return [*tables, ResultTable("exchange", title, ["for", *parties], rows, len(parties))]


def _dearest(prices: "ConcessionPrices") -> int:
    """Return the position of the term whose step is worth most to the side it is worth least to."""
    least = [min(abs(float(price)) for price in row.price) for row in prices.rows]
    return max(range(len(least)), key=lambda at: least[at] if isfinite(least[at]) else -1.0)


def _money(value: float) -> str:
    return f"{value:+.1f}" if isfinite(value) else ""


def _price(value: float) -> str:
    return f"{value:+.2f}" if isfinite(value) else ""
