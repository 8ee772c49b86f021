"""What no figure of a briefing counts."""

from accord.briefing.document.facts import Prose
from accord.briefing.view import BriefingView


def build_not_priced(view: BriefingView) -> tuple[Prose, ...]:
    """Return the list of what no figure of the briefing counts, in plain words."""
    by_kind: dict[str, list[str]] = {}
    for package in view.packages:
        for clause in view.uncounted(package):
            titles = by_kind.setdefault(view.words.translated(clause.kind_phrase()), [])
            where = view.package(package)
            titles.append(f"{clause.title} ({where})" if clause.title else where)
    lines = [
        view.say("not_priced.clause", kind=kind, titles="; ".join(titles))
        for kind, titles in by_kind.items()
    ]
    lines.append(view.say("not_priced.retaliation"))
    if view.transfers:
        lines.append(view.say("not_priced.horizon"))
    lines.append(view.say(f"not_priced.{'currency' if view.records('floors') else 'pressure'}"))
    lines.append(view.say("not_priced.other"))
    return tuple(lines)
