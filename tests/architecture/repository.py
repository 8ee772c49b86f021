"""What the tests of this folder look at: the project's files and the blocks of its documents."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "accord"

LEFT_BEHIND = {
    *(".git", ".venv", "__pycache__", "_build", "dist"),
    *(".hypothesis", ".import_linter_cache", ".mypy_cache", ".pytest_cache", ".ruff_cache"),
}

FENCE = re.compile(
    r"^```(?P<language>[\w{}-]*)[^\n]*\n(?P<code>.*?)^```\s*$", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True)
class Block:
    """A fenced block of a Markdown page: its language, its text, the line its text starts on."""

    language: str
    code: str
    line: int


def run_git(*words: str, given: str = "") -> str | None:
    """Return what a git command prints, or None where there is no git or no repository."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        return None
    done = subprocess.run(
        ["git", "-c", "safe.directory=*", *words],
        cwd=ROOT,
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout if done.returncode in {0, 1} else None


def project_files() -> list[Path]:
    """Return the files of the project: tracked ones and new ones that git would take.

    Without git, everything but what tools leave behind.
    """
    listed = run_git("ls-files", "-z", "--cached", "--others", "--exclude-standard")
    if listed is None:
        paths = {p for p in ROOT.rglob("*") if LEFT_BEHIND.isdisjoint(p.relative_to(ROOT).parts)}
    else:
        paths = {ROOT / name for name in listed.split("\0") if name}
    return sorted(path for path in paths if path.is_file())


def python_files() -> list[Path]:
    """Return the Python files of the project."""
    return [path for path in project_files() if path.suffix == ".py"]


def relative(path: Path) -> str:
    """Return a path as the project writes it: from its root, with forward slashes."""
    return path.relative_to(ROOT).as_posix()


def read_blocks(page: Path) -> list[Block]:
    """Return the fenced blocks of a Markdown page, in order."""
    text = page.read_text(encoding="utf-8")
    return [
        Block(m["language"], m["code"], text.count("\n", 0, m.start("code")) + 1)
        for m in FENCE.finditer(text)
    ]


def read_table(page: Path, first_header: str) -> list[list[str]]:
    """Return the rows of every table on a page whose first column has this header."""
    rows: list[list[str]] = []
    inside = False
    for line in page.read_text(encoding="utf-8").splitlines():
        if not line.startswith("|"):
            inside = False
            continue
        cells = [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if cells[0] == first_header:
            inside = True
        elif inside and not set(cells[0]) <= set(":- "):
            rows.append(cells)
    return rows
