"""Files: small, free of this or that machine's paths, and shipped whole."""

import re
import tomllib

import pytest

import accord
from tests.__main__ import TESTS
from tests.architecture.repository import (
    PACKAGE,
    ROOT,
    project_files,
    python_files,
    relative,
    run_git,
)

LINES = 400
EMBEDDED = 6_000_000  # data of 5 MB, fonts of 0.8
IMAGE = 300_000
BINARY = {".ttf", ".otf", ".npz", ".parquet", ".png", ".gz", ".zip", ".ico"}

MACHINE = re.compile(
    r"(?<![\w./-])/(?:work|root|tmp|mnt|opt|home/\w+|Users/\w+)/\w"  # a folder of one machine
    r"|\b[A-Z]:\\\\?Users\\"
    r"|\b(?:pypi|npmjs|pythonhosted|crates)\.(?:org|com|io)\b"  # a package registry
)


def test_python_files_are_short():
    long = {relative(p): n for p in python_files() if (n := p.read_text().count("\n")) > LINES}
    assert long == {}


def test_every_room_of_tests_is_run_by_one_stage():
    rooms = [room for rooms in TESTS.values() for room in rooms]
    assert sorted(rooms) == sorted({path.parent.name for path in ROOT.glob("tests/*/test_*.py")})


def test_no_file_names_a_machine_or_a_registry():
    places = []
    for path in project_files():
        if path.suffix in BINARY or path.name == "uv.lock":
            continue
        lines = path.read_text(encoding="utf-8").splitlines()
        places += [
            f"{relative(path)}:{n}" for n, line in enumerate(lines, 1) if MACHINE.search(line)
        ]
    assert places == []


@pytest.mark.parametrize(
    "parts",
    [("see ", "/wor", "k/notes"), ("'/ho", "me/ann/x'"), ("https://py", "pi.org/simple")],
    ids=["folder", "home", "registry"],
)
def test_the_look_for_machines_can_fail(parts):
    assert MACHINE.search("".join(parts))


def test_the_lock_file_names_public_addresses_only():
    hosts = set(re.findall(r'"\w+://([^/"]+)', (ROOT / "uv.lock").read_text(encoding="utf-8")))
    assert hosts == {"py" + "pi.org", "files.python" + "hosted.org"}


def test_embedded_data_are_small():
    data = [p for p in project_files() if p.is_relative_to(PACKAGE) and p.suffix != ".py"]
    assert 0 < sum(p.stat().st_size for p in data) < EMBEDDED


def test_embedded_data_ship():
    """Nothing in the package is ignored by git, which is also what the wheel leaves out."""
    files = [p for p in PACKAGE.rglob("*") if p.is_file() and "__pycache__" not in p.parts]
    ignored = run_git("check-ignore", "--stdin", given="\n".join(map(relative, files)))
    if ignored is None:
        pytest.skip("no git repository here, so nothing says what git ignores")
    assert ignored == ""
    assert (PACKAGE / "py.typed").is_file()
    cases = {path.parent.name for path in (PACKAGE / "cases").glob("*/deal.toml")}
    assert {"us-japan-2025", "us-korea-2025"} <= cases


def test_images_of_the_documents_are_there_and_light():
    pages = [p for p in project_files() if p.suffix == ".md"]
    linked = [
        (page.parent / target).resolve()
        for page in pages
        for target in re.findall(r"!\[[^\]]*\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))
        if "://" not in target
    ]
    assert ROOT / "docs" / "images" / "briefing.png" in linked
    for image in linked:
        assert image.is_file(), f"{image.name} is shown but is not there"
        assert image.stat().st_size < IMAGE


def test_the_version_is_the_same_everywhere():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert accord.__version__ == project["version"]
    assert re.search(rf"^## \[{re.escape(accord.__version__)}\]", changelog, re.MULTILINE)
    assert re.search(rf'^version: "?{re.escape(accord.__version__)}"?$', citation, re.MULTILINE)
