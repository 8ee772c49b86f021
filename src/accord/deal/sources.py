"""The `[[source]]` table of a deal file: what clauses cite."""

from datetime import date
from typing import Annotated

from pydantic import Field

from accord.core.provenance import Grade, Source
from accord.deal.fields import Day, Part

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_\-]*$")]


class SourceEntry(Part):
    """A source that clauses cite by id."""

    id: Name
    """Short name by which clauses cite it."""
    title: str
    """What it is."""
    date: Day | str = ""
    """Day of publication."""
    url: str = ""
    """Where to find it."""
    licence: str = ""
    """Licence of any data taken from it."""
    grade: Grade = "U"
    """A official, B press or research, C single secondary copy, D derived, U assumption."""

    def as_source(self) -> Source:
        """The same as a `Source` of the core."""
        day = self.date.isoformat() if isinstance(self.date, date) else self.date
        return Source(self.id, self.title, day, self.url, self.licence, self.grade)
