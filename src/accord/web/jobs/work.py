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
from accord.library.errors import LibraryError

if TYPE_CHECKING:
    from accord.assessment.facade import Assessment

DEAL, RESULT, SAVED = "deal.toml", "result.json", "assessment.accord"
SECONDS = 0.4  # between two lines
REFUSED = 3
PUBLISH = "publish"  # in the settings of a job that makes the files of a shipped case: its name


def main() -> None:
    """Work a job out; exit with 3 and a last line that says why where it cannot be."""
    folder = Path(sys.argv[1])
    settings = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_the_server, daemon=True).start()
    try:
        case = settings.pop(PUBLISH, None)
        if case is not None:
            publish_case(folder.parent.parent, case, settings)
            return
        result = assess_file((folder / DEAL).read_text(encoding="utf-8"), settings)
        _say({"what": "the drawings", "done": 0, "of": 1})
        write_atomically(folder / RESULT, json.dumps(show(result)).encode())
        result.save(folder / SAVED)
    except AccordError as error:
        _say({"why": tell_why(error)})
        raise SystemExit(REFUSED) from error


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
    plane, charts = _draw(result)
    return {"draws": verdict.count, "packages": packages, "plane": plane, "charts": charts}


def _draw(result: "Assessment") -> tuple[dict[str, str], list[dict[str, str]]]:
    """Return the payoff plane with its clouds, and the drawings of currency and unknowns."""
    from accord.briefing.charts.base import render_svg
    from accord.briefing.document.blocks import Chart
    from accord.briefing.opening.picture import build_picture
    from accord.briefing.sections import drivers, external
    from accord.briefing.view import BriefingView

    view = BriefingView(result)

    def draw(chart: Chart) -> dict[str, str]:
        return {
            size: render_svg(spec, f"{chart.id}-{size}", chart.title, chart.alt)
            for size, spec in (("wide", chart.wide), ("narrow", chart.narrow))
        }

    sections = [section for section in (external.build(view), drivers.build(view)) if section]
    charts = [
        block
        for section in sections
        for block in section.blocks
        if isinstance(block, Chart) and block.id.startswith(("currency-dollar", "tornado"))
    ]
    return draw(build_picture(view)), [
        {"title": chart.title, "finding": str(chart.finding), **draw(chart)} for chart in charts
    ]


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
