"""What holds for every test: checked shapes and types, repeatable draws, memory given back."""

import ctypes
import gc
import os
import resource
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from tests.compiler import LITTLE_OPTIMIZED, compiler_flags

# Read by JAX when it is first imported, here and in the commands that tests start.
os.environ.setdefault("JAX_PLATFORMS", "cpu")
os.environ["JAX_NUMPY_RANK_PROMOTION"] = "raise"
os.environ.setdefault("XLA_FLAGS", compiler_flags(LITTLE_OPTIMIZED))
# As many workers as processors: what multiplies matrices on several threads waits for the others.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# Commands that tests start, and the files of the packages they import, are compiled once and not by
# each of them, also where the surroundings say otherwise.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# Read by the C library when a worker or a command starts: what a compiler thread has freed, others
# may use.
os.environ.setdefault("MALLOC_ARENA_MAX", "2")

import pytest
from hypothesis import HealthCheck, settings
from jaxtyping import install_import_hook

import tests.checked
from tests.kept import RUNNING, forget_nodes

sys.dont_write_bytecode = False
gc.disable()  # until everything is imported and collected

# Before anything imports accord: shapes and types in signatures are checked when it is called.
install_import_hook("accord", "tests.checked.check_types")

settings.register_profile(
    "accord",
    derandomize=True,
    deadline=None,
    max_examples=50,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "long", settings.get_profile("accord"), derandomize=False, max_examples=2500
)
settings.load_profile("accord")
CACHED = type(cache(len))  # what functools makes of a function whose results are kept
FRAMES = 1 << 18  # words: two megabytes
PEAKS = pytest.StashKey[dict[str, float]]()
WORKERS_OF: defaultdict[str, set[str]] = defaultdict(set)  # by file


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--long`: fifty times as many examples, drawn afresh, and every extreme deal."""
    parser.addoption("--long", action="store_true", help="fifty times as many random examples")


def pytest_configure(config: pytest.Config) -> None:
    """Choose how many examples are drawn, and start without nodes an older program has solved."""
    config.stash[PEAKS] = {}
    if config.getoption("--long"):
        settings.load_profile("long")
    if not hasattr(config, "workerinput") and RUNNING not in os.environ:
        forget_nodes()


@pytest.fixture
def long(request: pytest.FixtureRequest) -> bool:
    """Whether thousands of trials are asked for."""
    return bool(request.config.getoption("--long"))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Check the first calls of every function in each test, those of its fixtures among them."""
    tests.checked.begin_a_test()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files, and in a file with the tests that hold the most.

    The others come in the order in which they were drawn.
    """
    items.sort(key=lambda item: -len([*item.iter_markers("first")]))


def pytest_collection_finish() -> None:
    """Look through memory less often, and never through what importing and collecting have left.

    Tests keep hundreds of thousands of objects for good, and Python would look through all of them
    whenever a quarter has been added.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


def call_with_room(run: Callable[[], object]) -> object:
    """Call a function in a frame so large that Python gives it, and all it calls, one block.

    Frames stand in blocks of 16 kB, and one is asked of the system, and given back, whenever a
    call crosses the end of the last: two hundred thousand times in a test of a minute.
    """
    return run()


call_with_room.__code__ = call_with_room.__code__.replace(co_stacksize=FRAMES)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> object:
    """Run the tests with room for their frames."""
    here, plugins = sys.modules[__name__], session.config.pluginmanager
    loop = plugins.subset_hook_caller("pytest_runtestloop", [here])
    return call_with_room(lambda: loop(session=session))


def drop_programs() -> None:
    """Drop what JAX has compiled, and give what it took to the system; the disk has it still.

    Selections of imports go as well: eighty megabytes for each world, made anew in a tenth of a
    second.
    """
    jax, products = sys.modules.get("jax"), sys.modules.get("accord.deal.products")
    if jax is not None:
        jax.clear_caches()
    if products is not None:
        products.build_cells.cache_clear()
    gc.collect()
    trim_memory()


def trim_memory() -> None:
    """Give what was freed, by the compiler for one, back to the system."""
    if sys.platform == "linux":
        ctypes.CDLL(None).malloc_trim(0)


class Ceiling:
    """Memory above which a test drops what those before it have compiled, in megabytes.

    What a file holds for good is not dropped again and again: the ceiling rises with what is left.
    """

    def __init__(self, lowest: float, room: float) -> None:
        self.room = room
        self.height = lowest

    def hold(self, resident: float | None) -> bool:
        """Whether programs were dropped, because a process has more than the ceiling resident."""
        if resident is None or resident <= self.height:
            return False
        drop_programs()
        self.height = max(self.height, (resident_memory() or 0.0) + self.room)
        return True


CEILING = Ceiling(lowest=900.0, room=150.0)


@pytest.fixture(autouse=True)
def keep_below_the_ceiling() -> Iterator[None]:
    """Drop programs between tests, where they take much."""
    yield
    CEILING.hold(resident_memory())


@pytest.fixture(autouse=True, scope="module")
def forget_what_a_file_has_made(request: pytest.FixtureRequest) -> Iterator[None]:
    """Drop what functions of a file keep for its tests, which nobody asks for again."""
    yield
    for made in vars(request.module).values():
        if isinstance(made, CACHED) and made.__module__ == request.module.__name__:
            made.cache_clear()
    trim_memory()


def resident_memory() -> float | None:
    """Return the memory this process has resident now, in megabytes; None where it is not told."""
    pages = Path("/proc/self/statm")
    if not pages.exists():
        return None
    return int(pages.read_text().split()[1]) * resource.getpagesize() / 1e6


def peak_memory() -> float:
    """Return the most memory this process has had resident, in megabytes."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def torn_files() -> list[str]:
    """Return the files whose tests ran on several workers."""
    return sorted(name for name, workers in WORKERS_OF.items() if len(workers) > 1)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Remember which worker has run tests of a file."""
    node = getattr(report, "node", None)
    if node is not None:
        WORKERS_OF[report.nodeid.partition("::")[0]].add(node.gateway.id)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Send a worker's peak to the process that writes the summary, or keep one's own.

    A file whose tests ran on several workers is a failure: they would share no results.
    """
    if session.config.getoption("dist", "no") == "loadfile" and torn_files():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["peak"] = peak_memory()
    elif not session.config.stash[PEAKS]:
        session.config.stash[PEAKS]["this process"] = peak_memory()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    """Take the peak of a worker that is done."""
    output = getattr(node, "workeroutput", {})
    if "peak" in output:
        node.config.stash[PEAKS][node.gateway.id] = output["peak"]  # type: ignore[attr-defined]


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print the most memory each worker had resident."""
    for name in torn_files() if config.getoption("dist", "no") == "loadfile" else ():
        terminalreporter.write_line(f"FAILED {name}: its tests ran on several workers")
    for name, peak in sorted(config.stash[PEAKS].items()):
        terminalreporter.write_line(f"peak memory of {name}: {peak:,.0f} MB")
