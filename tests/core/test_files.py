"""Writing a file: whole or not at all, through links, and never over what is no page or table."""

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from accord.core.errors import OutputError
from accord.core.files import _open_temporary, check_writable, write_atomically

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


@pytest.mark.parametrize("name", ["CON", "nul.html", "Com1.csv", "lpt9", "aux.tar.gz"])
def test_the_name_of_a_device_is_refused_everywhere(tmp_path, name):
    for write in (check_writable, lambda path: write_atomically(path, b"new")):
        with pytest.raises(OutputError, match="device on Windows"):
            write(tmp_path / name)
    assert list(tmp_path.iterdir()) == []
    write_atomically(tmp_path / f"{name[0]}x{name[1:]}", b"new")


@pytest.mark.parametrize("letter", ["a", "é", "한"])
def test_a_name_is_as_long_as_the_system_allows_and_no_longer(tmp_path, letter):
    most = 255 // len(letter.encode())
    held = write_atomically(tmp_path / (letter * most), b"new")
    assert held.read_bytes() == b"new"
    for write in (check_writable, lambda path: write_atomically(path, b"new")):
        with pytest.raises(OutputError, match="bytes long"):
            write(tmp_path / (letter * (most + 1)))
    assert list(tmp_path.iterdir()) == [held]


KILLED = """
import sys
import time
from accord.core.files import write_atomically
data = b"new" * 3_000_000
print("ready", flush=True)
while True:
    write_atomically(sys.argv[1], data)
"""


@pytest.mark.parametrize("moment", range(20))
def test_a_kill_while_writing_leaves_a_whole_file_and_no_litter_after_the_next(tmp_path, moment):
    path = tmp_path / "page.html"
    path.write_bytes(b"old")
    command = [sys.executable, "-c", KILLED, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        time.sleep(0.0025 * moment)
        process.kill()
    assert path.read_bytes() in (b"old", b"new" * 3_000_000)
    other = write_atomically(tmp_path / "other.html", b"another page")
    assert sorted(tmp_path.iterdir()) == sorted([path, other])


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_kill_at_a_step_leaves_the_old_file(tmp_path, step):
    place = {"fsync": "os.fsync", "replace": "pathlib.Path.replace"}[step]
    code = (
        f"import os, pathlib, signal\n{place} = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"from accord.core.files import write_atomically\n"
        f"write_atomically({str(tmp_path / 'page.html')!r}, b'new')\n"
    )
    (tmp_path / "page.html").write_bytes(b"old")
    done = subprocess.run([sys.executable, "-c", code], check=False, cwd=ROOT)
    assert done.returncode == -signal.SIGKILL
    assert len(list(tmp_path.iterdir())) == 2  # what was being written is still there
    assert (tmp_path / "page.html").read_bytes() == b"old"
    write_atomically(tmp_path / "page.html", b"newer")
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [b"newer"]


def test_what_another_process_is_writing_is_left_alone(tmp_path):
    handle, theirs = _open_temporary(tmp_path)
    try:
        write_atomically(tmp_path / "page.html", b"new")
        assert theirs.exists()
    finally:
        os.close(handle)
    write_atomically(tmp_path / "page.html", b"new")
    assert not theirs.exists()


def test_a_full_cache_folder_is_told_in_one_line_and_not_used(tmp_path, monkeypatch, caplog):
    import errno
    import logging
    import tempfile

    import jax

    from accord.core import precision

    def full(**_words):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setenv("ACCORD_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    monkeypatch.setattr(precision, "_told", set())
    used = jax.config.jax_compilation_cache_dir  # type: ignore[attr-defined]
    with caplog.at_level(logging.WARNING, "accord"):
        for _ in range(2):
            precision.configure()
    assert jax.config.jax_compilation_cache_dir == used  # type: ignore[attr-defined]
    (record,) = caplog.records
    assert "is full" in record.getMessage()
    assert "\n" not in record.getMessage()
