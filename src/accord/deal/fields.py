"""What every table of a deal file is made of: types of values, and the base of all clauses."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, Strict

Number = Annotated[float, Strict(), Field(allow_inf_nan=False)]
Rate = Annotated[Number, Field(ge=0)]
Share = Annotated[Number, Field(ge=0, le=1)]
Money = Annotated[Number, Field(gt=0)]
Whole = Annotated[int, Strict(), Field(ge=0)]
Day = Annotated[date, Strict()]
Flag = Annotated[bool, Strict()]
Region = Annotated[str, Field(min_length=1)]
Shares = dict[str, Share]


class Part(BaseModel):
    """Base of every table of a deal file: frozen, and closed to unknown keys."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, populate_by_name=True, use_attribute_docstrings=True
    )


class Cited(Part):
    """A table whose figures come from sources."""

    note: str = ""
    """Anything a reader should know; free text."""
    source: str | tuple[str, ...] = ()
    """Id of one `[[source]]`, or a list of ids."""

    @property
    def source_ids(self) -> tuple[str, ...]:
        """Ids of the cited sources."""
        return (self.source,) if isinstance(self.source, str) else self.source


class ClauseBase(Cited):
    """What every clause has: a title, a note, sources, and its place in the file."""

    kind: str
    """Kind of clause."""
    title: str = ""
    """Short name printed beside figures that come from this clause."""
    _path: str = PrivateAttr(default="")

    @property
    def path(self) -> str:
        """Place of the clause in its file, such as `package[1].clause[2]`; "" if built in code."""
        return self._path

    def place_at(self, path: str) -> None:
        """Remember the clause's place in its file; only the loader calls this."""
        self._path = path
