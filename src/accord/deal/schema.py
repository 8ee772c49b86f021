"""The JSON Schema of a deal file, and the table of its fields, both read off the models."""

import json
import types
import typing
from importlib import resources
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from accord.deal.clauses.registry import CLAUSES
from accord.deal.deal import AssessmentSettings, Background, DealFile, History, NoDeal, Package
from accord.deal.external_entries import ExternalEntry, IncomeEntry
from accord.deal.fields import describe_fields, nested_tables, tables_in
from accord.deal.includes.background import BackgroundFile
from accord.deal.projects import OutcomeEntry, PhaseEntry, ProjectEntry, RateEntry
from accord.deal.sources import SourceEntry
from accord.deal.terms.entries import TermEntry, TermsTable
from accord.deal.vintages.entries import VintageEntry

SCHEMA_FILE = "deal.schema.json"
SCHEMA_DIALECT = "https://json-schema.org/draft/2020-12/schema"
TABLES: tuple[tuple[str, type[BaseModel]], ...] = (
    ("top level", DealFile),
    ("[[source]]", SourceEntry),
    ("[assessment]", AssessmentSettings),
    ("[background]", Background),
    ("[no_deal]", NoDeal),
    ("[[package]]", Package),
    ("[[project]]", ProjectEntry),
    ("[[rate]]", RateEntry),
    ("[[external]]", ExternalEntry),
    ("[terms]", TermsTable),
    ("[[terms.term]]", TermEntry),
    ("[[vintage]]", VintageEntry),
    ("[[history]]", History),
    ("top level of a background", BackgroundFile),
    *((f'clause, kind = "{kind}"', model) for kind, model in CLAUSES.items()),
    *(
        (f"{key} (in {model.kind_phrase()})", table)
        for model in CLAUSES.values()
        for key, table in nested_tables(model).items()
    ),
    ("phases (in a project)", PhaseEntry),
    ("income (in external)", IncomeEntry),
    ("earning, overrun, delay (in a project)", OutcomeEntry),
)
WORDS: dict[str, str] = {
    "float": "number",
    "int": "whole number",
    "str": "text",
    "bool": "true or false",
    "date": "date",
    "tuple": "list",
    "dict": "table of shares",
}


def deal_json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a deal file, as plain data."""
    schema = DealFile.model_json_schema(by_alias=True)
    tables = {model.__name__: model for model in all_tables(DealFile)}
    for name, table in ((DealFile.__name__, schema), *schema["$defs"].items()):
        meanings = describe_fields(tables[name])
        for key, field in tables[name].model_fields.items():
            shown = table["properties"][field.alias or key]
            with_meaning = {**shown, "description": meanings[key]}
            table["properties"][field.alias or key] = dict(sorted(with_meaning.items()))
    return {"$schema": SCHEMA_DIALECT, **schema, "title": "Accord deal file"}


def all_tables(model: type[BaseModel]) -> set[type[BaseModel]]:
    """Return a table and every table in it, however deep."""
    known, todo = {model}, [model]
    while todo:
        for inner in tables_in(todo.pop()):
            if inner not in known:
                known.add(inner)
                todo.append(inner)
    return known


def render_schema() -> str:
    """Return the text of the shipped schema file."""
    return json.dumps(deal_json_schema(), indent=2, ensure_ascii=False) + "\n"


def read_shipped_schema() -> str:
    """Return the schema file as shipped, text."""
    return (resources.files("accord.deal") / SCHEMA_FILE).read_text(encoding="utf-8")


def render_fields() -> str:
    """Return the reference of every table and field as Markdown, in the order of the models."""
    parts: list[str] = []
    for heading, model in TABLES:
        about = " ".join((model.__doc__ or "").split())
        rows = [f"### {heading}", "", about, "", "| field | value | needed | meaning |"]
        rows.append("|---|---|---|---|")
        meanings = describe_fields(model)
        for name, field in model.model_fields.items():
            needed = "yes" if field.is_required() else _default(field)
            meaning = " ".join(meanings[name].split()).replace("|", "\\|")
            rows.append(f"| `{field.alias or name}` | {_type(field)} | {needed} | {meaning} |")
        parts.append("\n".join(rows))
    return "\n\n".join(parts) + "\n"


def _default(field: FieldInfo) -> str:
    """Default of a field as written in a file, or "no" where leaving it out means nothing."""
    value = field.default
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, int | float):
        return f"`{value:g}`"
    if isinstance(value, str) and value:
        return f'`"{value}"`'
    if isinstance(value, tuple) and value and isinstance(value[0], str):
        return f"`{json.dumps(list(value))}`"
    return "no"


def _type(field: FieldInfo) -> str:
    """Kind of value of a field in plain words."""
    return _words(field.annotation)


def _words(kind: Any) -> str:
    origin = typing.get_origin(kind)
    if origin is typing.Annotated:
        return _words(typing.get_args(kind)[0])
    if origin is typing.Literal:
        return " ".join(f'`"{v}"`' if isinstance(v, str) else f"`{v}`" for v in kind.__args__)
    if origin in (types.UnionType, typing.Union):
        options = [_words(item) for item in typing.get_args(kind) if item is not type(None)]
        return " or ".join(dict.fromkeys(options))
    if origin is tuple:
        inner = _words(typing.get_args(kind)[0])
        return "list of tables" if "table" in inner else f"list of {inner}"
    if origin is dict:
        values = typing.get_args(kind)[1]
        lists = typing.get_origin(values) is tuple
        return "table of lists" if lists else "table" if values is Any else WORDS["dict"]
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return "table"
    return WORDS.get(getattr(kind, "__name__", ""), str(kind))
