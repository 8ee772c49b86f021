"""Jobs in a database: what waits, what runs and how far it is, and what became of it."""

import json
import shutil
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from accord.core.errors import AccordError, InputError, Problem
from accord.library.database import Database
from accord.library.errors import told
from accord.web.errors import MissingError, NotNowError
from accord.web.jobs.work import DEAL, PUBLISH, SHARE

State = Literal["waiting", "running", "done", "failed", "cancelled", "interrupted"]
OPEN = ("waiting", "running")
OF_LIBRARY = frozenset({PUBLISH, SHARE})  # in the settings of jobs that write into the library
SCRIPT = """
CREATE TABLE job (
  id TEXT PRIMARY KEY,
  key TEXT NOT NULL,
  state TEXT NOT NULL,
  settings TEXT NOT NULL,
  what TEXT NOT NULL DEFAULT '',
  done INTEGER NOT NULL DEFAULT 0,
  total INTEGER NOT NULL DEFAULT 0,
  why TEXT NOT NULL DEFAULT '',
  attempts INTEGER NOT NULL DEFAULT 0,
  created REAL NOT NULL,
  updated REAL NOT NULL
);
CREATE INDEX job_by_key ON job (key, created);
CREATE INDEX job_by_state ON job (state, created);
"""
MOST_WAITING = 60
MOST_KEPT = 300
SILENT = 15.0  # seconds after which a job that tells nothing has lost its server
ATTEMPTS = 2  # times a job is begun before it is reported as interrupted


@dataclass(frozen=True)
class Job:
    """A job as it stands in the database.

    Attributes:
        id: Its name.
        key: What it works out: equal for equal work.
        state: Where it is.
        settings: Settings of the assessment, as JSON.
        what: What is being done.
        done: How much of it is done.
        total: Of how much.
        why: Why it failed.
        attempts: How often it was begun.
        updated: When it last told something, seconds since 1970.
    """

    id: str
    key: str
    state: State
    settings: str
    what: str
    done: int
    total: int
    why: str
    attempts: int
    created: float
    updated: float

    @property
    def is_open(self) -> bool:
        """Whether it waits or runs."""
        return self.state in OPEN

    @property
    def is_of_library(self) -> bool:
        """Whether it writes into the library: then it is not a reader's to stop."""
        return not OF_LIBRARY.isdisjoint(json.loads(self.settings))

    def to_dict(self) -> dict[str, Any]:
        """Return what a client may know of it."""
        return {
            "id": self.id, "state": self.state, "what": self.what, "done": self.done,
            "of": self.total, "why": self.why,
        }  # fmt: skip


