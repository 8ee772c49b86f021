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
from accord.assessment.sweep.plan import SweepPlan, key_of, read_plan, words_of
from accord.assessment.sweep.result import SweepResult
from accord.assessment.sweep.rows import COLUMNS, DONE, PROBLEM, empty_rows, make_table
from accord.assessment.sweep.scenario import SweepScenario, scenarios_of
from accord.assessment.sweep.store import SweepFolder, open_folder
from accord.assessment.sweep.workshop import Item
from accord.assessment.valuation.welfare.surface import Progress
from accord.core.arguments import public
from accord.core.boundary.settings import as_plain
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
    that fails has rows with its status and problem; one that a fault of the program, short
    memory or a killed worker left open is tried again by the next call.

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
        OutputError: The folder cannot be written, or another sweep is at work there.
    """
    workers = as_plain(workers)
    read = _read(plan, _find_problems(output, workers, dask, progress))
    grounds = open_grounds(read)
    with open_folder(Path(output)) as folder:
        run = _SweepRun(read, grounds, folder)
        for batch, table in _choose(workers, dask)(grounds, run.batches()):
            run.take_in(batch, table)
            if progress is not None:
                progress(DOING, run.kept + run.solved + run.unfinished - 1, read.size)
        folder.write_table(run.tables(), _describe(read, grounds))
    return SweepResult(folder.path, read.size, run.solved, run.kept, run.failed, run.unfinished)


def _find_problems(
    output: object, workers: object, dask: object, progress: object
) -> list[Problem]:
    """Return what is wrong with a call, its plan apart."""
    problems: list[Problem] = []
    if not isinstance(output, str | Path) or not str(output).strip():
        message = f"{output!r:.80} is no folder"
        problems.append(Problem("output", message, 'Give the path of one, such as "table"'))
    if not isinstance(workers, int) or isinstance(workers, bool) or workers < 1:
        message = f"{workers!r:.80} is no number of processes"
        problems.append(Problem("workers", message, "Give a whole number from 1"))
    if isinstance(dask, str) and dask.strip():
        problems += find_dask("dask")
    elif dask is not None:
        message = f"{dask!r:.80} is no address"
        remedy = 'Give that of a scheduler, such as "tcp://10.0.0.1:8786", or "local"'
        problems.append(Problem("dask", message, remedy))
    if progress is not None and not callable(progress):
        message = f"{progress!r:.80} cannot be called"
        remedy = "Give a function of what is done, how much of it, and of how much; or leave it out"
        problems.append(Problem("progress", message, remedy))
    return problems


def _read(plan: Path | str | Mapping[str, Any], problems: list[Problem]) -> SweepPlan:
    """Return a plan.

    Raises:
        InputError: With the problems of the call, and those of the plan.
    """
    try:
        read = read_plan(plan)
    except InputError as error:
        if not problems:
            raise
        raise InputError([*problems, *error.problems], "the call") from error
    if problems:
        raise InputError(problems, "the call")
    return read


def _choose(workers: int, dask: str | None) -> Crew:
    """Return who solves."""
    if dask is not None:
        return with_dask(dask, workers)
    return solve_here if workers == 1 else with_processes(workers)


class _SweepRun:
    """The scenarios of a plan on their way from the plan to the table."""

    def __init__(self, plan: SweepPlan, grounds: Mapping[str, Ground], folder: SweepFolder) -> None:
        self.plan, self.grounds, self.folder = plan, grounds, folder
        self.kept = self.solved = self.failed = 0
        self._hashes = bytearray()
        self._words = words_of(plan)
        self._lost: dict[str, tuple[str, str]] = {}  # status and problem

    @property
    def unfinished(self) -> int:
        """Scenarios that a fault, short memory or a killed worker left open."""
        return len(self._lost)

    def batches(self) -> Iterator[Batch]:
        """Yield what is not finished, in batches of one ground; hashes are noted on the way."""
        waiting: dict[str, list[Item]] = {}
        given: set[bytes] = set()
        size = TOGETHER[self.plan.figures]
        for scenario in scenarios_of(self.plan):
            where = self._key(scenario)
            digest = self.grounds[where].hash_of(scenario.changes)
            key = bytes.fromhex(digest)
            self._hashes += key
            if key in given:
                continue
            if digest in self.folder:
                self.kept += 1
                given.add(key)
                continue
            given.add(key)
            items = waiting.setdefault(where, [])
            items.append(Item(digest, scenario.changes))
            if len(items) == size:
                yield Batch(where, tuple(waiting.pop(where)))
        for where, items in waiting.items():
            yield Batch(where, tuple(items))

    def _key(self, scenario: SweepScenario) -> str:
        """Return which ground a scenario is of."""
        return key_of(scenario.changes.get(WORLD, self.plan.world))

    def take_in(self, batch: Batch, table: "pa.Table") -> None:
        """Keep the rows of a batch; what is said of scenarios without a result."""
        self.folder.write(table)
        open_ones = {item.hash for item in batch.items if item.hash not in self.folder}
        self.solved += len(batch.items) - len(open_ones)
        said = table.select(["hash", "status", PROBLEM]).to_pylist() if open_ones else ()
        for row in said:
            if row["hash"] in open_ones:
                self._lost[row["hash"]] = row["status"], row[PROBLEM]

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
        parts = [
            self._tell_lost(scenario, digest) if digest in self._lost else next(there)
            for scenario, digest in zip(scenarios, digests, strict=True)
        ]
        self.failed += sum(set(part["status"].to_pylist()) != {DONE} for part in parts)
        counts = [part.num_rows for part in parts]
        rows = pa.concat_tables(parts)
        columns: dict[str, Any] = {
            "scenario": _repeat([s.index for s in scenarios], counts, pa.int64()),
            "name": _repeat([s.name for s in scenarios], counts, pa.string()),
        }
        for name in self.plan.changed:
            values = [s.changes.get(name) for s in scenarios]
            kind = self._kind(name)
            if kind == pa.string():
                values = [None if value is None else self._word(name, value) for value in values]
            columns[name] = _repeat(values, counts, kind)
        columns |= {name: rows[name] for name in COLUMNS if name not in LAST}
        return pa.table({**columns, **{name: rows[name] for name in LAST}})

    def _tell_lost(self, scenario: SweepScenario, digest: str) -> "pa.Table":
        status, problem = self._lost[digest]
        ground = self.grounds[self._key(scenario)]
        return make_table(empty_rows(ground, digest, status=status, problem=problem))

    def _word(self, name: str, value: Any) -> str:
        """Return what the table calls a value that is no number."""
        return self._words[key_of(value)] if name == WORLD else str(value)

    def _kind(self, name: str) -> "pa.DataType":
        """Return the kind of the column of a change."""
        import pyarrow as pa

        values = [value for _, other, value in self.plan.values() if other == name]
        if all(isinstance(value, bool) for value in values):
            return pa.bool_()
        are_numbers = all(isinstance(value, int | float) for value in values)
        return pa.float64() if are_numbers else pa.string()


def _repeat(values: Sequence[Any], counts: Sequence[int], kind: "pa.DataType") -> "pa.Array":
    import pyarrow as pa

    repeated = [value for value, count in zip(values, counts, strict=True) for _ in range(count)]
    return pa.array(repeated, kind)


def _describe(plan: SweepPlan, grounds: Mapping[str, Ground]) -> dict[str, Any]:
    """Return what a reader of the folder may want to know of the sweep."""
    ground, words = next(iter(grounds.values())), words_of(plan)
    return {
        "name": plan.name,
        "plan": plan.subject,
        "deal": {"name": ground.deal.name, "sha256": ground.deal.sha256},
        "worlds": {
            words[key] or each.world.name: {"name": each.world.name, "sha256": each.world.sha256}
            for key, each in grounds.items()
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
