"""The section on the verdict: who gains, how much, how surely, and the effect of later rulings."""

from dataclasses import replace

from accord.briefing.charts.base import WelfareBar, build_welfare_chart
from accord.briefing.document.blocks import (
    Cell,
    Chart,
    Column,
    Paragraph,
    Row,
    RowGroup,
    Section,
    Table,
)
from accord.briefing.document.facts import SMALLEST, Fact, Prose, quoted
from accord.briefing.metrics.metric import Metric, list_metrics
from accord.briefing.metrics.verdict import PARTS, chance_fact
from accord.briefing.payoffs import DATED, FROZEN
from accord.briefing.view import BriefingView
from accord.deal.clauses.investment import InvestmentClause
from accord.lowering.finance import discount_rate

ORDER = 10


def build(view: BriefingView) -> Section:
    """Return the section with every package's payoff to every party."""
    limits = view.say("verdict.limits_tariffs") if _has_tariffs(view) else Prose(())
    blocks = (
        Paragraph(_frame(view)),
        _table(view),
        _figure(view),
        *((_timelines(view),) if _law_counts(view) else ()),
        Paragraph(limits + view.say("verdict.limits"), quiet=True),
    )
    return Section("verdict", view.text("verdict.title.section"), blocks)


def _has_tariffs(view: BriefingView) -> bool:
    """Return whether tariffs are a part of any payoff."""
    payoffs = (view.payoff(name, party) for name in view.offers for party in view.parties)
    return any(abs(payoff.components["tariff"]) >= SMALLEST for payoff in payoffs)


def _law_counts(view: BriefingView) -> bool:
    """Return whether later changes and rulings move any payoff by as much as can be printed."""
    pairs = ((name, party) for name in view.offers for party in view.parties)
    payoffs = ([view.payoff(*pair, law) for law in (FROZEN, DATED)] for pair in pairs)
    return any(abs(frozen.value - dated.value) >= SMALLEST for frozen, dated in payoffs)


def _frame(view: BriefingView) -> Prose:
    """Return what a payoff is, baseline, discount rates, displacement and closure."""
    deal, settings = view.deal, view.assessment.settings
    rates = [
        view.phrase("verdict.frame.rate", party=view.region(party),
                    rate=Fact(discount_rate(deal, party), "share"))
        for party in view.parties
    ]  # fmt: skip
    whole = view.say(
        "verdict.frame.what", after=_after(view), rates=view.words.joined(rates),
        inflation=Fact(deal.settings.inflation, "share"),
        closure=view.phrase(f"closure.{settings.closure}"),
    )  # fmt: skip
    clauses = [
        clause
        for name in deal.package_names
        for clause in deal.clauses(name)
        if isinstance(clause, InvestmentClause)
    ]
    if not clauses:
        return whole
    given = any(clause.displacement is not None for clause in clauses)
    return whole + view.say(f"verdict.frame.displacement_{'given' if given else 'assumed'}")


def _after(view: BriefingView) -> Prose:
    """Return what is counted after the horizon."""
    settings = view.deal.settings
    if settings.after != "contract":
        return view.phrase(f"verdict.frame.after_{settings.after}")
    return view.phrase("verdict.frame.after_contract", years=Fact(settings.contract_years, "count"))


def _table(view: BriefingView) -> Table:
    metrics = [metric for metric in list_metrics() if _is_told(view, metric)]
    groups = []
    for party in view.parties:
        rows = [
            Row(
                quoted(view.label(package)),
                tuple(metric.read(view, package, party) for metric in metrics),
            )
            for package in view.offers
        ]
        groups.append(RowGroup(view.marked(view.region_label(party), party), tuple(rows)))
    note = view.say("verdict.table.note.sum")
    for metric in metrics:
        if view.words.has(f"verdict.table.note.{metric.name}"):
            note += view.say(f"verdict.table.note.{metric.name}")
    notes = [note]
    others = [view.package(name) for name in view.offers if name not in view.alike]
    if others:
        notes.append(view.say("verdict.table.others", names=view.words.listed(others)))
    return Table(
        "verdict-table",
        view.text("verdict.title.table"),
        view.say("verdict.table.unit"),
        (
            Column(view.text("column.package"), numeric=False),
            *(metric.column(view) for metric in metrics),
        ),
        tuple(groups),
        tuple(notes),
        sums=True,
    )


