"""`accord bargain` and `accord prices`."""

import json
from math import isfinite
from typing import TYPE_CHECKING, Annotated, Any

import typer

from accord.cli.options import Case, Draws, Reading, find_choice, refuse
from accord.cli.printing import print_rows
from accord.cli.progress import show_progress

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accord.assessment.bargain.bargain import Bargain
    from accord.assessment.bargain.concession_prices import PriceList
    from accord.assessment.bargain.over_terms import TermBargain

FORMATS = ("table", "json")
Format = Annotated[str, typer.Option("--format", "-f", help="table or json.")]
Chosen = Annotated[
    str | None,
    typer.Option("--package", metavar="NAME", help="The package whose terms move."),
]
Moving = Annotated[
    str | None,
    typer.Option("--terms", metavar="A,B,C", help="Only these terms of the deal file move."),
]


def bargain_command(
    case: Case,
    *,
    package: Chosen = None,
    terms: Moving = None,
    packages_only: Annotated[
        bool, typer.Option("--packages-only", help="Leave the terms as they are: seconds.")
    ] = False,
    reading: Reading = "dated",
    draws: Draws = 500,
    format: Format = "table",  # noqa: A002
) -> None:
    """Print what the parties can agree on, what stands in the way, and what would change it.

    Example: accord bargain us-korea-2025 --packages-only
    """
    from accord.assessment.assess import assess
    from accord.assessment.bargain.bargain import bargain
    from accord.assessment.names import choices
    from accord.assessment.settings import AssessSettings

    _check(reading, format)
    deal = _load(case)
    if package is not None:
        refuse(find_choice("--package", package, choices(deal)))
    wanted = False if packages_only else _split(terms) or True
    settings = AssessSettings(draws=draws)
    with show_progress() as tell:
        found = bargain(
            assess(deal, settings=settings), package=package, terms=wanted,
            timeline=reading, progress=tell,  # type: ignore[arg-type]
        )  # fmt: skip
    if format == "json":
        typer.echo(json.dumps(found.to_dict(), indent=1, ensure_ascii=False))
        return
    typer.echo(found.summary())
    print_bargain(found)


def prices_command(
    case: Case,
    *,
    package: Chosen = None,
    terms: Moving = None,
    against: Annotated[
        str | None,
        typer.Option(metavar="TERM", help="Term that exchange rates are in; the dearest one."),
    ] = None,
    reading: Reading = "dated",
    format: Format = "table",  # noqa: A002
) -> None:
    """Print what one step of each term is worth to each side, and what makes up for it.

    Example: accord prices us-korea-2025 --against cash
    """
    from accord.assessment.bargain.concession_prices import price_terms
    from accord.assessment.bargain.movable_package import make_offer
    from accord.assessment.bargain.render import plain_prices
    from accord.assessment.names import choices, package_in_focus
    from accord.assessment.settings import AssessSettings
    from accord.assessment.valuation.appraiser import Appraiser
    from accord.data.store import load_world

    _check(reading, format)
    deal, world = _load(case), load_world()
    if package is not None:
        refuse(find_choice("--package", package, choices(deal)))
    chosen = package or package_in_focus(deal)
    payoff = Appraiser(world, AssessSettings(), reading).payoff  # type: ignore[arg-type]
    offer = make_offer(deal, chosen, payoff, world, names=_split(terms))
    if against is not None:
        refuse(find_choice("--against", against, offer.names))
    prices = price_terms(offer)
    if format == "json":
        typer.echo(json.dumps(plain_prices(prices), indent=1, ensure_ascii=False))
        return
    print_prices(prices, against)


def _check(reading: str, format: str) -> None:  # noqa: A002
    from accord.lowering.tariff_path import TIMELINES

    refuse(
        [
            *find_choice("--reading", reading, TIMELINES),
            *find_choice("--format", format, FORMATS),
        ]
    )


def _load(case: str) -> Any:
    from accord.deal.load import load_deal

    return load_deal(case)


def _split(text: str | None) -> tuple[str, ...] | None:
    return None if text is None else tuple(one.strip() for one in text.split(",") if one.strip())


