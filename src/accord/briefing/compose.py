"""From an assessment to a document: the opening, then the sections in their order."""

from dataclasses import replace
from functools import partial
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType

from accord.briefing import sections
from accord.briefing.document.blocks import Document, Paragraph, Section, SourceNote
from accord.briefing.document.facts import Fact
from accord.briefing.opening.balance import build_balance
from accord.briefing.opening.colophon import build_colophon
from accord.briefing.opening.headline import build_cards, build_headline, build_standfirst
from accord.briefing.opening.key_points import build_key_points
from accord.briefing.opening.not_priced import build_not_priced
from accord.briefing.opening.picture import build_picture
from accord.briefing.opening.sources import build_disclaimer, build_grades, build_sources
from accord.briefing.opening.terms import build_terms
from accord.briefing.opening.turning import build_turning
from accord.briefing.view import BriefingView
from accord.briefing.words.law_changes import build_warning
from accord.briefing.words.templates import is_complete


def list_sections() -> tuple[ModuleType, ...]:
    """Return the sections, by the `ORDER` that each file of their folders names.

    A section is a file with `ORDER` and `build(view)`, which returns a `Section`, or None where
    there is nothing to say.
    """
    every = walk_packages(sections.__path__, f"{sections.__name__}.")
    modules = [import_module(entry.name) for entry in every if not entry.ispkg]
    return tuple(sorted(modules, key=lambda module: (module.ORDER, module.__name__)))


def build_document(view: BriefingView) -> Document:
    """Return the briefing of an assessment as a document."""
    return Document(
        case=view.deal.name,
        length=view.length,
        language=view.words.language,
        kicker=view.words.translated(view.deal.title),
        headline=build_headline(view),
        standfirst=build_standfirst(view),
        warning=build_warning(view),
        date=view.date,
        cards=build_cards(view),
        picture=build_picture(view),
        key_points=build_key_points(view),
        balance=build_balance(view),
        turning=build_turning(view),
        not_priced=build_not_priced(view),
        terms=build_terms(view),
        colophon=build_colophon(view),
        write_sections=partial(_write_sections, view),
        number_sources=partial(_number_sources, view),
        grades=build_grades(view),
        disclaimer=build_disclaimer(view),
        known=None if view.known is None else Fact(view.known, "date"),
    )


def _write_sections(view: BriefingView) -> tuple[Section, ...]:
    built = (module.build(view) for module in list_sections())
    sections = tuple(section for section in built if section is not None)
    if not sections or is_complete(view.words.language):
        return sections
    note = Paragraph(view.say("page.untranslated"), quiet=True)
    first = replace(sections[0], blocks=(note, *sections[0].blocks))
    return (first, *sections[1:])


def _number_sources(view: BriefingView, sections: tuple[Section, ...]) -> tuple[SourceNote, ...]:
    return build_sources(view, tuple(source for part in sections for source in part.sources))
