"""From an assessment to a document: which figure is said where."""

import datetime as dt

from accord.assessment.bargain.bargain import Bargain
from accord.briefing.charts.figures import build_origin_figure, build_sector_figure
from accord.briefing.document.blocks import Document, Paragraph, Section
from accord.briefing.document.facts import Name, sentence
from accord.briefing.sections.bargain import build_bargaining
from accord.briefing.sections.external import build_currency
from accord.briefing.sections.finance import build_money
from accord.briefing.sections.headline import build_headline
from accord.briefing.sections.key_points import build_key_points, build_standfirst
from accord.briefing.sections.ledger import build_ledger, build_third_countries
from accord.briefing.sections.method import build_method
from accord.briefing.sections.packages import build_not_priced, build_terms
from accord.briefing.sections.published import build_comparison, read_comparators, read_stated
from accord.briefing.sections.sources import (
    build_disclaimer,
    build_grades,
    build_reproduction,
    build_sources,
)
from accord.briefing.sections.verdict import build_verdict
from accord.briefing.view import Assessed, BriefingView


def build_document(assessment: Assessed, date: dt.date, bargain: Bargain | None = None) -> Document:
    """Return the briefing of an assessment as a document, dated as told.

    Raises:
        SolveError: An equilibrium behind the assessment did not converge.
    """
    view = BriefingView(assessment)
    comparison, currency = build_comparison(view), build_currency(view)
    extra = [one.source for one in read_comparators(view.deal.parties) if comparison]
    extra += [one.source for one in read_stated(view.payer) if currency]
    sections = (
        build_verdict(view),
        build_bargaining(view, bargain),
        build_ledger(view),
        _build_trade(view),
        build_money(view),
        currency,
        build_third_countries(view),
        build_terms(view, date),
        comparison,
        build_method(view),
        build_reproduction(view, date),
    )
    return Document(
        case=view.deal.name,
        language="en",
        kicker=view.deal.title,
        headline=build_headline(view),
        standfirst=build_standfirst(view, date),
        date=date,
        key_points=build_key_points(view),
        not_priced=build_not_priced(view),
        sections=tuple(section for section in sections if section is not None),
        sources=build_sources(view, tuple(extra)),
        grades=build_grades(view),
        disclaimer=build_disclaimer(),
    )


def _build_trade(view: BriefingView) -> Section:
    payer, host = view.region(view.payer), view.region(view.host)
    lead = sentence(
        "What {payer} sells to {host}, valued at customs before duty, once everything has "
        "adjusted.",
        payer=Name(payer),
        host=Name(host),
    )
    if view.transfers.get(view.focus):
        lead += sentence(
            "Figures under {package} include its transfer: to pay, {payer} sells more abroad.",
            package=Name(view.package(view.focus)),
            payer=Name(payer),
        )
    blocks = (Paragraph(lead), build_sector_figure(view), build_origin_figure(view))
    return Section("trade", "Trade", blocks)