def _is_told(view: BriefingView, metric: Metric) -> bool:
    """Return whether a metric is worth a column: a part that is nothing to anybody is not."""
    if metric not in PARTS:
        return True
    read = (metric.read(view, name, party) for name in view.offers for party in view.parties)
    return any(fact is not None and abs(fact.number) >= SMALLEST for fact in read)


def _figure(view: BriefingView) -> Chart:
    bars = []
    groups = []
    for party in view.parties:
        rows = []
        for package in view.alike:
            payoff = view.payoff(package, party)
            low, high = (
                (payoff.low, payoff.high) if payoff.is_drawn else (payoff.value, payoff.value)
            )
            tariff, rest = payoff.components["tariff"], payoff.value - payoff.components["tariff"]
            label = view.label(package)
            bars.append(
                WelfareBar(view.region_label(party), label, tariff, rest, payoff.value,
                           low, high, party=True)
            )  # fmt: skip
            cells = tuple(Fact(end, "bn USD") for end in (tariff, rest, payoff.value, low, high))
            rows.append(Row(quoted(label), cells))
        groups.append(RowGroup(quoted(view.region_label(party)), tuple(rows)))
    title = view.text("verdict.title.figure")
    alone = any(
        all(abs(part) < SMALLEST for part in parts)
        for parts in zip(*((bar.tariff_part, bar.transfer_part) for bar in bars), strict=True)
    )
    told: tuple[str, ...] = ("verdict.column.payoff", "column.low", "column.high")
    if alone:
        bars = [replace(bar, tariff_part=bar.total, transfer_part=0.0) for bar in bars]
        groups = [_without_parts(group) for group in groups]
    else:
        told = ("column.tariffs", "verdict.column.rest", *told)
    labels = (view.text("verdict.label.tariffs"), view.text("verdict.label.rest"))
    axis = view.text("verdict.axis")
    return Chart(
        id="verdict-payoffs",
        title=title,
        finding=_finding(view),
        alt=view.text(f"verdict.alt{'_alone' if alone else ''}"),
        wide=build_welfare_chart(bars, "wide", axis=axis, labels=labels),
        narrow=build_welfare_chart(bars, "narrow", axis=axis, labels=labels),
        table=Table(
            "verdict-payoffs-data", title,
            view.say("verdict.figure.unit"),
            (
                Column(view.text("column.package"), numeric=False),
                *(
                    Column(view.text(key), decimals=1)
                    for key in told
                ),
            ),
            tuple(groups),
            sums=True,
        ),
        key=(view.say("verdict.figure.key"),),
    )  # fmt: skip


def _without_parts(group: RowGroup) -> RowGroup:
    """Return the rows of a group without the two parts, of which one is nothing."""
    rows = tuple(replace(row, cells=row.cells[2:]) for row in group.rows)
    return replace(group, rows=rows)


def _finding(view: BriefingView) -> Prose:
    both = [
        name
        for name in view.alike
        if all(view.payoff(name, party).value > 0 for party in view.parties)
    ]
    if not both:
        return view.say("verdict.finding.none")
    if len(both) > 1 and len(both) == len(view.alike):
        return view.say("verdict.finding.every")
    names = view.words.listed([view.name_among(name) for name in both])
    return view.say("verdict.finding.some", names=names)


def _timelines(view: BriefingView) -> Table:
    groups = []
    for party in view.parties:
        rows = []
        for package in view.offers:
            cells: list[Cell] = []
            for timeline in (FROZEN, DATED):
                payoff = view.payoff(package, party, timeline)
                cells += [payoff.fact, chance_fact(view.chance_all(package, timeline))]
            rows.append(Row(quoted(view.label(package)), tuple(cells)))
        groups.append(RowGroup(quoted(view.region_label(party)), tuple(rows)))
    return Table(
        "verdict-law",
        view.text("verdict.title.timeline"),
        view.say("verdict.timeline.unit"),
        (
            Column(view.text("column.package"), numeric=False),
            Column(view.text("verdict.timeline.frozen"), decimals=1, ranged=True),
            Column(view.text("verdict.timeline.all_frozen"), style="", decimals=0),
            Column(view.text("verdict.timeline.dated"), decimals=1, ranged=True),
            Column(view.text("verdict.timeline.all_dated"), style="", decimals=0),
        ),
        tuple(groups),
    )
