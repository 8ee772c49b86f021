"""Writing a file: whole or not at all, through links, and never over what is no page or table."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from accord.core.errors import OutputError
from accord.core.files import check_writable, write_atomically

ROOT = Path(__file__).resolve().parents[2]


def test_a_link_stays_a_link_and_its_target_is_written(tmp_path):
    target = tmp_path / "folder" / "page.html"
    target.parent.mkdir()
    target.write_text("old")
    link = tmp_path / "latest.html"
    link.symlink_to(target)
    assert write_atomically(link, b"new") == link
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert sorted(path.name for path in target.parent.iterdir()) == ["page.html"]


def test_a_link_to_nothing_makes_its_target(tmp_path):
    link = tmp_path / "latest.html"
    link.symlink_to(tmp_path / "page.html")
    write_atomically(link, b"new")
    assert link.is_symlink()
    assert (tmp_path / "page.html").read_bytes() == b"new"


def test_a_pipe_is_refused_and_stays(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for write in (check_writable, lambda path: write_atomically(path, b"new")):
        with pytest.raises(OutputError, match="not a regular file"):
            write(pipe)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert [path.name for path in tmp_path.iterdir()] == ["pipe"]


def test_a_folder_and_a_missing_folder_are_refused(tmp_path):
    with pytest.raises(OutputError, match="not a regular file"):
        check_writable(tmp_path)
    with pytest.raises(OutputError, match="No such file or directory"):
        check_writable(tmp_path / "none" / "page.html")
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="Not a directory"):
        check_writable(tmp_path / "file" / "page.html")


def test_a_read_only_folder_is_told_beforehand(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_, **__: False)
    with pytest.raises(OutputError, match="Permission denied"):
        check_writable(tmp_path / "page.html")


@pytest.mark.parametrize("name", ["deal.toml", "DEAL.TOML", "link.html"])
def test_a_deal_file_is_never_replaced(tmp_path, name):
    held = tmp_path / ("deal.toml" if name == "link.html" else name)
    held.write_text("schema = 1")
    if name == "link.html":
        (tmp_path / name).symlink_to(held)
    for write in (check_writable, lambda path: write_atomically(path, b"<html>")):
        with pytest.raises(OutputError, match="deal file"):
            write(tmp_path / name)
    assert held.read_text() == "schema = 1"
    assert write_atomically(tmp_path / "new.toml", b"schema = 1").read_bytes() == b"schema = 1"


def test_a_file_keeps_its_permissions(tmp_path):
    path = tmp_path / "page.html"
    path.touch(mode=0o600)
    write_atomically(path, b"new")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_standard_output_is_written_to_as_it_is(tmp_path):
    code = (
        "from accord.core.files import write_atomically\n"
        "print('before', flush=True)\n"
        "write_atomically('/dev/stdout', b'page\\n')\n"
        "print('after')\n"
    )
    command = [sys.executable, "-c", code]
    piped = subprocess.run(command, stdout=subprocess.PIPE, check=True, cwd=ROOT)
    assert piped.stdout == b"before\npage\nafter\n"
    with (tmp_path / "out").open("wb") as stream:
        subprocess.run(command, stdout=stream, check=True, cwd=ROOT)
    assert (tmp_path / "out").read_bytes() == b"before\npage\nafter\n"


def test_the_null_device_is_never_renamed_over(monkeypatch):
    def forbidden(*_, **__):
        raise AssertionError("a rename was tried")

    for place in ("tempfile.mkstemp", "Path.replace", "os.replace", "os.rename"):
        monkeypatch.setattr(f"accord.core.files.{place}", forbidden)
    assert write_atomically(os.devnull, b"page") == Path(os.devnull)
