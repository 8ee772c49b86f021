"""The types of values in a deal file, and what they stand for."""

import ast
import inspect
import textwrap
import typing
from collections.abc import Callable, Iterator
from datetime import date
from enum import Enum
from functools import cache
from itertools import pairwise
from typing import Annotated, Any

import numpy as np
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    Strict,
    WrapValidator,
)

from accord.core.numerics.distributions import triangular
from accord.deal.regions import Group


class Mark(Enum):
    """What a value stands for beyond its type; checks find the fields they concern by it."""

    REGION = "region"
    REGION_OR_ALL = "region, or all of them"
    BY_REGION = "shares by region"
    SUMS_TO_ONE = "shares that sum to one"
    AT_MOST_ONE = "shares that sum to one at most"
    MARKET_RATE = "a rate that may cite a market rate"
    DAY = "day"


def _keep_group(name: Any, check: Callable[[Any], Any]) -> Any:
    """Return a region as checked; the name of a group of one's own keeps its members."""
    checked = check(name)
    return name if isinstance(name, Group) else checked


Number = Annotated[float, Strict(), Field(allow_inf_nan=False)]
Rate = Annotated[Number, Field(ge=0)]
Share = Annotated[Number, Field(ge=0, le=1)]
Money = Annotated[Number, Field(gt=0)]
Whole = Annotated[int, Strict(), Field(ge=0)]
Day = Annotated[date, Strict(), Mark.DAY]
Decided = Annotated[date, Strict()]  # may lie before the first day of what was decided
Flag = Annotated[bool, Strict()]
NamedRegion = Annotated[str, Field(min_length=1), WrapValidator(_keep_group)]
Region = Annotated[NamedRegion, Mark.REGION]
RegionOrAll = Annotated[NamedRegion, Mark.REGION_OR_ALL]
GROUP_NAME = r"^[A-Za-z][A-Za-z0-9_\-]{0,23}$"
GroupName = Annotated[str, Field(pattern=GROUP_NAME)]
Shares = dict[str, Share]
Mix = Annotated[Shares, Mark.SUMS_TO_ONE]
RegionShares = Annotated[dict[NamedRegion, Share], Mark.BY_REGION, Mark.AT_MOST_ONE]
RegionSplit = Annotated[dict[NamedRegion, Share], Mark.BY_REGION, Mark.SUMS_TO_ONE]
RateText = Annotated[str | Annotated[Number, Field(gt=-1)], Mark.MARKET_RATE]
Years = Annotated[Number, Field(gt=0)]


class Part(BaseModel):
    """Base of every table of a deal file: frozen, and closed to unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


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


class Spread(Part):
    """A triangular distribution of a share."""

    low: Share
    """Lowest value."""
    mode: Share
    """Most likely value."""
    high: Share
    """Highest value."""

    @property
    def mean(self) -> float:
        """Mean of the triangular distribution, a share."""
        return (self.low + self.mode + self.high) / 3.0

    def quantile(self, u: np.ndarray) -> np.ndarray:
        """Return the shares at quantiles `u` of the triangular distribution."""
        return triangular(self.low, self.mode, self.high, u)


def quantile_of(given: float | Spread, u: np.ndarray) -> np.ndarray:
    """Return a share at quantiles `u`: the same at all of them where it is a plain number."""
    return given.quantile(u) if isinstance(given, Spread) else np.full_like(u, given)


def marked_fields(model: type[BaseModel], *marks: Mark) -> tuple[str, ...]:
    """Return the keys, as written in a file, of the fields of a table that bear all marks."""
    return _marked_fields(model, frozenset(marks))


@cache
def _marked_fields(model: type[BaseModel], marks: frozenset[Mark]) -> tuple[str, ...]:
    return tuple(
        field.alias or name
        for name, field in model.model_fields.items()
        if marks <= {*field.metadata, *_metadata(field.annotation)}
    )


@cache
def describe_fields(model: type[BaseModel]) -> dict[str, str]:
    """Return what each field of a table means, by name: the text below it in the code.

    It is read when it is asked for, because reading the code of every table takes a while.
    """
    known: dict[str, str] = {}
    for kind in reversed(model.__mro__):
        if not issubclass(kind, BaseModel) or kind is BaseModel:
            continue
        (tree,) = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
        lines = tree.body if isinstance(tree, ast.ClassDef) else []
        for line, below in pairwise(lines):
            if not (isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name)):
                continue
            text = below.value if isinstance(below, ast.Expr) else None
            if isinstance(text, ast.Constant) and isinstance(text.value, str):
                known[line.target.id] = inspect.cleandoc(text.value)
    return {name: known.get(name, "") for name in model.model_fields}


def nested_tables(model: type[BaseModel]) -> dict[str, type[BaseModel]]:
    """Return the tables that fields of a table hold, by the key as written in a file."""
    return {
        field.alias or name: table
        for name, field in model.model_fields.items()
        for table in _tables(field.annotation)
    }


def tables_in(model: type[BaseModel]) -> tuple[type[BaseModel], ...]:
    """Return every table that a field of a table may hold, of any kind of clause too."""
    inner = (table for field in model.model_fields.values() for table in _tables(field.annotation))
    return tuple(dict.fromkeys(inner))


def _metadata(kind: Any) -> Iterator[Any]:
    """Yield everything that annotations anywhere in a type say."""
    yield from getattr(kind, "__metadata__", ())
    for inner in typing.get_args(kind):
        yield from _metadata(inner)


def _tables(kind: Any) -> Iterator[type[BaseModel]]:
    """Yield the tables anywhere in a type."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    for inner in typing.get_args(kind):
        yield from _tables(inner)
