"""Many scenarios of a deal: solved in batches, kept by hash, told as one table."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from accord.assessment.sweep.changes import WORLD
from accord.assessment.sweep.cluster import find_dask, with_dask
from accord.assessment.sweep.crew import Batch, Crew, solve_here, with_processes
from accord.assessment.sweep.ground import Ground, engine_digest, open_grounds
from accord.assessment.sweep.plan import SweepPlan, read_plan, word_of
from accord.assessment.sweep.result import SweepResult
from accord.assessment.sweep.rows import COLUMNS, DONE
from accord.assessment.sweep.scenario import SweepScenario, scenarios_of
from accord.assessment.sweep.store import SweepFolder
from accord.assessment.sweep.workshop import Item
from accord.assessment.valuation.welfare.surface import Progress
from accord.core.arguments import public
from accord.core.errors import InputError, Problem

if TYPE_CHECKING:
    import pyarrow as pa

TOGETHER = {"yearly": 64, "payoffs": 1}  # scenarios of a batch
TOLD = 512  # scenarios whose rows are put together at a time
BYTES = 16  # of a hash
DOING = "scenarios"
LAST = ("hash",)  # columns at the end of the table


@public
def sweep(
    plan: Path | str | Mapping[str, Any],
    *,
    output: Path | str,
    workers: int = 1,
    dask: str | None = None,
    progress: Progress | None = None,
) -> SweepResult:
    """Return how a sweep went, after writing one row for each scenario, package and region.

    Results are kept under a hash of the deal, what is changed, the world and the program. What is
    finished is not solved again, whether the plan grew since or the process was killed. A scenario
    that fails has rows with its status and problem.

    Args:
        plan: The path of a plan (TOML), or a table of the same shape. It names the deal and has a
            `grid`, a `sample` or a list of `scenario`.
        output: The folder; it is made where there is none.
        workers: Processes of this machine; with more than one, call this below
            `if __name__ == "__main__":`.
        dask: Address of the scheduler of a Dask cluster; "local" starts one with `workers`.
        progress: Told what is being done, how much of it is done, and of how much.

    Raises:
        InputError: The plan, the deal or a world is wrong; all problems at once, before any work.
        OutputError: The folder cannot be written.
    """
    crew = _choose(workers, dask)
    read = read_plan(plan)
    grounds = open_grounds(read)
    folder = SweepFolder(Path(output))
    folder.drop_table()
    folder.write_head(_describe(read, grounds))
    run = _SweepRun(read, grounds, folder)
    done = run.kept
    for batch, table in crew(grounds, run.batches()):
        run.take_in(table)
        done = run.kept + run.solved
        if progress is not None and batch.items:
            progress(DOING, done - 1, read.size)
    folder.write_table(run.tables())
    return SweepResult(folder.path, read.size, run.solved, run.kept, run.failed)


def _choose(workers: int, dask: str | None) -> Crew:
    """Return who solves.

    Raises:
        InputError: There are no workers, or Dask is not installed.
    """
    problems: list[Problem] = []
    count: object = workers
    if not isinstance(count, int) or isinstance(count, bool) or count < 1:
        message = f"{workers!r:.80} is no number of processes"
        problems.append(Problem("workers", message, "Give a whole number from 1"))
    if dask is not None:
        problems += find_dask("dask")
    if problems:
        raise InputError(problems, "the call")
    if dask is not None:
        return with_dask(dask, workers)
    return solve_here if workers == 1 else with_processes(workers)


class _SweepRun:
    """The scenarios of a plan on their way from the plan to the table."""

    def __init__(self, plan: SweepPlan, grounds: Mapping[str, Ground], folder: SweepFolder) -> None:
        self.plan, self.grounds, self.folder = plan, grounds, folder
        self.kept = self.solved = self.failed = 0
        self._hashes = bytearray()
        self._lost: dict[str, pa.Table] = {}

    def batches(self) -> Iterator[Batch]:
        """Yield what is not finished, in batches of one ground; hashes are noted on the way."""
        waiting: dict[str, list[Item]] = {}
        given: set[bytes] = set()
        size = TOGETHER[self.plan.figures]
        for scenario in scenarios_of(self.plan):
            word = self._word(scenario)
            digest = self.grounds[word].hash_of(scenario.changes)
            key = bytes.fromhex(digest)
            self._hashes += key
            if key in given:
                continue
            if digest in self.folder:
                self.kept += 1
                given.add(key)
                continue
            given.add(key)
            items = waiting.setdefault(word, [])
            items.append(Item(digest, scenario.changes))
            if len(items) == size:
                yield Batch(word, tuple(waiting.pop(word)))
        for word, items in waiting.items():
            yield Batch(word, tuple(items))

    def _word(self, scenario: SweepScenario) -> str:
        return word_of(scenario.changes.get(WORLD, self.plan.world))

    def take_in(self, table: "pa.Table") -> None:
        """Keep the rows of a batch."""
        self.folder.write(table)
        digests = dict.fromkeys(table["hash"].to_pylist())
        self.solved += len(digests)
        for digest in digests:
            if digest not in self.folder:
                self._lost[digest] = table.filter(_is_hash(table, digest))

    def tables(self) -> Iterator["pa.Table"]:
        """Yield the tidy table in the order of the plan, some scenarios at a time."""
        waiting: list[SweepScenario] = []
        for scenario in scenarios_of(self.plan):
            waiting.append(scenario)
            if len(waiting) == TOLD:
                yield self._tell(waiting)
                waiting = []
        if waiting:
            yield self._tell(waiting)

    def _tell(self, scenarios: Sequence[SweepScenario]) -> "pa.Table":
        import pyarrow as pa

        digests = [
            bytes(self._hashes[BYTES * s.index : BYTES * (s.index + 1)]).hex() for s in scenarios
        ]
        there = self.folder.rows(digest for digest in digests if digest not in self._lost)
        parts = [self._lost[d] if d in self._lost else next(there) for d in digests]
        self.failed += sum(set(part["status"].to_pylist()) != {DONE} for part in parts)
        counts = [part.num_rows for part in parts]
        rows = pa.concat_tables(parts)
        columns: dict[str, Any] = {
            "scenario": _repeat([s.index for s in scenarios], counts, pa.int64()),
            "name": _repeat([s.name for s in scenarios], counts, pa.string()),
        }
        for name in self.plan.changed:
            values = [s.changes.get(name) for s in scenarios]
            kind = pa.float64() if self._is_number(name) else pa.string()
            columns[name] = _repeat([_plain(value, kind) for value in values], counts, kind)
        columns |= {name: rows[name] for name in COLUMNS if name not in LAST}
        return pa.table({**columns, **{name: rows[name] for name in LAST}})

    def _is_number(self, name: str) -> bool:
        kinds = (type(value) for _, other, value in self.plan.values() if other == name)
        return all(issubclass(kind, int | float) for kind in kinds)


def _is_hash(table: "pa.Table", digest: str) -> Any:
    import pyarrow.compute as pc

    return pc.equal(table["hash"], digest)


def _repeat(values: Sequence[Any], counts: Sequence[int], kind: "pa.DataType") -> "pa.Array":
    import pyarrow as pa

    repeated = [value for value, count in zip(values, counts, strict=True) for _ in range(count)]
    return pa.array(repeated, kind)


def _plain(value: Any, kind: "pa.DataType") -> Any:
    """Return a value as a column holds it; None where the scenario does not change it."""
    import pyarrow as pa

    if value is None or pa.types.is_floating(kind):
        return value
    return word_of(value)


def _describe(plan: SweepPlan, grounds: Mapping[str, Ground]) -> dict[str, Any]:
    """Return what a reader of the folder may want to know of the sweep."""
    ground = next(iter(grounds.values()))
    return {
        "name": plan.name,
        "plan": plan.subject,
        "deal": {"name": ground.deal.name, "sha256": ground.deal.sha256},
        "worlds": {
            word or each.world.name: {"name": each.world.name, "sha256": each.world.sha256}
            for word, each in grounds.items()
        },
        "figures": plan.figures,
        "packages": ground.packages,
        "regions": ground.regions,
        "settings": asdict(plan.settings),
        "changes": plan.changed,
        "scenarios": plan.size,
        "versions": {
            "accord": metadata.version("accord-workbench"),
            "engine": engine_digest(),
            "jax": metadata.version("jax"),
            "numpy": metadata.version("numpy"),
        },
    }