def print_bargain(found: "Bargain") -> None:
    """Print the tables of a bargain."""
    parties = found.deal.parties
    chances = found.chances
    rows = []
    for at, name in enumerate(found.packages):
        cells = [name, *(f"{one:+.1f}" for one in found.payoffs[at])]
        cells += [f"{one:.1f}" if one > 0 else "" for one in found.needed[at]]
        if chances is not None:
            cells += [f"{100 * one:.0f}" for one in (*chances.gains[at], chances.all_gain[at])]
        rows.append(cells)
    columns = ["package", *parties, *(f"{party} needs" for party in parties)]
    if chances is not None:
        columns += [*(f"{party} gains, %" for party in parties), "all gain, %"]
    title = "Packages: payoffs over no deal, bn USD of present value"
    print_rows(title, columns, rows, numeric=len(columns) - 1)
    if found.terms is not None:
        if found.terms.agreements:
            _print_agreements(found.terms)
        _print_changes(found.terms)
    if found.pressure is not None:
        lasting = found.pressure.prices.by_deadline
        rows = [[str(left), *map(_money, paid)] for left, paid in lasting.items()]
        rows.append(["no end", *map(_money, found.pressure.agreement)])
        print_rows("If so many proposals are left, a month apart", ["proposals", *parties], rows,
                   numeric=2)  # fmt: skip


def _print_agreements(terms: "TermBargain") -> None:
    from accord.assessment.bargain.render import RULE_NAMES, term_text

    entries, offer = terms.offer.entries, terms.offer
    columns: list[tuple[str, Iterable[float], Iterable[float]]] = [
        (offer.package, offer.base, terms.payoffs)
    ]
    columns += [(RULE_NAMES[rule], one.terms, one.payoffs)
                for rule, one in terms.agreements.items()]  # fmt: skip
    rows = [
        [entry.name, *(term_text(entry, float(list(values)[at])) for _, values, _ in columns)]
        for at, entry in enumerate(entries)
    ]
    rows += [
        [party, *(_money(list(payoffs)[at]) for _, _, payoffs in columns)]
        for at, party in enumerate(offer.parties)
    ]
    title = f"Terms of {offer.package}, and those that each rule picks; payoffs in bn USD"
    print_rows(title, ["term", *(name for name, _, _ in columns)], rows, numeric=len(columns))


def _print_changes(terms: "TermBargain") -> None:
    from accord.assessment.bargain.render import change_text

    rows = [
        [change_text(terms, one), *map(_money, one.payoffs)]
        for one in (*terms.changes, *terms.pairs)
    ]
    if rows:
        title = f"The least changes of {terms.offer.package} that all accept"
        print_rows(title, ["change", *terms.offer.parties], rows, numeric=2)


def print_prices(prices: "PriceList", against: str | None) -> None:
    """Print prices, then exchange rates in steps of one term."""
    from accord.assessment.bargain.render import step_text, term_text

    parties = prices.offer.parties
    rows = []
    for row in prices.rows:
        step = step_text(row.entry)
        bent = "" if not row.is_bent else "bends here"
        rows.append(
            [row.entry.title, term_text(row.entry, row.value), step, *map(_price, row.price), bent]
        )
    title = f"One step more in {prices.offer.package}: bn USD of present value over no deal"
    print_rows(title, ["term", "now", "step", *parties, ""], rows, numeric=len(parties) + 1)
    names = prices.offer.names
    at = names.index(against) if against is not None else _dearest(prices)
    unit = prices.rows[at].entry
    rates = [prices.exchange(party) for party in range(len(parties))]
    rows = [
        [
            f"{step_text(row.entry)} more of {row.entry.title}",
            *(f"{rate[given, at]:+.2f}" if isfinite(rate[given, at]) else "" for rate in rates),
        ]
        for given, row in enumerate(prices.rows)
        if given != at
    ]
    title = (
        f"What makes up for it: change of {unit.title}, in steps of {term_text(unit, unit.step)}"
    )
    print_rows(title, ["for", *parties], rows, numeric=len(parties))


def _dearest(prices: "PriceList") -> int:
    """Return the position of the term whose step is worth most to the side it is worth least to."""
    least = [min(abs(float(one)) for one in row.price) for row in prices.rows]
    return max(range(len(least)), key=lambda at: least[at] if isfinite(least[at]) else -1.0)


def _money(value: float) -> str:
    return f"{value:+.1f}" if isfinite(value) else ""


def _price(value: float) -> str:
    return f"{value:+.2f}" if isfinite(value) else ""
