"""The section that leads a briefing: who gains, how much, how surely, and why."""

import math

from accord.briefing.charts.base import WelfareBar, build_welfare_chart
from accord.briefing.document.blocks import (
    Block,
    Cell,
    Chart,
    Column,
    Paragraph,
    Row,
    RowGroup,
    Section,
    Table,
)
from accord.briefing.document.facts import Fact, Name, Prose, listed, quoted, sentence
from accord.briefing.sections.drivers import build_decisive
from accord.briefing.sections.headline import DATED, FROZEN, Verdicts, chance_fact
from accord.briefing.view import BriefingView
from accord.deal.clauses.investment import InvestmentClause
from accord.lowering.finance import discount_rate
from accord.trade.config import CLOSURE_MEANING


def build_verdict(view: BriefingView) -> Section:
    """Return the section with every package's payoff to both parties, and what decides it."""
    verdicts = Verdicts(view)
    blocks: list[Block] = [
        Paragraph(_frame(view, verdicts)),
        _table(view, verdicts),
        _figure(view, verdicts),
        _laws(view, verdicts),
    ]
    blocks += build_decisive(view)
    blocks.append(Paragraph(_limits(), quiet=True))
    return Section("verdict", "The verdict", tuple(blocks))


def _frame(view: BriefingView, verdicts: Verdicts) -> Prose:
    """Return baseline, closure, horizon, discount rates and displacement, beside the result."""
    deal, settings = view.deal, view.assessment.settings
    first, last = verdicts.years
    clauses = [
        clause
        for name in deal.package_names
        for clause in deal.clauses(name)
        if isinstance(clause, InvestmentClause)
    ]
    given = [clause for clause in clauses if clause.displacement is not None]
    whole = sentence(
        "A payoff is what a country would pay, once, at the start of {first}, to have the package "
        "rather than no deal: one equilibrium of the world economy a year to {last}, discounted at "
        "{payer} for {one} and {host} for {two} before inflation of {inflation}. Baseline: the "
        "world of {year}, growing evenly. Closure: {closure}. Elasticities: the middle of the sets "
        "in Method, unless another was named. Nothing counts after {last}.",
        first=Fact(first, "year"),
        last=Fact(last, "year"),
        year=Fact(view.year, "year"),
        payer=Fact(discount_rate(deal, view.payer), "share"),
        host=Fact(discount_rate(deal, view.host), "share"),
        one=Name(view.region(view.payer)),
        two=Name(view.region(view.host)),
        inflation=Fact(deal.settings.inflation, "share"),
        closure=Name(CLOSURE_MEANING.get(settings.closure, settings.closure)),
    )
    if not clauses:
        return whole
    if given:
        words = "What would have come anyway is taken from the deal file."
    else:
        words = (
            "No source says how much of the investment would have come anyway: the central figures "
            "take half, the draws everything from none to all."
        )
    return whole + sentence(words)


def _table(view: BriefingView, verdicts: Verdicts) -> Table:
    groups = []
    for party in view.parties:
        rows = [_row(view, verdicts, package, party) for package in view.offers]
        heading = view.marked(view.region_label(party), party)
        groups.append(RowGroup(heading, tuple(rows)))
    notes = [
        sentence(
            "The five columns from tariffs to risk add up to the payoff. Below a payoff are nine "
            "draws in ten, in the headline in brackets. Money paid includes what displaced assets "
            "would have earned; prices and wages are what the money and the building do to them."
        ),
    ]
    others = [view.package(name) for name in view.offers if name not in view.alike]
    if others:
        words = "Shown for comparison, and no choice of the parties: {names}."
        notes.append(sentence(words, names=listed(others)))
    return Table(
        "verdict-table",
        "The verdict: what each package is worth to each party, against no deal",
        sentence(
            "Present value in bn USD, in prices of {year}; chances in per cent of the draws.",
            year=Fact(view.deal.price_year, "year"),
        ),
        (
            Column("Package", numeric=False),
            Column("Payoff", decimals=1, ranged=True),
            Column("It gains", style="", decimals=0),
            Column("Both gain", style="", decimals=0),
            Column("Tariffs", decimals=1),
            Column("Money paid", decimals=1),
            Column("Money back", decimals=1),
            Column("Prices, wages, capacity", decimals=1),
            Column("Risk", decimals=1),
        ),
        tuple(groups),
        tuple(notes),
    )


