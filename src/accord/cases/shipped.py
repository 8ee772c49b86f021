"""The shipped cases and backgrounds, found by listing the folders of this room."""

from importlib import resources
from pathlib import Path

from accord.core.errors import InputError, Problem
from accord.core.words import suggest

DEAL_FILE = "deal.toml"
BACKGROUNDS = "backgrounds"
SUFFIX = ".toml"


def case_names() -> tuple[str, ...]:
    """Return the names of the cases that come with Accord, in alphabetical order."""
    return tuple(sorted(path.parent.name for path in _folder().glob(f"*/{DEAL_FILE}")))


def case_path(name: str, file: str = DEAL_FILE) -> Path:
    """Return the path of a file of a case, whether or not the case has it."""
    return _folder() / name / file


def case_files(file: str) -> tuple[Path, ...]:
    """Return the paths of the files of this name that cases have, by name of the case."""
    return tuple(path for name in case_names() if (path := case_path(name, file)).is_file())


def background_names() -> tuple[str, ...]:
    """Return the names of the backgrounds that come with Accord, in alphabetical order."""
    return tuple(sorted(path.stem for path in _folder().glob(f"{BACKGROUNDS}/*.toml")))


def background_path(name: str) -> Path:
    """Return the path of a shipped background, whether or not there is one of that name."""
    return _folder() / BACKGROUNDS / f"{name}.toml"


def find_deal_file(name_or_path: str | Path) -> Path:
    """Return the path of the deal file meant: an existing path, or that of a shipped case.

    Raises:
        InputError: There is no such file and no such case.
    """
    path, names = Path(name_or_path), case_names()
    if isinstance(name_or_path, str) and name_or_path in names:
        return case_path(name_or_path)
    if _exists(path):
        return path
    close = suggest(path.name.removesuffix(SUFFIX), names)
    remedy = f"did you mean the shipped case {close}?" if close else "check the path"
    shipped = f"shipped cases: {', '.join(names)}"
    message = "there is no such file and no shipped case of that name"
    raise InputError([Problem(str(name_or_path), message, f"{remedy} ({shipped})")], "the command")


def _exists(path: Path) -> bool:
    """Whether there is such a file; none has a name that the system does not allow."""
    try:
        return path.exists()
    except OSError:
        return False


def _folder() -> Path:
    return Path(str(resources.files("accord.cases")))
