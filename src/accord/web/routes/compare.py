"""`/compare` and `/workbench/explain`: packages side by side, and where a figure comes from."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from accord.assessment.explain.tree import Explanation
from accord.core.errors import AccordError, InputError, Problem
from accord.deal.load import shipped_cases
from accord.web.desk.desk import Desk
from accord.web.drafts.draft import Draft, read_draft
from accord.web.pages import render_page
from accord.web.routes.workbench import DraftRequest, desk_of, read_query
from accord.web.workbench.bench import choose_package, problems_of, query_of
from accord.web.workbench.naming import (
    PARTS,
    name_in_prose,
    name_package,
    name_part,
    name_region,
    signed,
)
from accord.web.workbench.results import Side, grouped, sides_of

MOST = 4


@dataclass
class Compared:
    """A package in a comparison: titles, address, and its figures once they are known."""

    title: str
    deal: str
    query: str
    sides: list[Side]
    parts: dict[str, list[tuple[str, str]]]
    waiting: bool = False
    why: str = ""


async def compare(request: Request) -> Response:
    """Return up to four packages side by side."""
    wanted = request.query_params.getlist("with")[:MOST]
    draft = None
    if request.query_params.get("case") or request.query_params.get("s"):
        draft = read_query(request).draft
    if draft is not None and not wanted:
        wanted = [query_of(draft, str(table.get("name"))) for table in draft.packages][-MOST:]
    columns = await run_in_threadpool(_gather, desk_of(request), wanted)
    choices = await run_in_threadpool(_choices, draft)
    context = {
        "columns": columns, "choices": choices, "wanted": wanted, "signed": signed,
        "waiting": any(column.waiting for column in columns),
        "parties": list(dict.fromkeys(side.name for c in columns for side in c.sides)),
        "prose": name_in_prose, "names": [name_part(part) for part in PARTS],
    }  # fmt: skip
    headers = {"refresh": "3"} if context["waiting"] else None
    return render_page(request, "compare.html", context, headers=headers)


def _choices(draft: Draft | None) -> list[tuple[str, str]]:
    """Return addresses and titles of what may be compared: the draft, then every case."""
    drafts = [*([draft] if draft is not None else []), *(Draft(c.name) for c in shipped_cases())]
    listed: dict[str, str] = {}
    for entry in drafts:
        for table in entry.packages:
            query = query_of(entry, str(table.get("name")))
            title = entry.tables.get("title", "")
            listed.setdefault(query, f"{name_package(table)} · {title}")
    return list(listed.items())


def _gather(desk: Desk, wanted: list[str]) -> list[Compared]:
    return [_column(desk, query) for query in wanted]


def _column(desk: Desk, query: str) -> Compared:
    words = _read_address(query)
    draft = read_draft(words.get("case", ""), words.get("s", ""))
    package = choose_package(draft, words.get("package", ""))
    tables = {str(table.get("name")): table for table in draft.packages}
    title = name_package(tables.get(package, {"name": package}))
    column = Compared(title, str(draft.tables.get("title", "")), query_of(draft, package), [], {})
    try:
        figures = desk.ask(desk.open(draft), package)
    except AccordError as error:
        column.why = " ".join(map(str, problems_of(error)[:2]))
        return column
    column.waiting = figures is None
    if figures is not None:
        column.sides = sides_of(figures)
        for side in column.sides:
            parts = grouped(figures.parts(side.party))
            column.parts[side.name] = [(name_part(p), signed(v)) for p, v in parts.items()]
    return column


def _read_address(query: str) -> dict[str, str]:
    """Return the first value of each word of an address."""
    try:
        given = parse_qs(query, max_num_fields=10)
    except ValueError as error:
        problem = Problem("with", "is no address of a package", "choose one of the list")
        raise InputError([problem], "the request") from error
    return {key: values[0] for key, values in given.items()}


async def explain(request: Request) -> Response:
    """Return the page that leads from a figure to its parts, clauses, equations and sources."""
    asked = read_query(request)
    context = await run_in_threadpool(_explain, desk_of(request), asked)
    return render_page(request, "explain.html", context)


def _explain(desk: Desk, asked: DraftRequest) -> dict[str, Any]:
    figure, party = asked.fields.get("figure", "payoff"), asked.fields.get("party", "")
    package = choose_package(asked.draft, asked.package)
    with desk.assessed(asked.draft) as result:
        tree = result.explain(figure, party, package=package)
        name = name_region(party, result.world)
    return {
        "tree": tree, "figure": figure, "party": name, "package": package,
        "query": query_of(asked.draft, package), "number": _number,
    }  # fmt: skip


def _number(node: Explanation) -> str:
    """Return the number of a node as it prints, with its unit; "" where it has none."""
    if node.value is None:
        return ""
    digits = signed(node.value, 2) if node.unit == "bn USD" else f"{node.value:.4g}"
    return f"{digits} {node.unit}".strip()


ROUTES: list[BaseRoute] = [
    Route("/compare", compare),
    Route("/workbench/explain", explain),
]