class JobStore:
    """The jobs of a library; several servers may use it at once."""

    def __init__(self, folder: Path) -> None:
        """Keep the jobs in a folder of the library, made when it is first needed."""
        self.folder = folder / "jobs"
        self._database = Database(self.folder / "jobs.db", (SCRIPT,))
        self._ready = False

    @property
    def database(self) -> Database:
        """The database, made where there is none.

        Raises:
            LibraryError: The folder is full or read-only.
        """
        if not self._ready:
            with told(self.folder.parent):
                self.folder.mkdir(parents=True, exist_ok=True)
            self._database.prepare()
            self._ready = True
        return self._database

    @property
    def is_there(self) -> bool:
        """Whether any job was ever kept."""
        if self._ready:
            return True
        path = self._database.path  # a full disk leaves it empty
        return path.exists() and path.stat().st_size > 0

    def folder_of(self, job: str) -> Path:
        """Return the folder of a job's files; `job` is an id that this store made."""
        return self.folder / job

    def add(self, key: str, text: str, settings: str) -> Job:
        """Return the job for a deal file: one with equal work that is open or done, or a new one.

        Raises:
            InputError: Too many jobs wait.
            LibraryError: The folder is full or read-only.
        """
        known = self.latest(key)
        if known is not None and (known.is_open or known.state == "done"):
            return known
        new = uuid.uuid4().hex
        try:
            name = self._add(new, key, text, settings)
        except AccordError:
            shutil.rmtree(self.folder_of(new), ignore_errors=True)  # half written, and no job
            raise
        self._forget_old()
        return self.get(name)

    def _add(self, name: str, key: str, text: str, settings: str) -> str:
        """Return the id of the job that does this: one just added by others, or a new one."""
        now, folder = time.time(), self.folder_of(name)
        with self.database.write() as rows:
            waits = rows.execute(
                "SELECT id FROM job WHERE key = ? AND state IN ('waiting', 'running')", (key,)
            ).fetchone()
            if waits is not None:
                return str(waits["id"])
            waiting = rows.execute("SELECT count(*) FROM job WHERE state = 'waiting'").fetchone()[0]
            if waiting >= MOST_WAITING:
                remedy = "wait until some are done"
                raise InputError([Problem("", f"{waiting} jobs wait already", remedy)], "the queue")
            folder.mkdir(parents=True)
            (folder / DEAL).write_text(text, encoding="utf-8")
            rows.execute(
                "INSERT INTO job (id, key, state, settings, created, updated) "
                "VALUES (?, ?, 'waiting', ?, ?, ?)",
                (name, key, settings, now, now),
            )
        return name

    def get(self, name: str) -> Job:
        """Return a job.

        Raises:
            MissingError: There is no such job.
        """
        if self.is_there:
            with self.database.read() as rows:
                row = rows.execute("SELECT * FROM job WHERE id = ?", (name,)).fetchone()
            if row is not None:
                return Job(**dict(row))
        raise MissingError([Problem("job", f"there is no job {name[:64]!r}", "start a new one")])

    def latest(self, key: str) -> Job | None:
        """Return the newest job with equal work, or None."""
        if not self.is_there:
            return None
        with self.database.read() as rows:
            row = rows.execute(
                "SELECT * FROM job WHERE key = ? ORDER BY created DESC LIMIT 1", (key,)
            ).fetchone()
        return None if row is None else Job(**dict(row))

    def listed(self, most: int = 50) -> list[Job]:
        """Return the newest jobs."""
        if not self.is_there:
            return []
        with self.database.read() as rows:
            newest = rows.execute("SELECT * FROM job ORDER BY created DESC LIMIT ?", (most,))
            return [Job(**dict(row)) for row in newest]

    def claim(self) -> Job | None:
        """Return the job that has waited longest, now running; None while another runs."""
        with self.database.write() as rows:
            if rows.execute("SELECT 1 FROM job WHERE state = 'running'").fetchone():
                return None
            row = rows.execute(
                "SELECT id FROM job WHERE state = 'waiting' ORDER BY created LIMIT 1"
            ).fetchone()
            if row is None:
                return None
            rows.execute(
                "UPDATE job SET state = 'running', attempts = attempts + 1, updated = ? "
                "WHERE id = ?",
                (time.time(), row["id"]),
            )
        return self.get(row["id"])

    def tell(self, name: str, what: str, done: int, total: int) -> bool:
        """Note how far a running job is; return whether it is still wanted."""
        with self.database.write() as rows:
            changed = rows.execute(
                "UPDATE job SET what = ?, done = ?, total = ?, updated = ? "
                "WHERE id = ? AND state = 'running'",
                (what, done, total, time.time(), name),
            )
            return changed.rowcount == 1

    def end(self, name: str, state: State, why: str = "") -> None:
        """Note what became of an open job; one that is over stays as it is."""
        with self.database.write() as rows:
            rows.execute(
                "UPDATE job SET state = ?, why = ?, updated = ? "
                "WHERE id = ? AND state IN ('waiting', 'running')",
                (state, why[:2000], time.time(), name),
            )

    def cancel(self, name: str) -> Job:
        """Return a job after it was stopped; one that is over stays as it is.

        Raises:
            MissingError: There is no such job.
            NotNowError: It writes into the library.
        """
        if self.get(name).is_of_library:
            message = "it makes files of the library and is not stopped here"
            raise NotNowError([Problem("job", message, "wait until it is done")], "the job")
        self.end(name, "cancelled")
        return self.get(name)

    def recover(self) -> Mapping[str, State]:
        """Begin jobs again whose server is gone; report those that were begun twice.

        Returns:
            The new state of each by id.
        """
        states: dict[str, State] = {}
        with self.database.write() as rows:
            lost = rows.execute(
                "SELECT id, attempts FROM job WHERE state = 'running' AND updated < ?",
                (time.time() - SILENT,),
            ).fetchall()
            for row in lost:
                state: State = "waiting" if row["attempts"] < ATTEMPTS else "interrupted"
                states[row["id"]] = state
                rows.execute("UPDATE job SET state = ? WHERE id = ?", (state, row["id"]))
        return states

    def _forget_old(self) -> None:
        with self.database.write() as rows:
            old = rows.execute(
                "SELECT id FROM job WHERE state NOT IN ('waiting', 'running') "
                "ORDER BY created DESC LIMIT -1 OFFSET ?",
                (MOST_KEPT,),
            ).fetchall()
            rows.executemany("DELETE FROM job WHERE id = ?", [(row["id"],) for row in old])
        for row in old:
            shutil.rmtree(self.folder_of(row["id"]), ignore_errors=True)
