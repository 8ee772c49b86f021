"""The kinds of clauses, found by looking for them in this room."""

import functools
import importlib
import operator
import pkgutil
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args, get_origin

from pydantic import Field

import accord.deal.clauses as room
from accord.deal.clauses.base import ClauseBase
from accord.deal.fields import Mark, marked_fields


def _find_kinds() -> dict[str, type[ClauseBase]]:
    """Return every kind of clause by its name, in the order of the names of the files."""
    kinds: dict[str, type[ClauseBase]] = {}
    for module in pkgutil.iter_modules(room.__path__):
        if f"{room.__name__}.{module.name}" == __name__:
            continue
        content = vars(importlib.import_module(f"{room.__name__}.{module.name}"))
        for model in content.values():
            if isinstance(model, type) and issubclass(model, ClauseBase):
                kind = model.model_fields["kind"].annotation
                if get_origin(kind) is Literal:
                    kinds.setdefault(get_args(kind)[0], model)
    return kinds


CLAUSES: dict[str, type[ClauseBase]] = _find_kinds()

if TYPE_CHECKING:
    Clause = ClauseBase
else:
    Clause = Annotated[
        functools.reduce(operator.or_, CLAUSES.values()), Field(discriminator="kind")
    ]


def clause_keys(kind: Any, *marks: Mark) -> tuple[str, ...]:
    """Return the keys that bear all marks in a kind of clause; in any kind for an unknown one."""
    model = CLAUSES.get(kind) if isinstance(kind, str) else None
    models = list(CLAUSES.values()) if model is None else [model]
    return tuple(dict.fromkeys(key for model in models for key in marked_fields(model, *marks)))


def kinds_behind(component: str) -> tuple[type[ClauseBase], ...]:
    """Return the kinds of clauses on which a component of the verdict rests."""
    return tuple(model for model in CLAUSES.values() if component in model.lineage)
