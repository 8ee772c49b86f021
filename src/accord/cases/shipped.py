"""The shipped cases: each is a folder of this room, found by listing it."""

from importlib import resources
from pathlib import Path

DEAL_FILE = "deal.toml"


def case_names() -> tuple[str, ...]:
    """Return the names of the cases that come with Accord, in alphabetical order."""
    return tuple(sorted(path.parent.name for path in _folder().glob(f"*/{DEAL_FILE}")))


def case_path(name: str, file: str = DEAL_FILE) -> Path:
    """Return the path of a file of a case, whether or not the case has it."""
    return _folder() / name / file


def case_files(file: str) -> tuple[Path, ...]:
    """Return the paths of the files of this name that cases have, by name of the case."""
    return tuple(path for name in case_names() if (path := case_path(name, file)).is_file())


def _folder() -> Path:
    return Path(str(resources.files("accord.cases")))
