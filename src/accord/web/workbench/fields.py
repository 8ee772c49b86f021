"""Fields of a form, read off the schema of the deal file: labels, bounds, choices and help."""

import datetime as dt
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from accord.deal.schema import read_shipped_schema
from accord.web.drafts.writing import write_value

CLAUSE = "clause"
PACKAGE = "Package"
FIRST = ("title", "rate", "amount", "from", "until")  # shown even where they are not set
LONG = ("note",)


@dataclass(frozen=True)
class Field:
    """A field of a form.

    Attributes:
        name: Name in the form: package, clause and key, with dots.
        key: Name in the deal file.
        label: What it is called.
        help: What it means.
        widget: "number", "choice", "date", "flag", "text", "long", "list" or "written" (as it
            stands in the deal file).
        value: Its value as text; "" where it is not set.
        choices: What may be chosen.
        low: Lowest number, or None.
        high: Highest number, or None.
        needed: Whether it must be set.
        default: What holds where it is not set, as text.
    """

    name: str
    key: str
    label: str
    help: str
    widget: str
    value: str
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    needed: bool = False
    default: str = ""

    @property
    def is_set(self) -> bool:
        """Whether it has a value, or is one that is always shown."""
        return self.value != "" or self.needed or self.key in FIRST


@cache
def deal_schema() -> dict[str, Any]:
    """Return the schema of the deal file."""
    schema: dict[str, Any] = json.loads(read_shipped_schema())
    return schema


@cache
def clause_tables() -> dict[str, str]:
    """Return the name of the table in the schema of each kind of clause."""
    listed = deal_schema()["$defs"][PACKAGE]["properties"][CLAUSE]["items"]["discriminator"]
    return {kind: ref.rpartition("/")[2] for kind, ref in listed["mapping"].items()}


def fields_of(table: str, values: Mapping[str, Any], prefix: str) -> Iterator[Field]:
    """Yield the fields of a table of the schema, with the values of a deal."""
    schema = deal_schema()["$defs"][table]
    for key, given in schema["properties"].items():
        if key == CLAUSE or "const" in given:
            continue
        kind = _plain_kind(given)
        widget = _widget(key, kind)
        yield Field(
            name=f"{prefix}.{key}",
            key=key,
            label=_label(key),
            help=" ".join(given.get("description", "").split()),
            widget=widget,
            value=_shown(values[key], widget) if key in values else "",
            choices=tuple(str(choice) for choice in kind.get("enum", ())),
            low=kind.get("minimum", kind.get("exclusiveMinimum")),
            high=kind.get("maximum", kind.get("exclusiveMaximum")),
            needed=key in schema.get("required", ()),
            default=_default(given),
        )


def read_field(field: Field, text: str) -> Any:
    """Return the value that a text stands for; None where the field is left out.

    A text that is no such value is returned as it is: the check of the deal says what is wrong.
    """
    text = text.strip()
    if text == "":
        return None
    try:
        return _read(field.widget, text)
    except (ValueError, tomllib.TOMLDecodeError, RecursionError):
        return text


def _read(widget: str, text: str) -> Any:
    if widget == "number":
        number = float(text)
        return int(text) if text.lstrip("+-").isdigit() else number
    if widget == "date":
        return dt.date.fromisoformat(text)
    if widget == "flag":
        return {"true": True, "false": False}.get(text, text)
    if widget == "list":
        return [part.strip() for part in text.split(",") if part.strip()]
    if widget == "written":
        line = " ".join(text.split())
        return tomllib.loads(f"value = {line}")["value"]
    return text


def _plain_kind(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a field takes, leaving out that it may be left out."""
    options = [option for option in given.get("anyOf", ()) if option.get("type") != "null"]
    if not options:
        return given
    listed = [option for option in options if option.get("type") == "array"]
    texts = [option for option in options if option.get("type") == "string"]
    if len(options) == 2 and listed and texts:
        return dict(listed[0])
    return dict(options[0]) if len(options) == 1 else {}


def _widget(key: str, kind: Mapping[str, Any]) -> str:
    if "enum" in kind:
        return "choice"
    if kind.get("format") == "date":
        return "date"
    if kind.get("type") == "array":
        return "list" if kind.get("items", {}).get("type") == "string" else "written"
    known = {"number": "number", "integer": "number", "boolean": "flag",
             "string": "long" if key in LONG else "text"}  # fmt: skip
    return known.get(str(kind.get("type")), "written")


def _shown(value: Any, widget: str) -> str:
    if widget == "list":
        return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    if widget in {"text", "long", "choice", "date"}:
        return value.isoformat() if isinstance(value, dt.date) else str(value)
    if widget == "number" and isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:.15g}" if float(f"{value:.15g}") == value else repr(value)
    if isinstance(value, str):
        return value if widget != "written" else write_value(value)
    return write_value(value)


def _default(given: Mapping[str, Any]) -> str:
    value = given.get("default")
    if value in (None, "", [], {}):
        return ""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _label(key: str) -> str:
    words = key.replace("_", " ")
    return words[:1].upper() + words[1:]
