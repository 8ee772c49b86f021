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
from accord.briefing.view import Assessed, Reading


def build_document(assessment: Assessed, date: dt.date, bargain: Bargain | None = None) -> Document:
    """Return the briefing of an assessment as a document, dated as told.

    Raises:
        SolveError: An equilibrium behind the assessment did not converge.
    """
    reading = Reading(assessment)
    comparison, currency = build_comparison(reading), build_currency(reading)
    extra = [one.source for one in read_comparators(reading.deal.parties) if comparison]
    extra += [one.source for one in read_stated(reading.payer) if currency]
    sections = (
        build_verdict(reading),
        build_bargaining(reading, bargain),
        build_ledger(reading),
        _build_trade(reading),
        build_money(reading),
        currency,
        build_third_countries(reading),
        build_terms(reading, date),
        comparison,
        build_method(reading),
        build_reproduction(reading, date),
    )
    return Document(
        case=reading.deal.name,
        language="en",
        kicker=reading.deal.title,
        headline=build_headline(reading),
        standfirst=build_standfirst(reading, date),
        date=date,
        key_points=build_key_points(reading),
        not_priced=build_not_priced(reading),
        sections=tuple(section for section in sections if section is not None),
        sources=build_sources(reading, tuple(extra)),
        grades=build_grades(reading),
        disclaimer=build_disclaimer(),
    )


def _build_trade(reading: Reading) -> Section:
    payer, host = reading.region(reading.payer), reading.region(reading.host)
    lead = sentence(
        "What {payer} sells to {host}, valued at customs before duty, once everything has "
        "adjusted.",
        payer=Name(payer),
        host=Name(host),
    )
    if reading.transfers.get(reading.focus):
        lead += sentence(
            "Figures under {package} include its transfer: to pay, {payer} sells more abroad.",
            package=Name(reading.package(reading.focus)),
            payer=Name(payer),
        )
    blocks = (Paragraph(lead), build_sector_figure(reading), build_origin_figure(reading))
    return Section("trade", "Trade", blocks)
