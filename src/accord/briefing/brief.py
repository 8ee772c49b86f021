"""The briefing of an assessment: a document and its HTML, ready to save."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from accord.assessment.bargain.bargain import Bargain
from accord.assessment.bargain.bargain import bargain as make_bargain
from accord.assessment.bargain.objectives import OBJECTIVES, Objective
from accord.assessment.names import find_unknown
from accord.assessment.result import Assessed
from accord.briefing.assessed import BriefingInput
from accord.briefing.compose import build_document
from accord.briefing.document.blocks import Document
from accord.briefing.document.length import SHORT, find_length
from accord.briefing.render.formats import choose_format, render
from accord.briefing.view import BriefingView
from accord.core.arguments import check_kind, public
from accord.core.catalogue import ENGLISH
from accord.core.errors import InputError, Problem
from accord.core.files import write_atomically


@dataclass(frozen=True)
class Briefing:
    """A briefing: its document, and the page made from it."""

    document: Document

    def __repr__(self) -> str:
        """One line: the deal's title and the date."""
        return f"Briefing({self.document.kicker!r}, {self.document.date.isoformat()})"

    @cached_property
    def html(self) -> str:
        """The page: one self-contained HTML text, the same for the same document."""
        return self.render("html").decode("utf-8")

    def render(self, format: str) -> bytes:  # noqa: A002
        """Return the content of a file in a format: html, pdf, md, docx, xlsx, png or json.

        The same document gives the same bytes.

        Raises:
            InputError: There is no such format.
        """
        return render(self.document, format)

    def save(self, path: Path | str, *, format: str | None = None) -> Path:  # noqa: A002
        """Return the path after writing the briefing there; a failure leaves an old file intact.

        Args:
            path: The file; its ending says the format, and a page is written where it says none.
            format: One of `render`, for a file whose ending does not say it.

        Raises:
            InputError: There is no such format, or the ending is that of another one.
            OutputError: The folder is missing, read-only or full.
        """
        check_kind("path", path, (str, Path), "Give the path of the file to write")
        return write_atomically(path, self.render(choose_format(format, path)))

    def summary(self) -> str:
        """Return headline, standfirst and the interval of every party as a paragraph of text."""
        document = self.document
        told = [f"{document.headline}.", str(document.standfirst)]
        told += [str(card.interval) for card in document.cards if card.interval is not None]
        return " ".join(told)

    def _repr_html_(self) -> str:
        """Show the page in a notebook, inside a frame of its own."""
        from html import escape

        page = escape(self.html, quote=True)
        return f'<iframe srcdoc="{page}" style="width:100%;height:40rem;border:0"></iframe>'


@public
def brief(
    assessment: BriefingInput,
    *,
    date: dt.date | None = None,
    bargain: Bargain | None = None,
    objective: Objective | None = None,
    language: str = ENGLISH,
    length: str = SHORT,
) -> Briefing:
    """Return the briefing of an assessment, dated `date` (today if left out).

    Args:
        assessment: An assessment.
        date: Date on the page.
        bargain: What the parties can agree on, as `assessment.bargain()` gives it, where the page
            is to say it of terms too; over packages alone if left out.
        objective: What the parties of the bargain want, as in `ac.bargain`; `"welfare"`, or that of
            `bargain`, if left out. The verdict is of welfare whatever they want.
        language: Code of a catalogue of messages, such as "en".
        length: "short" for two pages; "full" for these and every chapter, with its sources.

    Raises:
        InputError: It is not an assessment, the date is not a date, there is no catalogue for the
            language, no such length, or the objective is not known, is not that of `bargain`, or is
            not revealed.
        SolveError: An equilibrium behind the assessment did not converge: a briefing is refused,
            never degraded.
    """
    check_kind("assessment", assessment, BriefingInput, "Assess the deal first: ac.assess(deal)")
    if date is not None:
        check_kind("date", date, dt.date, "Give a date: datetime.date(2026, 11, 24)")
    problems = find_length("length", length)
    if problems:
        raise InputError(problems, "the call")
    if objective is not None:
        bargain = _with_objective(assessment, objective, bargain)
    view = BriefingView(
        assessment, date=date or _today(), bargain=bargain, language=language, length=length
    )
    return Briefing(build_document(view))


def _with_objective(
    assessment: BriefingInput, objective: Objective, bargain: Bargain | None
) -> Bargain | None:
    """Return the bargain of a page over what the parties want; None for welfare over packages."""
    problems = find_unknown("objective", objective, OBJECTIVES)
    if bargain is not None and not problems and bargain.objective != objective:
        remedy = f'Leave one out, or bargain with objective="{objective}"'
        problems = [Problem("objective", f"the bargain is over {bargain.objective}", remedy)]
    if problems:
        raise InputError(problems, "the page")
    if bargain is not None or objective == "welfare":
        return bargain
    check_kind("assessment", assessment, Assessed, "Assess the deal first: ac.assess(deal)")
    return make_bargain(assessment, terms=False, retaliation=False, objective=objective)  # type: ignore[arg-type]


def _today() -> dt.date:
    return dt.datetime.now(tz=dt.UTC).date()
