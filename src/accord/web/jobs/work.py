"""The process of a job: it reads a deal file, assesses it with all draws, and leaves the results.

Run as `python -m accord.web.jobs.work FOLDER`, with settings as JSON in the first line of standard
input. It prints a line of JSON whenever it is further, and ends when standard input is closed.
"""

import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from accord.core.errors import AccordError
from accord.core.files import write_atomically
from accord.library.errors import LibraryError, told

if TYPE_CHECKING:
    from accord.assessment.facade import Assessment
    from accord.briefing.document.blocks import Table
    from accord.briefing.words.messages import Messages

DEAL, RESULT, SAVED = "deal.toml", "result.json", "assessment.accord"
BROAD = "verdict-tornado"  # a chart of a briefing that takes the whole width
SECONDS = 0.4  # between two lines
DRAWN = ("currency-dollar", "gains-map", BROAD)  # charts of a briefing beside the plane
REFUSED = 3
SHARE = "share"  # in the settings of a job that publishes what another has worked out
PUBLISH = "publish"  # in the settings of a job that makes the files of a shipped case: its name


def main() -> None:
    """Work a job out; exit with 3 and a last line that says why where it cannot be."""
    folder = Path(sys.argv[1])
    settings = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_the_server, daemon=True).start()
    try:
        work_out(folder, settings)
    except AccordError as error:
        _say({"why": tell_why(error)})
        raise SystemExit(REFUSED) from error


def work_out(folder: Path, settings: dict[str, Any]) -> None:
    """Do the work of a job and leave its results in its folder.

    Raises:
        AccordError: The deal is wrong, an equilibrium was not found, or nothing can be written.
    """
    with told(folder.parent.parent):  # a full disk, for one, is said without its path
        _work_out(folder, settings)


def _work_out(folder: Path, settings: dict[str, Any]) -> None:
    case = settings.pop(PUBLISH, None)
    if case is not None:
        publish_case(folder.parent.parent, case, settings)
        write_atomically(folder / RESULT, json.dumps({"slug": case}).encode())
        return
    if SHARE in settings:
        publish_saved(folder, **settings[SHARE])
        return
    result = assess_file((folder / DEAL).read_text(encoding="utf-8"), settings)
    _say({"what": "the drawings", "done": 0, "of": 1})
    result.save(folder / SAVED)
    write_atomically(folder / RESULT, json.dumps(show(result)).encode())


def tell_why(error: AccordError) -> str:
    """Return why a job failed, for a page: without the place of the library on this machine."""
    if isinstance(error, LibraryError):
        return f"{error.reason}. {error.remedy}."
    return str(error)


def publish_case(library: Path, case: str, settings: dict[str, Any]) -> None:
    """Make the files of a shipped case in the library of a folder.

    Raises:
        SolveError: An equilibrium was not found.
        LibraryError: The library cannot be written.
    """
    from accord.assessment.settings import AssessSettings
    from accord.library.making import make_shipped
    from accord.library.opening import open_library

    make_shipped(open_library(library), case, settings=AssessSettings(**settings), progress=_tell())


def publish_saved(folder: Path, job: str, slug: str, author: str) -> None:
    """Publish what another job has worked out in the library of a folder.

    Raises:
        InputError: The assessment of that job cannot be read.
        LibraryError: The library cannot be written.
    """
    from accord.assessment.load import load_assessment
    from accord.library.opening import open_library
    from accord.library.publish import publish

    result = load_assessment(folder.parent / job / SAVED)
    listing = publish(result, open_library(folder.parent.parent), author=author, slug=slug)
    write_atomically(folder / RESULT, json.dumps({"slug": listing.slug}).encode())


