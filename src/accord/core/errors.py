"""The three kinds of error a user can meet, each carrying its remedy."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from accord.core.status import Status
from accord.core.words import capitalised


class AccordError(Exception):
    """Base of every error Accord raises on purpose."""

    exit_code = 1


@dataclass(frozen=True)
class Problem:
    """One thing wrong with an input: where it is, what is wrong, what to do."""

    path: str
    message: str
    remedy: str = ""

    def __str__(self) -> str:
        """One line: path, message and remedy, the remedy as a sentence of its own."""
        text = f"{self.path}: {self.message}" if self.path else self.message
        return f"{text}. {capitalised(self.remedy)}" if self.remedy else text


@dataclass(frozen=True)
class Notice(Problem):
    """Something right in form that is probably not what was meant: a warning, not an error."""


class InputError(AccordError):
    """Raised for a wrong input, with every problem found, before any work is done."""

    exit_code = 2

    def __init__(self, problems: Sequence[Problem], subject: str = "the input") -> None:
        """Keep the problems; the message lists them all."""
        self.problems = tuple(problems)
        self.subject = subject
        count = len(self.problems)
        head = f"{count} problem{'s' if count != 1 else ''} in {subject}:"
        super().__init__("\n".join([head, *(f"  - {problem}" for problem in self.problems)]))

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        """Cross to another process whole."""
        return type(self), (self.problems, self.subject)


class OutputError(AccordError):
    """Raised when a result cannot be written; whatever was there before is intact."""

    exit_code = 2

    def __init__(self, path: Path | str, reason: str) -> None:
        """Say which path failed and why."""
        self.path = Path(path)
        self.reason = reason
        super().__init__(
            f"cannot write {self.path}: {reason}. "
            "Nothing was changed; choose another place with --output, or free space there."
        )

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        """Cross to another process whole."""
        return type(self), (self.path, self.reason)


class SolveError(AccordError):
    """Raised when a solve did not converge; the status text is the remedy."""

    exit_code = 3

    def __init__(self, status: Status, detail: str = "") -> None:
        """Keep the status so that a caller can act on it."""
        self.status = status
        self.detail = detail
        super().__init__(f"{detail}: {status.value}" if detail else status.value)

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        """Cross to another process whole."""
        return type(self), (self.status, self.detail)
