"""The thread that runs jobs, one after the other, each in a process of its own."""

import contextlib
import json
import logging
import queue
import subprocess
import sys
import threading
from collections.abc import Iterable
from typing import Any

from accord.core.errors import AccordError
from accord.web.jobs.store import Job, JobStore
from accord.web.jobs.work import REFUSED

LOG = logging.getLogger("accord.web.jobs")
PAUSE = 1.0  # seconds between two looks for work, and between two signs of life
LONGEST = 3600.0  # seconds


class Runner:
    """Runs the jobs of a store until it is stopped."""

    def __init__(self, store: JobStore) -> None:
        self.store = store
        self._wake = threading.Event()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to look for work, once."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)
            self._thread.start()

    def wake(self) -> None:
        """Look for work now."""
        self.start()
        self._wake.set()

    def stop(self) -> None:
        """End the running job, which will be begun again, and look for no more."""
        self._stopped.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(10)

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                if self.store.is_there:
                    self.store.recover()
                    job = self.store.claim()
                    if job is not None:
                        self._work_or_fail(job)
                        continue
            except AccordError as error:
                LOG.warning("jobs cannot be read: %s", error)
            except Exception:
                LOG.exception("a fault while jobs were run")
            self._wake.wait(PAUSE)
            self._wake.clear()

    def _work_or_fail(self, job: Job) -> None:
        """Run a job; a fault of ours is noted, so that nobody waits for it."""
        try:
            self._work(job)
        except Exception as error:
            self.store.end(job.id, "failed", repr(error))
            raise

    def _work(self, job: Job) -> None:
        command = [sys.executable, "-m", "accord.web.jobs.work", str(self.store.folder_of(job.id))]
        with subprocess.Popen(  # noqa: S603  (our own interpreter, a folder that we named)
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        ) as process:
            lines = _follow(process, job.settings)
            try:
                why = self._watch(job, process, lines)
            finally:
                process.kill()
        if self._stopped.is_set():
            return  # it runs on after a restart
        code = process.returncode
        if code == 0:
            self.store.end(job.id, "done")
        else:
            LOG.warning("job %s ended with %s: %s", job.id, code, why)
            self.store.end(job.id, "failed", why if code == REFUSED else why or f"exit {code}")

    def _watch(
        self, job: Job, process: "subprocess.Popen[str]", lines: "queue.Queue[str | None]"
    ) -> str:
        """Pass on what a process tells until it ends or is not wanted; return its last why."""
        why, waited = "", 0.0
        what, done, total = "", 0, 0
        while not self._stopped.is_set() and waited < LONGEST:
            try:
                line = lines.get(timeout=PAUSE)
            except queue.Empty:
                line, waited = "", waited + PAUSE
            if line is None:
                process.wait(30)
                return why
            told = _read(line)
            why = str(told.get("why", why))
            what = str(told.get("what", what))
            done, total = int(told.get("done", done)), int(told.get("of", total))
            if not self.store.tell(job.id, what, done, total):
                return why
        return why


def _follow(process: "subprocess.Popen[str]", settings: str) -> "queue.Queue[str | None]":
    """Return a queue of the lines of a process, ended by None, after its settings were sent."""
    lines: queue.Queue[str | None] = queue.Queue()

    def read(stream: Iterable[str]) -> None:
        with contextlib.suppress(ValueError):  # closed, because nobody reads on
            for line in stream:
                lines.put(line)
        lines.put(None)

    if process.stdin is None or process.stdout is None:
        raise AssertionError("a process without pipes")
    process.stdin.write(settings + "\n")
    process.stdin.flush()
    threading.Thread(target=read, args=(process.stdout,), daemon=True).start()
    return lines


def _read(line: str) -> dict[str, Any]:
    try:
        told = json.loads(line or "{}")
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
