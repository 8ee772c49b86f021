"""The section on supply chains: who depends on whom, manufacturing, jobs, and what trade moves."""

from collections.abc import Mapping
from math import isnan
from typing import TYPE_CHECKING, Any

from accord.assessment.chains.study import supply_chains
from accord.assessment.chains.tables import summarise_matrix
from accord.assessment.facade import Assessment
from accord.briefing.charts.matrix import MatrixCell, build_matrix_chart
from accord.briefing.charts.multiples import PanelBar, build_multiples_chart
from accord.briefing.document.blocks import (
    Block,
    Chart,
    Column,
    Paragraph,
    Row,
    RowGroup,
    Section,
    Table,
)
from accord.briefing.document.facts import Fact, Part, Prose, quoted
from accord.briefing.pairs import moves_sales, view_pairs
from accord.briefing.view import NO_DEAL, BriefingView
from accord.briefing.words.yearly import money, share

if TYPE_CHECKING:
    import pandas as pd

    from accord.assessment.chains.result import ChainsStudy

ORDER = 45
MATRIX_REGIONS = 7
PANELS = 9
THOUSAND = 1000
AIMS = ("direct", "look_through", "value_added", "jobs")
MOVES = ("change", "created", "diverted", "low", "high")
LEVELS = ("no_deal", "value")
ENDS = (*LEVELS, "change", "low", "high")
Record = dict[str, Any]


def build(view: BriefingView) -> Section | None:
    """Return the section, or None where equilibria are not at hand, as in a page of tables."""
    if view.focus == NO_DEAL or not isinstance(view.assessment, Assessment):
        return None
    study = supply_chains(view.assessment, package=view.focus)
    aims = [row for row in _records(study.to_frame("aims")) if row["package"] == view.focus]
    lead = view.say("chains.lead")
    for row in aims:
        lead += _sentence(view, study, row)
    moving = any(moves_sales(pair) for pair in view_pairs(view))
    blocks: tuple[Block, ...] = (
        Paragraph(lead),
        _aims_table(view, study, aims),
        *([_matrix(view, study)] if moving else []),
        *([_multiples(view, study.to_frame("sectors"))] if moving else []),
        Paragraph(view.say("chains.limits"), quiet=True),
        *(Paragraph(quoted(view.words.translated(note)), quiet=True) for note in study.notes),
    )
    return Section("chains", view.text("chains.title.section"), blocks, study.sources)


def _sentence(view: BriefingView, study: "ChainsStudy", row: Record) -> Prose:
    """Return what an aim comes to for a party: dependence looked through, or jobs."""
    party = view.region(row["region"])
    if row["aim"] == "look_through":
        return view.say(
            f"chains.dependence.{_way(row)}", party=party, value=share(row["value"]),
            supplier=view.region(str(study.supplier)), change=Fact(row["change"], "points"),
        )  # fmt: skip
    if row["aim"] != "jobs" or isnan(row["change"]):
        return Prose(())
    jobs = {name: _persons(row[name]) for name in ("change", "low", "high")}
    return view.say(f"chains.jobs.{_way(row)}", party=party, grade=row["grade"], **jobs)


def _way(row: Record) -> str:
    """Return "up" or "down" where the range agrees on it, or "open"."""
    return "up" if row["low"] > 0 else "down" if row["high"] < 0 else "open"


def _persons(thousands: float) -> Fact:
    """Return persons to three digits: no more of them are known."""
    return Fact(round(float(f"{THOUSAND * thousands:.3g}")), "count")


def _cell(row: Record, name: str) -> Fact | None:
    if isnan(row[name]):
        return None
    if row["aim"] == "jobs":
        return _persons(row[name])
    if row["aim"] == "value_added":
        return money(row[name])
    if name in LEVELS:
        return share(row[name])
    return Fact(round(row[name], 4), "points")  # in a table less than a hundredth is none


def _name(view: BriefingView, names: Mapping[str, str], row: Record) -> str:
    """Return the name of an aim, that of jobs with how far they can be trusted."""
    if row["aim"] == "jobs" and row["grade"]:
        return view.text("chains.aim.jobs_graded", grade=row["grade"])
    return names[row["aim"]]


def _aims_table(view: BriefingView, study: "ChainsStudy", aims: list[Record]) -> Table:
    supplier = view.region(study.supplier) if study.supplier else ""
    names = {name: view.text(f"chains.aim.{name}", supplier=supplier) for name in AIMS}
    groups = tuple(
        RowGroup(
            quoted(view.region_label(party)),
            tuple(
                Row(quoted(_name(view, names, row)), tuple(_cell(row, name) for name in ENDS))
                for row in aims
                if row["region"] == party
            ),
        )
        for party in study.parties
    )
    columns = (
        Column(view.text("chains.column.aim"), numeric=False),
        Column(view.label(NO_DEAL), style=""),
        Column(view.label(view.focus), style=""),
        Column(view.text("chains.column.change")),
        Column(view.text("column.low")),
        Column(view.text("column.high")),
    )
    title = view.text("chains.title.aims")
    return Table("chains-aims", title, view.say("chains.unit.aims"), columns, groups)


