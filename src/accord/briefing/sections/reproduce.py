"""The section on reproducing the briefing: the command, the Python lines, digests and versions."""

from collections.abc import Mapping
from typing import Any

from accord.briefing.document.blocks import Block, Code, Paragraph, Section
from accord.briefing.document.length import SHORT
from accord.briefing.view import BriefingView
from accord.core.catalogue import ENGLISH

ORDER = 110


def build(view: BriefingView) -> Section:
    """Return the box with the command, the Python lines, the digests and the versions."""
    date = view.date
    held = dict(view.assessment.reproduce)
    held.pop("command", "")
    command = brief_command(view)
    given = held.pop("python")
    lines = tuple(given.splitlines() if isinstance(given, str) else (str(line) for line in given))
    day = f'dt.date.fromisoformat("{date.isoformat()}")'
    language = view.words.language
    chosen = "" if language == ENGLISH else f", language={language!r}"
    objective = "welfare" if view.bargain is None else view.bargain.objective
    chosen += "" if objective == "welfare" else f", objective={objective!r}"
    chosen += "" if view.length == SHORT else f", length={view.length!r}"
    saved = f'ac.brief(result, date={day}{chosen}).save("{view.deal.name}.html")'
    blocks: list[Block] = []
    if command:
        blocks.append(Code((command,), view.text("reproduce.terminal")))
    else:
        blocks.append(Paragraph(view.say("reproduce.no_command")))
    blocks += [
        Code(("import datetime as dt", *lines, saved), view.text("reproduce.python")),
        Code(tuple(f"{key}: {text}" for key, text in _flat(held)), view.text("reproduce.inputs")),
    ]
    return Section("reproduce", view.text("reproduce.title"), tuple(blocks))


def brief_command(view: BriefingView) -> str:
    """Return the command that writes the page, or nothing where no command can."""
    command = str(view.assessment.reproduce.get("command", ""))
    if not command:
        return ""
    language = view.words.language
    command = command.replace("accord assess", "accord brief", 1)
    command += f" --date {view.date.isoformat()}"
    command += "" if view.length == SHORT else f" --length {view.length}"
    command += "" if language == ENGLISH else f" --language {language}"
    objective = "welfare" if view.bargain is None else view.bargain.objective
    return command + ("" if objective == "welfare" else f" --objective {objective}")


def _flat(held: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for key, value in held.items():
        name = f"{prefix}{key}".replace("_", " ")
        if isinstance(value, Mapping):
            rows += _flat(value, f"{name} ")
        else:
            rows.append((name, str(value)))
    return rows
