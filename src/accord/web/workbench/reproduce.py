"""How to get the figures of a draft again: a command, lines of Python and the deal file."""

from dataclasses import dataclass

from accord.assessment.settings import AssessSettings
from accord.web.drafts.draft import Draft
from accord.web.workbench.bench import Bench


@dataclass(frozen=True)
class Recipe:
    """What gives the same figures again.

    Attributes:
        command: Lines for a terminal.
        python: Lines of Python.
    """

    command: tuple[str, ...]
    python: tuple[str, ...]


def name_file(draft: Draft) -> str:
    """Return what a command takes for a draft: its case, or the file in which it was saved."""
    if draft.case and not draft.changes:
        return draft.case
    return f"{draft.tables.get('name', 'deal')}.toml"


def reproduce_draft(bench: Bench, settings: AssessSettings) -> Recipe:
    """Return the command and the lines of Python that give the figures of a draft."""
    case = name_file(bench.draft)
    standard = AssessSettings()
    given = {
        key: getattr(settings, key)
        for key in ("paths", "draws", "seed")
        if getattr(settings, key) != getattr(standard, key)
    }
    options = "".join(f" --{key} {value}" for key, value in given.items())
    words = ", ".join(f"{key}={value}" for key, value in given.items())
    passed = f", settings=ac.AssessSettings({words})" if words else ""
    return Recipe(
        command=(f"accord assess {case}{options}",),
        python=(
            "import accord as ac",
            f'deal = ac.load_deal("{case}")',
            f"print(ac.assess(deal{passed}).verdict.payoff({bench.package!r}))",
        ),
    )