def _row(view: BriefingView, verdicts: Verdicts, package: str, party: str) -> Row:
    got = verdicts.get(package, party)
    chance = verdicts.chance_all(package)
    rest = got.parts["terms_of_trade"] + got.parts["capacity"]
    cells: tuple[Cell, ...] = (
        got.fact,
        None if math.isnan(got.chance) else chance_fact(got.chance),
        None if math.isnan(chance) else chance_fact(chance),
        *(Fact(got.parts[name], "bn USD") for name in ("tariff", "transfer", "profit")),
        Fact(rest, "bn USD"),
        Fact(got.parts["risk"], "bn USD"),
    )
    return Row(quoted(view.label(package)), cells)


def _figure(view: BriefingView, verdicts: Verdicts) -> Chart:
    bars = []
    groups = []
    for party in view.parties:
        rows = []
        for package in view.alike:
            got = verdicts.get(package, party)
            low, high = (got.low, got.high) if got.is_drawn else (got.value, got.value)
            tariff, rest = got.parts["tariff"], got.value - got.parts["tariff"]
            label = view.label(package)
            bars.append(
                WelfareBar(view.region_label(party), label, tariff, rest, got.value,
                           low, high, party=True)
            )  # fmt: skip
            cells = tuple(Fact(one, "bn USD") for one in (tariff, rest, got.value, low, high))
            rows.append(Row(quoted(label), cells))
        groups.append(RowGroup(quoted(view.region_label(party)), tuple(rows)))
    title = "Who gains and who loses over the whole horizon"
    labels = ("From tariffs", "From everything else")
    axis = "bn USD, present value against no deal"
    return Chart(
        id="verdict-payoffs",
        title=title,
        finding=_finding(view, verdicts),
        alt="Bars for each party and package: the part of the payoff that comes from tariffs and "
        "the part from money, what it builds and risk, the total as a diamond, and nine draws in "
        "ten as a line. The table below the chart holds the same numbers.",
        wide=build_welfare_chart(bars, "wide", axis=axis, labels=labels),
        narrow=build_welfare_chart(bars, "narrow", axis=axis, labels=labels),
        table=Table(
            "verdict-payoffs-data", title,
            sentence("In bn USD, present value against no deal."),
            (
                Column("Package", numeric=False),
                *(Column(label, decimals=1) for label in
                  ("Tariffs", "Everything else", "Payoff", "Low", "High")),
            ),
            tuple(groups),
        ),
        key=(sentence("Diamond: the payoff. Line: nine draws in ten."),),
    )  # fmt: skip


def _finding(view: BriefingView, verdicts: Verdicts) -> Prose:
    both = [
        name
        for name in view.alike
        if all(verdicts.get(name, party).value > 0 for party in view.parties)
    ]
    if both:
        words = "Centrally, both parties gain under {names} and under no other package here."
        return sentence(words, names=listed([view.package(name) for name in both]))
    return sentence("Centrally, no package here leaves both parties better off than no deal.")


def _laws(view: BriefingView, verdicts: Verdicts) -> Table:
    groups = []
    for party in view.parties:
        rows = []
        for package in view.offers:
            cells: list[Cell] = []
            for law in (FROZEN, DATED):
                got, chance = verdicts.get(package, party, law), verdicts.chance_all(package, law)
                cells += [got.fact, None if math.isnan(chance) else chance_fact(chance)]
            rows.append(Row(quoted(view.label(package)), tuple(cells)))
        groups.append(RowGroup(quoted(view.region_label(party)), tuple(rows)))
    return Table(
        "verdict-law",
        "Before and after what the calendar brings",
        sentence(
            "Left, the tariffs of {day} for good, as if no ruling came; right, tariffs by their "
            "dates. Payoffs in bn USD, chances in per cent.",
            day=Fact(view.evaluate_on, "date"),
        ),
        (
            Column("Package", numeric=False),
            Column("Payoff, as of the day", decimals=1, ranged=True),
            Column("Both gain", style="", decimals=0),
            Column("Payoff, by date", decimals=1, ranged=True),
            Column("Both gain, by date", style="", decimals=0),
        ),
        tuple(groups),
    )


def _limits() -> Prose:
    return sentence(
        "How long the tariffs would have lasted without a deal is politics, not chance: it is not "
        "drawn, and the chart shows what it is worth. What the parties do this for besides money "
        "(security, jobs in a place, credit with an ally) is not in a payoff."
    )
