"""From an assessment to a briefing in a library: every format, and what is said of it."""

import datetime as dt
from collections.abc import Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING

from accord.briefing.assessed import BriefingInput
from accord.briefing.brief import Briefing, brief
from accord.briefing.document.arrange import tell_amount, tell_ends
from accord.briefing.document.blocks import Card, Document
from accord.briefing.render.article import render_article
from accord.briefing.view import BriefingView
from accord.briefing.words.messages import Messages
from accord.core.text import printable
from accord.deal.clauses.investment import InvestmentClause
from accord.deal.related import build_profile
from accord.library.content import ARTICLE, FORMATS, Content, PartyFigure, Point
from accord.library.library import Library
from accord.library.listing import Listing

if TYPE_CHECKING:
    from accord.deal.deal import Deal

TARIFFS, INVESTMENT = "tariffs", "investment"  # tags by what a deal moves
PLAIN = "point.lead.plain."


def publish(
    result: BriefingInput,
    library: Library,
    *,
    author: str = "",
    tags: Sequence[str] = (),
    slug: str | None = None,
    shipped: bool = False,
    date: dt.date | None = None,
    now: dt.datetime | None = None,
) -> Listing:
    """Return the short briefing of an assessment as listed, after it was published in a library.

    Args:
        result: The assessment; its verdict is worked out if it was not.
        library: Where to.
        author: Who signs it.
        tags: Tags beside the parties and what the deal moves.
        slug: Its address in the library; the name of the deal if left out.
        shipped: Whether it comes with Accord.
        date: Date on the page; today if left out.
        now: Moment of publishing; this one if left out.

    Raises:
        InputError: Author or tags are too long.
        SolveError: An equilibrium was not found.
        LibraryError: The library cannot be written; nothing was changed.
    """
    briefing = brief(result, date=date)
    content = describe(briefing.document, result)
    if slug is not None:
        content = content.model_copy(update={"slug": slug})
    return library.add(
        content, render_all(briefing), author=author, tags=tags, shipped=shipped, now=now
    )


def render_all(briefing: Briefing) -> dict[str, bytes]:
    """Return the content of the file of every format, and of the article, by format."""
    files = {form: briefing.render(form) for form in FORMATS}
    files[ARTICLE] = render_article(briefing.document).encode("utf-8")
    return files


def describe(document: Document, result: BriefingInput) -> Content:
    """Return what a library says of a briefing without its files."""
    told = result.reproduce
    words = Messages(document.language)
    view = BriefingView(result, date=document.date, language=document.language)
    cards = [card for card in document.cards if card.payoff is not None]
    labels = [str(card.name) for card in cards]
    return Content(
        slug=document.case,
        kicker=printable(document.kicker),
        title=printable(str(document.headline)),
        summary=printable(summarise(document, len(cards))),
        standfirst=printable(str(document.standfirst)),
        day=document.date,
        minutes=int(document.minutes.number),
        names={party: printable(view.region_label(party)) for party in result.deal.parties},
        figures=tuple(_figure(card, words) for card in cards),
        chance=next((_together(card) for card in document.cards if card.payoff is None), ""),
        points=tuple(
            Point(lead=printable(str(point.lead)), body=printable(str(point.body)))
            for point in document.key_points
        ),
        disclaimer=tuple(printable(str(line)) for line in document.disclaimer),
        body=printable("\n".join(str(prose) for prose in document.prose())),
        tags=(*labels, *_instruments(result.deal)),
        profile=build_profile(result.deal),
        command=printable(str(told.get("command", ""))),
        deal_sha256=result.deal.sha256,
        world=(result.world.name, result.world.sha256),
        program=str(told.get("versions", {}).get("accord", version("accord-workbench"))),
        language=document.language,
    )


def summarise(document: Document, parties: int) -> str:
    """Return one sentence on why each party gains or loses; how much, where no reason is named."""
    words = Messages(document.language)
    plain = [
        text.partition("{party}")[2]
        for key, text in words.templates.items()
        if key.startswith(PLAIN)
    ]
    leads = [str(point.lead) for point in document.key_points[:parties]]
    if all(any(lead.endswith(end) for end in plain) for lead in leads):
        sentences = str(document.standfirst).split(". ")
        leads = [f"{text.removesuffix('.')}." for text in sentences[:parties]]
    joined = [leads[0], *(_inside(lead) for lead in leads[1:])] if leads else []
    return f"{'; '.join(text.removesuffix('.') for text in joined)}."


def _inside(sentence: str) -> str:
    """Return a sentence as it goes on after a semicolon: "For" and "The" lose their capital."""
    first, blank, rest = sentence.partition(" ")
    return f"{first.lower()}{blank}{rest}" if first in {"For", "The"} else sentence


def _text(prose: object) -> str:
    return "" if prose is None else printable(str(prose))


def _together(card: Card) -> str:
    """Return in how many futures all gain, with who they are: "Both sides gain: 62 of 100"."""
    return f"{_text(card.name)}: {_text(card.chance)}" if card.chance is not None else ""


def _figure(card: Card, words: Messages) -> PartyFigure:
    fact = card.payoff
    if fact is None:
        raise TypeError("the card of a party has a payoff")
    low, high = fact.interval or (None, None)
    return PartyFigure(
        party=_text(card.name),
        outlook=_text(card.outlook),
        tone=card.tone,
        value=fact.number,
        low=low,
        high=high,
        amount=_text(tell_amount(card, words)),
        ends=_text(tell_ends(card, words)),
        chance=_text(card.chance),
    )


def _instruments(deal: "Deal") -> tuple[str, ...]:
    """Return what the packages of a deal move, in two words."""
    clauses = [clause for package in deal.packages for clause in package.clause]
    kinds = [TARIFFS] if any(clause.kind == "tariff" for clause in clauses) else []
    if any(isinstance(clause, InvestmentClause) for clause in clauses):
        kinds.append(INVESTMENT)
    return tuple(kinds)
