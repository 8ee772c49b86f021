"""The `[[vintage]]` tables of a deal file: days with a name on which to see what was known."""

from pydantic import Field

from accord.deal.fields import Day, Part
from accord.deal.sources import Name


class VintageEntry(Part):
    """A deal as it was known on a day, under a name of its own."""

    name: Name
    """Name used on the command line: `--as-of NAME`."""
    title: str = Field(max_length=80)
    """What it is called, such as "As known on the day of signing"."""
    as_of: Day
    """The day: what was decided or published later does not count."""
    note: str = ""
    """Anything a reader should know, such as what was not decided yet."""
