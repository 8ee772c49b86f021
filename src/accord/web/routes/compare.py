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
from accord.web.workbench.bench import choose_package, problems_of, query_of, tell_changes
from accord.web.workbench.naming import (
    PARTS,
    name_in_prose,
    name_package,
    name_part,
    name_region,
    signed,
)
from accord.web.workbench.reproduce import name_file
from accord.web.workbench.results import Side, grouped, sides_of

MOST = 4


@dataclass
class Compared:
    """A package in a comparison: titles, address, and its figures once they are known."""

    title: str
    deal: str
    changes: str
    query: str
    sides: list[Side]
    parts: dict[str, list[tuple[str, str, str, str]]]
    waiting: bool = False
    why: str = ""


async def compare(request: Request) -> Response:
    """Return up to four packages side by side."""
    asked = request.query_params
    wanted = [*asked.getlist("with"), *filter(None, [asked.get("link", "").strip()])]
    read = [_read_address(address) for address in wanted[: 2 * MOST]]
    packages = list({(draft.key, package): (draft, package) for draft, package in read}.values())
    drafts = [draft for draft, _ in packages]
    if asked.get("case") or asked.get("s"):
        drafts.insert(0, read_query(request).draft)
        packages = packages or _packages_of(drafts[0])[-MOST:]
    dropped, packages = len(packages) > MOST, packages[:MOST]
    columns = await run_in_threadpool(_gather, desk_of(request), packages)
    choices = await run_in_threadpool(_choices, drafts)
    context = {
        "columns": columns, "choices": choices, "wanted": [column.query for column in columns],
        "dropped": dropped, "waiting": any(column.waiting for column in columns),
        "parties": list(dict.fromkeys(side.name for c in columns for side in c.sides)),
        "prose": name_in_prose, "names": [name_part(part) for part in PARTS],
    }  # fmt: skip
    headers = {"refresh": "3"} if context["waiting"] else None
    return render_page(request, "compare.html", context, headers=headers)


def _packages_of(draft: Draft) -> list[tuple[Draft, str]]:
    return [(draft, str(table.get("name"))) for table in draft.packages]


def _choices(drafts: list[Draft]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return addresses and titles of what may be compared, by deal: drafts, then every case."""
    cases = [Draft(case.name) for case in shipped_cases()]
    return [
        (_name_draft(draft), [
            (query_of(draft, str(table.get("name"))), name_package(table))
            for table in draft.packages
        ])
        for draft in {draft.key: draft for draft in (*drafts, *cases)}.values()
    ]  # fmt: skip


def _name_draft(draft: Draft) -> str:
    title = str(draft.tables.get("title") or draft.tables.get("name") or "")
    return f"{title} ({tell_changes(draft)})" if draft.token else title


def _gather(desk: Desk, packages: list[tuple[Draft, str]]) -> list[Compared]:
    return [_column(desk, draft, package) for draft, package in packages]


def _column(desk: Desk, draft: Draft, package: str) -> Compared:
    tables = {str(table.get("name")): table for table in draft.packages}
    title = name_package(tables.get(package, {"name": package}))
    changes = tell_changes(draft) if draft.token else ""
    deal = str(draft.tables.get("title", ""))
    column = Compared(title, deal, changes, query_of(draft, package), [], {})
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
            column.parts[side.name] = [
                (side.party, name_part(part), signed(value), PARTS[part][0])
                for part, value in parts.items()
            ]
    return column


def _read_address(address: str) -> tuple[Draft, str]:
    """Return the draft and the package of an address in the workbench, whole or its query.

    Raises:
        InputError: It is none.
    """
    before, mark, query = address.partition("?")
    try:
        given = parse_qs(query if mark else before, max_num_fields=10)
    except ValueError:
        given = {}
    words = {key: values[0] for key, values in given.items()}
    if not words.get("case") and not words.get("s"):
        remedy = "copy the link of a draft in the workbench"
        raise InputError([Problem("link", "is no address of a draft", remedy)], "the request")
    draft = read_draft(words.get("case", ""), words.get("s", ""))
    return draft, choose_package(draft, words.get("package", ""))


async def explain(request: Request) -> Response:
    """Return the page that leads from a figure to its parts, clauses, equations and sources."""
    asked = read_query(request)
    context = await run_in_threadpool(_explain, desk_of(request), asked)
    return render_page(request, "explain.html", context)


def _explain(desk: Desk, asked: DraftRequest) -> dict[str, Any]:
    figure, draft = asked.fields.get("figure", "payoff"), asked.draft
    package = choose_package(draft, asked.package)
    tables = {str(table.get("name")): table for table in draft.packages}
    with desk.assessed(draft) as result:
        party = asked.fields.get("party") or result.deal.parties[0]
        tree = result.explain(figure, party, package=package)
        name = name_in_prose(name_region(party, result.world))
    return {
        "tree": tree, "figure": figure.replace("_", " "), "party": name,
        "package": name_package(tables[package]), "query": query_of(draft, package),
        "query_saved": bool(draft.token), "number": _number,
        "command": f"accord explain {name_file(draft)} {figure} {party} --package {package}",
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
