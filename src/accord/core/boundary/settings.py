"""The words and numbers of a configuration: of the right kind, and plain where NumPy gave them."""

import types
import typing
from dataclasses import fields
from numbers import Integral, Real
from typing import Any, Literal

from accord.core.errors import Problem

KINDS: dict[type, tuple[tuple[type, ...], str]] = {
    bool: ((bool,), "True or False"),
    int: ((Integral,), "a whole number"),
    float: ((Real,), "a number"),
    str: ((str,), "a word"),
}


def as_plain(value: object) -> Any:
    """Return a number or word of Python for one of NumPy or JAX; anything else as it is."""
    is_scalar = getattr(value, "ndim", None) == 0 and hasattr(value, "item")
    return value.item() if is_scalar else value  # type: ignore[attr-defined]


def make_plain(config: object) -> list[Problem]:
    """Return which words and numbers of a frozen dataclass are none, all at once.

    Scalars of NumPy are replaced by the words and numbers of Python that they stand for. Fields
    that hold anything else, such as lists of names, are left to the class itself.
    """
    problems = []
    for name, (kinds, is_optional) in _plain_fields(type(config)).items():
        value = as_plain(getattr(config, name))
        if is_optional and value is None:
            continue
        accepted, words = kinds
        is_right = isinstance(value, accepted) and (bool in accepted or not isinstance(value, bool))
        if is_right:
            object.__setattr__(config, name, value)
        else:
            remedy = f"Give {words}, or leave it out for the default"
            problems.append(Problem(name, f"{value!r:.80} is not {words}", remedy))
    return problems


def _plain_fields(kind: Any) -> dict[str, tuple[tuple[tuple[type, ...], str], bool]]:
    """Return what each field that holds one word or number may be, and whether it may be None."""
    hints = typing.get_type_hints(kind)
    known = {}
    for item in fields(kind):
        hint, is_optional = hints[item.name], False
        if typing.get_origin(hint) in (typing.Union, types.UnionType):
            kept = [option for option in typing.get_args(hint) if option is not type(None)]
            is_optional = len(kept) < len(typing.get_args(hint))
            hint = kept[0] if len(kept) == 1 else None
        hint = str if typing.get_origin(hint) is Literal else hint
        if item.init and hint in KINDS:
            known[item.name] = KINDS[hint], is_optional
    return known
