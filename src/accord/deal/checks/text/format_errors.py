"""The validation library's errors in the words of a deal file: path, message, remedy."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import BaseModel, ValidationError

from accord.core.errors import Problem
from accord.core.words import suggest
from accord.deal.checks.text.as_written import show_number
from accord.deal.checks.text.dates import correct_date
from accord.deal.checks.text.limits import shorten, show_place
from accord.deal.checks.text.slips import correct_number
from accord.deal.clauses.registry import CLAUSES
from accord.deal.deal import AssessmentSettings, Background, DealFile, History, NoDeal, Package
from accord.deal.external_entries import ExternalEntry, IncomeEntry
from accord.deal.fields import describe_fields, nested_tables
from accord.deal.projects import OutcomeEntry, PhaseEntry, ProjectEntry, RateEntry
from accord.deal.sources import SourceEntry
from accord.deal.terms.entries import TermEntry, TermsTable

TABLES: dict[str, type[BaseModel]] = {
    "source": SourceEntry,
    "assessment": AssessmentSettings,
    "background": Background,
    "no_deal": NoDeal,
    "package": Package,
    "history": History,
    **{key: table for model in CLAUSES.values() for key, table in nested_tables(model).items()},
    "project": ProjectEntry,
    "external": ExternalEntry,
    "income": IncomeEntry,
    "rate": RateEntry,
    "terms": TermsTable,
    "term": TermEntry,
    "phases": PhaseEntry,
    **dict.fromkeys(("earning", "overrun", "delay"), OutcomeEntry),
}
HEADINGS = ("source", "package", "clause", "history", "project", "external", "rate", "term")
QUANTITIES = ("tonnes", "tons", "quantity", "volume", "weight", "kg", "units", "t")
MEANT_KEYS = {
    "from": ("date", "start", "starts", "start_date", "begin", "begins", "since", "effective"),
    "until": ("end", "ends", "end_date", "to", "till", "expires"),
    "annual_cap": ("cap", "yearly_cap", "per_year"),
    "amount": ("value", "sum", "total"),
    "rate": ("tariff", "duty"),
    "name": ("id",),
    "id": ("name",),
}
MEANT_VALUES = {
    "ceiling": {"cap", "max", "maximum", "most"},
    "floor": {"min", "minimum", "least"},
    "add": {"on_top", "additional", "surcharge"},
    "cut": {"reduce", "reduction", "discount"},
    "direct": {"fdi", "firms", "private"},
    "loan": {"credit", "debt", "lending"},
}
"""Other words for what a field may say."""
EXAMPLES = {
    "no_deal": "add a [no_deal] table: what happens if the talks fail "
    "(`accord new NAME` writes an example)",
    "package": "add at least one [[package]] with a name and its clauses",
    "schema": "add `schema = 1` as the first line",
    "kind": f"add `kind = …`, one of {', '.join(CLAUSES)}",
}
EXPECTED = {
    "float_type": ("a number", "write it without quotes, such as 0.15 or 200e9"),
    "int_type": ("a whole number", "write it without quotes or decimals"),
    "int_from_float": ("a whole number", "write it without decimals"),
    "bool_type": ("true or false", "write it without quotes"),
    "string_type": ("text", "put it in quotes"),
    "date_type": ("a date", "write year-month-day without quotes, such as 2025-11-14"),
    "tuple_type": ("a list", 'write it in brackets, such as ["KOR"]'),
    "dict_type": ("a table", "write it in braces, such as { KOR = 0.5, USA = 0.5 }"),
    "model_type": ("a table", "write it in braces, or under a [heading]"),
    "model_attributes_type": ("a table", "write it in braces, or under a [heading]"),
    "finite_number": ("a finite number", "give a number"),
}


def explain_errors(
    error: ValidationError, as_written: Mapping[str, Any], file: type[BaseModel] | None = None
) -> list[Problem]:
    """Return one problem for each place a file departs from the format, in file order.

    Args:
        error: What the validation says.
        as_written: The file as parsed.
        file: Model of the file; that of a deal file if left out.
    """
    by_path: dict[str, tuple[tuple[Any, ...], Problem]] = {}
    for item in error.errors():
        place = _place(item["loc"], as_written, missing=item["type"] == "missing")
        path = show_place(place)
        message, remedy = _words(item, place, as_written, file or DealFile)
        known = by_path.get(path)
        if known is None:
            by_path[path] = (place, Problem(path, message, remedy))
        elif item["type"] not in ("model_type", "tuple_type", "date_type"):
            by_path[path] = (place, _either(known[1], message, remedy))
    around = {place[:length] for place, _ in by_path.values() for length in range(len(place))}
    return [problem for place, problem in by_path.values() if place not in around]


def _either(known: Problem, message: str, remedy: str) -> Problem:
    """Two readings of one wrong value: keep both messages if they differ."""
    if message == known.message:
        return known
    return Problem(known.path, f"{known.message}, or {message}", known.remedy or remedy)


def _place(loc: Sequence[Any], as_written: Any, *, missing: bool) -> tuple[Any, ...]:
    """Location without the names of alternatives that only the validation library knows."""
    place: list[Any] = []
    here = as_written
    for position, step in enumerate(loc):
        last = position == len(loc) - 1
        if isinstance(here, Mapping):
            if step == here.get("kind") and not last and isinstance(loc[position - 1], int):
                continue  # which kind of clause it is, and no key of it
            if step in here:
                here = here[step]
            elif not (last and missing):
                continue
            place.append(step)
        elif isinstance(here, list) and isinstance(step, int):
            place.append(step)
            here = here[step] if step < len(here) else None
    return tuple(place)


def _words(
    item: Any, place: tuple[Any, ...], as_written: Mapping[str, Any], file: type[BaseModel]
) -> tuple[str, str]:
    """Message and remedy of one error."""
    kind, value, context = item["type"], item.get("input"), item.get("ctx", {})
    key = str(place[-1]) if place else ""
    if kind == "missing":
        return "is missing", EXAMPLES.get(key) or _add(key, _model_at(place[:-1], as_written, file))
    if kind == "extra_forbidden":
        if key in QUANTITIES:
            return "unknown key", "a quota is the customs value of a year: write amount = 2e9"
        keys = _keys(_model_at(place[:-1], as_written, file))
        close = _meant_key(key, keys) or suggest(key, keys)
        return "unknown key", f"did you mean {close}?" if close else f"keys here: {', '.join(keys)}"
    if kind == "union_tag_not_found":
        return "has no kind", EXAMPLES["kind"]
    if kind == "union_tag_invalid":
        close = suggest(str(context.get("tag", "")), CLAUSES)
        remedy = f"did you mean {close}?" if close else EXAMPLES["kind"]
        return f'"{context.get("tag")}" is not a kind of clause', remedy
    if kind == "literal_error":
        return _literal_words(value, context)
    if kind in ("tuple_type", "model_type", "model_attributes_type", "dict_type"):
        return _shape_words(kind, value, place)
    return _number_words(kind, value, context, key)


def _literal_words(value: Any, context: Any) -> tuple[str, str]:
    """Message and remedy for a text that is none of those allowed."""
    options = str(context.get("expected", "")).replace(" or ", ", ").replace("'", "")
    names = options.split(", ")
    words = str(value).casefold().replace("-", "_").split()
    inside = [name for name in names if name in words]
    inside += [name for name in names if not MEANT_VALUES.get(name, set()).isdisjoint(words)]
    if str(value) in names:  # a number where text is expected
        return f"{_show(value)} is a number", f'put it in quotes: write "{value}"'
    close = inside[0] if inside else suggest(str(value), names)
    remedy = f"did you mean {close}?" if close else f"one of {options}"
    return f"{_show(value)} is not allowed here", remedy


def _meant_key(key: str, keys: Sequence[str]) -> str | None:
    """Return the key that another word for it stands for, where the table has it."""
    known = (name for name, words in MEANT_KEYS.items() if key.lower() in words)
    return next((name for name in known if name in keys), None)


def _shape_words(kind: str, value: Any, place: Sequence[Any]) -> tuple[str, str]:
    """Message and remedy for a list where a table is expected, and the other way round."""
    key = str(place[-1]) if place else ""
    what, how = EXPECTED[kind]
    kinds = ((Mapping, "a table"), (list, "a list"))
    told = next((word for kind_, word in kinds if isinstance(value, kind_)), _show(value))
    message = f"{told} is not {what}"
    if kind == "tuple_type" and isinstance(value, Mapping):
        if key in HEADINGS:
            heading = ".".join(step for step in place if isinstance(step, str))
            begun = f"begin each with [[{heading}]]" + (" and its name" if key == "package" else "")
            return message, f"a table that may come several times has two brackets: {begun}"
        return message, f"put it in brackets: {key} = [{{ … }}]"
    if kind == "tuple_type" and isinstance(value, str):
        parts = ", ".join(f'"{part.strip()}"' for part in value.split(",") if part.strip())
        return message, f"write it in brackets: [{shorten(parts, 60)}]"
    if kind == "dict_type" and isinstance(value, list):
        names = [str(name) for name in value if isinstance(name, str)]
        shares = ", ".join(f"{name} = {1 / len(names):.3g}" for name in names)
        return message, f"say the share of each: {{ {shorten(shares, 60)} }}" if names else how
    if kind == "dict_type":
        return message, how if key != "sectors" else "write it in braces, such as { energy = 1.0 }"
    if isinstance(value, list):
        return message, f"it comes once: write [{key}] with one pair of brackets"
    needed = _needed(TABLES.get(key))
    inside = ", ".join(f"{name} = …" for name in needed)
    return message, f"write it in braces: {key} = {{ {inside} }}" if needed else how


def _needed(model: type[BaseModel] | None) -> list[str]:
    """Return the keys of a table that it cannot do without."""
    fields = model.model_fields.items() if model is not None else ()
    return [field.alias or name for name, field in fields if field.is_required()]


def _number_words(kind: str, value: Any, context: Any, key: str) -> tuple[str, str]:
    """Message and remedy for values of the wrong size, length, or type."""
    if kind in ("greater_than", "greater_than_equal", "less_than_equal"):
        return _range_words(kind, value, context, key)
    if kind == "string_pattern_mismatch":
        if key == "currency":
            return f"{_show(value)} is not a currency code", 'write three capitals, such as "USD"'
        return f"{_show(value)} is not a plain name", "use small letters, digits, - and _ only"
    if kind == "too_short" and context.get("actual_length"):
        count, least = context["actual_length"], context.get("min_length", 1)
        return f"has only {count}", f"give at least {least}"
    if kind in ("too_short", "string_too_short"):
        return "is empty", f"give at least {context.get('min_length', 1)}"
    if kind in EXPECTED:
        what, how = EXPECTED[kind]
        shown = str(value) if kind == "date_type" and isinstance(value, int) else _show(value)
        return f"{shorten(shown)} is not {what}", _correct(kind, value, key) or how
    return f"{_show(value)} cannot be read here", "see docs/deal-file.md for this field"


def _correct(kind: str, value: Any, key: str) -> str:
    """What to write for a value of the wrong type; "" where that cannot be made out."""
    if kind == "date_type":
        told = correct_date(value.isoformat() if isinstance(value, date) else str(value), key)
        return f"{told}, without quotes" if told and isinstance(value, str) else told
    if kind == "string_type" and isinstance(value, int | float):
        return 'put it in quotes, HS codes too, such as "8703"'
    if not isinstance(value, str):
        return ""
    told = correct_number(value) if kind in ("float_type", "int_type") else ""
    return f"{told}, without quotes" if told else ""


def _range_words(kind: str, value: Any, context: Any, key: str) -> tuple[str, str]:
    """Message and remedy for a number that is too small or too large."""
    if kind == "less_than_equal":
        most = context["le"]
        if most == 1 and 1 < value <= 100:
            remedy = f"a share is a fraction: did you mean {value / 100:g} ({value:g} %)?"
            return f"{show_number(float(value))} is above 1", remedy
        return f"{show_number(float(value))} is above {most:g}", f"give at most {most:g}"
    least = context.get("gt", context.get("ge"))
    if value >= 0:
        bound = "more than" if "gt" in context else "at least"
        return f"{show_number(float(value))} is too small", f"give {bound} {least:g}"
    payer = key in ("amount", "annual_cap")
    more = "; who pays is said by `payer` and `host`" if payer else ""
    return f"{show_number(float(value))} is negative", f"give a positive number{more}"


def _model_at(place: Sequence[Any], as_written: Any, file: type[BaseModel]) -> type[BaseModel]:
    """The table a place lies in."""
    model = file
    here = as_written
    for step in place:
        here = here[step]
        if isinstance(step, str):
            model = TABLES.get(step, model)
        elif isinstance(here, Mapping) and str(here.get("kind")) in CLAUSES:
            model = CLAUSES[str(here["kind"])]
    return model


def _keys(model: type[BaseModel]) -> tuple[str, ...]:
    """Keys of a table as written in a file."""
    return tuple(field.alias or name for name, field in model.model_fields.items())


def _add(key: str, model: type[BaseModel]) -> str:
    """Remedy for a missing key."""
    for name, field in model.model_fields.items():
        text = describe_fields(model)[name] if (field.alias or name) == key else ""
        if text:
            about = " ".join(text.split()).rstrip(".")
            return f"add `{key} = …` ({about[0].lower()}{about[1:]})"
    return f"add `{key} = …`"


def _show(value: Any) -> str:
    """A value as written in the file, shortened."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return show_number(float(value))
    if isinstance(value, date):
        return value.isoformat()
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "…"
