"""The OpenAPI 3.1 document, put together from the shipped schemas."""

from functools import cache
from typing import Any

from accord.web.reading.records import library_schemas
from accord.web.words.sentences import tell
from accord.web.workbench.fields import deal_schema

PROBLEM = "Problem"
JSON = "application/json"
ANY: dict[str, Any] = {"type": "object"}
LIBRARY_QUERY: dict[str, dict[str, Any]] = {
    "q": {"type": "string"},
    "tag": {"type": "string"},
    "start": {"type": "integer", "minimum": 0, "maximum": 1_000_000, "default": 0},
    "count": {"type": "integer", "minimum": 1, "maximum": 100, "default": 24},
}
IN_PATH = {
    "case": ("name",), "job": ("id",), "cancel": ("id",), "result": ("id",), "briefing": ("slug",),
    "version": ("slug", "number"), "file": ("slug", "number", "format"),
}  # fmt: skip


@cache
def openapi_document() -> dict[str, Any]:
    """Return the document of the interface; the schema of a deal is that of the deal file."""
    from importlib.metadata import version

    deal = {key: value for key, value in deal_schema().items() if key not in {"$defs", "$schema"}}
    tables = deal_schema()["$defs"]
    schemas = _moved({**tables, "DealFile": deal}) | _own_schemas() | library_schemas()
    return {
        "openapi": "3.1.0",
        "info": {
            "title": tell("api.title"), "version": version("accord-workbench"),
            "description": tell("api.lead"), "license": {"name": "Apache-2.0",
            "identifier": "Apache-2.0"},
        },
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "paths": {path: _path(entries) for path, entries in _operations().items()},
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }  # fmt: skip


def _moved(value: Any) -> Any:
    """Return a schema with references into the components of the document."""
    if isinstance(value, dict):
        return {
            key: item.replace("#/$defs/", "#/components/schemas/")
            if isinstance(item, str) and item.startswith("#/$defs/")
            else _moved(item)
            for key, item in value.items()
        }
    return [_moved(item) for item in value] if isinstance(value, list) else value


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _own_schemas() -> dict[str, Any]:
    text = {"type": "string"}
    given: dict[str, Any] = {
        "case": {**text, "description": tell("api.field.case")},
        "text": {**text, "description": tell("api.field.text")},
        "deal": {**_ref("DealFile"), "description": tell("api.field.deal")},
    }

    def request(**more: Any) -> dict[str, Any]:
        return {
            "type": "object", "properties": {**given, **more}, "additionalProperties": False,
            "oneOf": [{"required": [name]} for name in given],
        }  # fmt: skip

    package = {"package": {**text, "description": tell("api.field.package")}}
    draws = {
        "type": "integer", "minimum": 0, "maximum": 10_000, "default": 0,
        "description": tell("api.field.draws"),
    }  # fmt: skip
    return {
        "CheckRequest": request(),
        "AssessRequest": request(draws=draws),
        "CompareRequest": {
            "type": "object", "required": ["deals"], "additionalProperties": False,
            "properties": {"deals": {"type": "array", "minItems": 1, "maxItems": 4,
                                     "items": _ref("CheckRequest"),
                                     "description": tell("api.field.deals")}},
        },
        "PackageRequest": request(**package),
        "ExplainRequest": request(
            **package, party={**text, "description": tell("api.field.party")},
            figure={**text, "default": "payoff", "description": tell("api.field.figure")},
        ),
        "ProblemDetails": {
            "type": "object", "required": ["type", "title", "status", "problems"],
            "properties": {
                "type": text, "title": text, "status": {"type": "integer"}, "detail": text,
                "problems": {"type": "array", "items": _ref(PROBLEM)},
            },
        },
        PROBLEM: {
            "type": "object", "required": ["path", "message", "remedy"],
            "properties": {"path": text, "message": text, "remedy": text},
        },
        "Job": {
            "type": "object", "required": ["id", "state"],
            "properties": {
                "id": text, "what": text, "done": {"type": "integer"},
                "of": {"type": "integer"}, "why": text,
                "state": {"enum": ["waiting", "running", "done", "failed", "cancelled",
                                   "interrupted"]},
            },
        },
    }  # fmt: skip


def _operations() -> dict[str, dict[str, tuple[str, str | None, str | None]]]:
    """Return method, schema of the request and schema of the answer of every address."""
    return {
        "/api/v1/cases": {"get": ("cases", None, None)},
        "/api/v1/cases/{name}": {"get": ("case", None, "DealFile")},
        "/api/v1/schema": {"get": ("schema", None, None)},
        "/api/v1/check": {"post": ("check", "CheckRequest", None)},
        "/api/v1/assess": {"post": ("assess", "AssessRequest", None)},
        "/api/v1/compare": {"post": ("compare", "CompareRequest", None)},
        "/api/v1/bargain": {"post": ("bargain", "CheckRequest", None)},
        "/api/v1/prices": {"post": ("prices", "PackageRequest", None)},
        "/api/v1/explain": {"post": ("explain", "ExplainRequest", None)},
        "/api/v1/jobs": {"get": ("jobs", None, None)},
        "/api/v1/jobs/{id}": {"get": ("job", None, "Job"), "delete": ("cancel", None, "Job")},
        "/api/v1/jobs/{id}/result": {"get": ("result", None, None)},
        "/api/v1/library": {"get": ("library", None, "BriefingList")},
        "/api/v1/library/{slug}": {"get": ("briefing", None, "BriefingRecord")},
        "/api/v1/library/{slug}/{number}": {"get": ("version", None, "BriefingRecord")},
        "/api/v1/library/{slug}/{number}/files/{format}": {"get": ("file", None, None)},
    }


def _path(entries: dict[str, tuple[str, str | None, str | None]]) -> dict[str, Any]:
    return {method: _operation(*entry) for method, entry in entries.items()}


def _operation(name: str, body: str | None, answered: str | None) -> dict[str, Any]:
    schema = _ref(answered) if answered else ANY
    operation: dict[str, Any] = {
        "operationId": name,
        "summary": tell(f"api.operation.{name}"),
        "responses": {
            "200": {"description": tell("api.ok"), "content": {JSON: {"schema": schema}}},
            "default": {
                "description": tell("api.wrong"),
                "content": {"application/problem+json": {"schema": _ref("ProblemDetails")}},
            },
        },
    }
    if name == "assess":
        started = {"description": tell("api.started"), "content": {JSON: {"schema": _ref("Job")}}}
        operation["responses"]["202"] = started
    if name == "cases":
        operation["responses"]["200"]["content"][JSON]["schema"] = {"type": "array", "items": ANY}
    if name == "jobs":
        listed = {"type": "array", "items": _ref("Job")}
        operation["responses"]["200"]["content"][JSON]["schema"] = listed
    if name == "file":
        content = {"*/*": {"schema": {"type": "string", "format": "binary"}}}
        operation["responses"]["200"]["content"] = content
    if name in IN_PATH:
        operation["parameters"] = [
            {"name": key, "in": "path", "required": True,
             "schema": {"type": "integer" if key == "number" else "string"}}
            for key in IN_PATH[name]
        ]  # fmt: skip
    if name == "library":
        operation["parameters"] = [
            {"name": key, "in": "query", "description": tell(f"api.field.{key}"), "schema": schema}
            for key, schema in LIBRARY_QUERY.items()
        ]
    if body is not None:
        operation["requestBody"] = {
            "required": True,
            "content": {JSON: {"schema": _ref(body), "example": {"case": "us-korea-2025"}}},
        }
    return operation
