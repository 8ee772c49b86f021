"""What the workbench carries: `uv run python benchmarks/web.py`, a table on the screen.

Clients move sliders of the flagship case over the loopback address and ask for exact figures as
the page does. Nothing here is a test; no limit is enforced.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from tables import print_table

CASE = "us-korea-2025"
BOUNDS = {"cars": (0, 25), "country_rate": (0, 25), "cash": (10, 350), "payer_before": (10, 90)}


def memory(process: int) -> float:
    """Return the memory a process has resident, in megabytes."""
    for line in Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return float("nan")


def ask(url: str, form: dict[str, str] | None = None) -> tuple[float, int, dict[str, str]]:
    """Return the seconds an answer took, its status and its headers."""
    body = None if form is None else urllib.parse.urlencode(form).encode()
    request = urllib.request.Request(url, body, {"HX-Request": "true"})  # noqa: S310
    begun = time.perf_counter()
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            answer.read()
            return time.perf_counter() - begun, answer.status, dict(answer.headers)
    except urllib.error.HTTPError as error:
        return time.perf_counter() - begun, error.code, {}
    except OSError:
        return time.perf_counter() - begun, 0, {}


def move(base: str, until: float, seed: int, seen: list[tuple[str, float, int]]) -> None:
    """Move sliders until the end, as a reader does: a move, a look, now and then a pause."""
    chance = random.Random(seed)  # noqa: S311
    while time.monotonic() < until:
        name = chance.choice(list(BOUNDS))
        form = {"case": CASE, "s": "", "package": "signed",
                f"term.{name}": str(chance.randint(*BOUNDS[name]))}  # fmt: skip
        seconds, status, headers = ask(f"{base}/workbench/terms", form)
        seen.append(("a moved slider", seconds, status))
        address = {key.lower(): value for key, value in headers.items()}.get("hx-replace-url")
        if address and chance.random() < 0.5:
            path = address.replace("/workbench?", "/workbench/figures?")
            seconds, status, _ = ask(f"{base}{path}")
            seen.append(("exact figures asked for", seconds, status))
        time.sleep(chance.uniform(0.3, 1.2))


def start(port: int, folder: str) -> tuple[subprocess.Popen[bytes], float]:
    """Return a server that answers, and the seconds until its first page."""
    begun = time.perf_counter()
    code = "from accord.cli.main import main; main()"
    command = [sys.executable, "-c", code, "serve", "--port", str(port), "--library", folder]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603
    while ask(f"http://127.0.0.1:{port}/workbench")[1] != 200:
        time.sleep(0.05)
    return server, time.perf_counter() - begun


def warm(base: str, seconds: float) -> None:
    """Open the page and wait until its figures and curves are there."""
    ask(f"{base}/workbench?case={CASE}&package=signed")
    time.sleep(seconds)


def main() -> None:
    """Start a server, load it, and print what came out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--warm", type=float, default=90.0, help="seconds before the load")
    parser.add_argument("--port", type=int, default=8793)
    parser.add_argument("--quick", action="store_true", help="two clients, two seconds")
    given = parser.parse_args()
    if given.quick:
        given.clients, given.seconds, given.warm = 2, 2.0, 1.0
    with tempfile.TemporaryDirectory() as folder:
        server, started = start(given.port, folder)
        try:
            base = f"http://127.0.0.1:{given.port}"
            bare = memory(server.pid)
            warm(base, given.warm)
            idle = memory(server.pid)
            alone = sorted(
                ask(f"{base}/workbench/terms", {"case": CASE, "package": "signed",
                                                "term.cars": str(at)})[0]
                for at in range(1, 15)
            )  # fmt: skip
            seen: list[tuple[str, float, int]] = []
            until = time.monotonic() + given.seconds
            threads = [
                threading.Thread(target=move, args=(base, until, at, seen))
                for at in range(given.clients)
            ]
            for thread in threads:
                thread.start()
            peak = 0.0
            while any(thread.is_alive() for thread in threads):
                peak = max(peak, memory(server.pid))
                time.sleep(0.5)
            rows = []
            for kind in dict.fromkeys(kind for kind, _, _ in seen):
                times = sorted(seconds for what, seconds, _ in seen if what == kind)
                wrong = sum(status not in (200, 204) for what, _, status in seen if what == kind)
                at = [times[int(share * (len(times) - 1))] for share in (0.5, 0.95, 1.0)]
                rows.append([kind, len(times), wrong, *(f"{1000 * value:.0f}" for value in at)])
            print_table(
                f"{given.clients} clients for {given.seconds:g} s",
                ["answer", "number", "errors", "median, ms", "95th percentile, ms", "longest, ms"],
                rows,
            )
            print_table(
                "The server",
                ["start, s", "memory at the start, MB", "idle and warm, MB", "most under load, MB",
                 "a slider moved alone: median, ms", "longest, ms"],
                [[f"{started:.1f}", f"{bare:.0f}", f"{idle:.0f}", f"{peak:.0f}",
                  f"{1000 * alone[len(alone) // 2]:.0f}", f"{1000 * alone[-1]:.0f}"]],
            )  # fmt: skip
        finally:
            server.terminate()
            server.wait(30)


if __name__ == "__main__":
    main()