def _matrix(view: BriefingView, study: "ChainsStudy") -> Chart:
    """Return the matrix of changes of trade between the regions that it touches most."""
    rows = summarise_matrix(study, view.focus, MATRIX_REGIONS)
    regions = list(dict.fromkeys(row["exporter"] for row in rows))
    labels = {name: view.region_label(name) for name in regions}
    cells = [MatrixCell(labels[row["exporter"]], labels[row["importer"]], row["change"])
             for row in rows]  # fmt: skip
    largest = max(rows, key=lambda row: abs(row["change"]))
    parts: dict[str, Part] = {
        "seller": view.region(largest["exporter"]), "buyer": view.region(largest["importer"]),
        "change": money(largest["change"]), "diverted": money(largest["diverted"]),
    }  # fmt: skip
    way = "more" if largest["change"] > 0 else "less"
    if largest["change"] * largest["diverted"] <= 0:
        way += "_in_all"
    elif abs(largest["diverted"]) > abs(largest["change"]):
        way += "_against"
    axes = (view.text("chains.axis.seller"), view.text("chains.axis.buyer"))
    title = view.text("chains.title.matrix")
    table = Table(
        "chains-matrix-data", title, view.say("chains.unit.matrix"),
        (
            Column(view.text("chains.column.pair"), numeric=False),
            *(Column(view.text(f"chains.column.{name}"), decimals=2)
              for name in ("change", "created", "diverted")),
            Column(view.text("column.low"), decimals=2),
            Column(view.text("column.high"), decimals=2),
        ),
        (RowGroup(None, tuple(
            Row(
                view.say("chains.pair", seller=labels[row["exporter"]],
                         buyer=labels[row["importer"]]),
                tuple(money(row[name]) for name in MOVES),
            )
            for row in rows
        )),),
        folded=True,
    )  # fmt: skip
    return Chart(
        id="chains-matrix",
        title=title,
        finding=view.say(f"chains.finding.matrix.{way}", **parts),
        alt=view.text(f"chains.finding.matrix.{way}", **parts),
        wide=build_matrix_chart(cells, "wide", axes=axes),
        narrow=build_matrix_chart(cells, "narrow", axes=axes),
        table=table,
        key=(view.say("chains.key.matrix"),),
    )


def _multiples(view: BriefingView, frame: "pd.DataFrame") -> Chart:
    """Return small multiples of the sectors whose value added changes most, by party."""
    frame = frame[frame["package"] == view.focus]
    goods = frame[frame["sector"].isin(view.goods)]
    size = (goods["change"].abs() * goods["value_added"]).groupby(goods["sector"]).sum()
    shown = [str(name) for name in size.sort_values(ascending=False).index[:PANELS]]
    rows = [row for row in _records(goods) if row["sector"] in shown]
    rows.sort(key=lambda row: shown.index(row["sector"]))
    bars = [
        PanelBar(view.sector(row["sector"]), view.region_label(row["region"]),
                 *(100 * row[name] for name in ("change", "low", "high")))
        for row in rows
    ]  # fmt: skip
    most = max(rows, key=lambda row: abs(row["change"]))
    parts: dict[str, Part] = {
        "sector": view.sector(most["sector"]).lower(), "party": view.region(most["region"]),
        "change": share(most["change"]),
    }  # fmt: skip
    way = "more" if most["change"] > 0 else "less"
    axis, title = view.text("chains.axis.change"), view.text("chains.title.sectors")
    columns = (
        Column(view.text("trade.column.sector"), numeric=False),
        *(Column(label, decimals=2) for label in (
            view.text("chains.column.change"), view.text("column.low"), view.text("column.high"))),
    )  # fmt: skip
    groups = tuple(
        RowGroup(
            quoted(view.region_label(party)),
            tuple(
                Row(quoted(view.sector(row["sector"])),
                    tuple(share(row[name]) for name in ("change", "low", "high")))
                for row in rows
                if row["region"] == party
            ),
        )
        for party in dict.fromkeys(row["region"] for row in rows)
    )  # fmt: skip
    return Chart(
        id="chains-sectors",
        title=title,
        finding=view.say(f"chains.finding.sectors.{way}", **parts),
        alt=view.text(f"chains.finding.sectors.{way}", **parts),
        wide=build_multiples_chart(bars, "wide", axis=axis),
        narrow=build_multiples_chart(bars, "narrow", axis=axis),
        table=Table("chains-sectors-data", title, view.say("chains.unit.sectors"), columns, groups),
        key=(view.say("chains.key.sectors"),),
    )


def _records(frame: "pd.DataFrame") -> list[Record]:
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]