def assess_file(text: str, settings: dict[str, Any]) -> "Assessment":
    """Return the assessment of a deal file's text, its verdict reached.

    Raises:
        InputError: Anything in it is wrong.
        SolveError: An equilibrium was not found.
    """
    from accord.assessment.assess import assess
    from accord.assessment.settings import AssessSettings
    from accord.deal.load import read_deal

    result = assess(read_deal(text, world=_world()), settings=AssessSettings(**settings))
    result.reach_verdict(_tell())
    return result


def show(result: "Assessment") -> dict[str, Any]:
    """Return what the workbench shows of an assessment: figures by package and party, drawings."""
    verdict = result.verdict
    places = {party: verdict.regions.index(party) for party in verdict.parties}
    packages = {}
    for name in verdict.packages[1:]:
        payoff, chance = verdict.payoff(name), verdict.chance(name)
        interval = verdict.interval(name)
        packages[name] = {
            "parties": {
                party: {
                    "payoff": float(payoff[at]), "low": float(interval[0, at]),
                    "high": float(interval[2, at]), "chance": float(chance[at]),
                }
                for party, at in places.items()
            },
            "all": verdict.chance_all(name),
        }  # fmt: skip
    plane, charts, tables = _draw(result)
    return {
        "draws": verdict.count, "packages": packages, "plane": plane, "charts": charts,
        "tables": tables,
    }  # fmt: skip


def _draw(
    result: "Assessment",
) -> tuple[dict[str, str], list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the payoff plane with its clouds, further drawings, and the tables on cars."""
    from accord.briefing.charts.base import render_svg
    from accord.briefing.document.blocks import Chart, Table
    from accord.briefing.opening.picture import build_picture
    from accord.briefing.sections import drivers, external
    from accord.briefing.sections.goods import cars, third_countries
    from accord.briefing.view import BriefingView

    view = BriefingView(result)

    def draw(chart: Chart) -> dict[str, str]:
        return {
            size: render_svg(spec, f"{chart.id}-{size}", chart.title, chart.alt)
            for size, spec in (("wide", chart.wide), ("narrow", chart.narrow))
        }

    sections = (module.build(view) for module in (external, drivers, third_countries, cars))
    blocks = [block for section in sections if section for block in section.blocks]
    charts = [
        {
            "title": block.title,
            "finding": str(block.finding),
            "broad": block.id.startswith(BROAD),
            **draw(block),
        }
        for block in blocks
        if isinstance(block, Chart) and block.id.startswith(DRAWN)
    ]
    tables = [
        _cells(block, view.words)
        for block in blocks
        if isinstance(block, Table) and block.id.startswith("cars-")
    ]
    return draw(build_picture(view)), charts, tables


def _cells(table: "Table", words: "Messages") -> dict[str, Any]:
    """Return a table of a briefing as texts."""
    from accord.briefing.document.facts import Fact
    from accord.briefing.render.data import print_cell

    groups = [
        {
            "heading": "" if group.heading is None else str(group.heading),
            "rows": [
                [str(row.heading)]
                + [
                    print_cell(cell, column, words)[0]
                    if isinstance(cell, Fact)
                    else str(cell or "–")
                    for cell, column in zip(row.cells, table.columns[1:], strict=True)
                ]
                for row in group.rows
            ],
        }
        for group in table.groups
    ]
    columns = [column.label for column in table.columns]
    return {"title": table.caption, "unit": str(table.unit), "columns": columns, "groups": groups}


def _world() -> Any:
    from accord.data.store import load_world

    return load_world()


def _tell() -> Any:
    last = 0.0

    def tell(what: str, done: int, of: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= SECONDS:
            last = now
            _say({"what": what, "done": done, "of": of})

    return tell


def _say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def _end_with_the_server() -> None:
    """End this process when the server that started it is gone."""
    while os.read(0, 1024):  # not sys.stdin, whose lock would hold up the end of this process
        pass
    os._exit(1)


if __name__ == "__main__":
    try:
        main()
        code = 0
    except SystemExit as stop:
        code = int(stop.code or 0)
    sys.stdout.flush()
    os._exit(code)  # without waiting for the thread that reads
