"""How much of a briefing a page shows."""

from accord.core.errors import Problem

SHORT, FULL = "short", "full"
LENGTHS = (SHORT, FULL)


def find_length(name: str, value: object) -> list[Problem]:
    """Return that a length is none of the known ones, if so; `name` is where it was given."""
    if value in LENGTHS:
        return []
    return [Problem(name, f"{value!r:.80} is no length", f"Use {' or '.join(LENGTHS)}")]
