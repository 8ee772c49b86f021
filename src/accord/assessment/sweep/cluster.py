"""Batches of a sweep on a Dask cluster."""

from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from accord.assessment.sweep.crew import (
    AHEAD,
    Batch,
    Crew,
    Grounds,
    Solved,
    killed_rows,
    solve_in_worker,
    try_again,
)
from accord.core.errors import Problem

if TYPE_CHECKING:
    import pyarrow as pa
    from distributed import Client

LOCAL = "local"
ANY_PORT = "127.0.0.1:0"


def find_dask(path: str) -> list[Problem]:
    """Return that Dask is not installed, or nothing."""
    if find_spec("distributed") is not None:
        return []
    remedy = 'Install it: pip install "accord-workbench[dask]"; or use workers of this machine'
    return [Problem(path, "Dask is not installed", remedy)]


def with_dask(address: str, workers: int) -> Crew:
    """Return what solves batches on a Dask cluster.

    Args:
        address: Of the scheduler, such as "tcp://10.0.0.1:8786"; "local" starts one here.
        workers: Processes of the local cluster.
    """

    def solve(grounds: Grounds, batches: Iterable[Batch]) -> Solved:
        from distributed import Client, LocalCluster

        if address != LOCAL:
            with Client(address, set_as_default=False) as client:
                yield from _on_cluster(client, grounds, batches)
            return
        with (
            LocalCluster(
                n_workers=workers, threads_per_worker=1, dashboard_address=ANY_PORT
            ) as here,
            Client(here, set_as_default=False) as client,
        ):
            yield from _on_cluster(client, grounds, batches)

    return solve


def _on_cluster(client: "Client", grounds: Grounds, batches: Iterable[Batch]) -> Solved:
    """Yield batches as they are solved, a bounded number given out at a time."""
    from distributed import as_completed

    source: Iterator[Batch] = iter(batches)
    again: list[Batch] = []
    going: dict[str, Batch] = {}
    there = {key: client.scatter(ground, broadcast=True) for key, ground in grounds.items()}
    done = as_completed(loop=client.loop)

    def give_out() -> None:
        ahead = AHEAD * max(sum(client.nthreads().values()), 1)
        while len(going) < ahead:
            batch = again.pop() if again else next(source, None)
            if batch is None:
                return
            future = client.submit(solve_in_worker, there[batch.key], batch.items, pure=False)
            going[future.key] = batch
            done.add(future)

    give_out()
    for future in done:
        batch = going.pop(future.key)
        table = _table_of(future)
        if table is not None:
            yield batch, table
        else:
            client.wait_for_workers(1)
            there[batch.key] = client.scatter(grounds[batch.key], broadcast=True)
            retried, given_up = try_again(batch)
            again += retried
            for single in given_up:
                yield single, killed_rows(grounds[single.key], single)
        give_out()


def _table_of(future: Any) -> "pa.Table | None":
    """Return the rows of a batch; None where its workers were killed, or what it needs is gone."""
    from distributed import KilledWorker

    try:
        return future.result()
    except (KilledWorker, CancelledError):
        return None
