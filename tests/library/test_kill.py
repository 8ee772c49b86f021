"""Whoever is killed, and when: a library is whole when it is next opened."""

import os
import pickle
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from accord.library.opening import open_library
from tests.library.contents import FILES, find_faults, make_content, real_files

ROOT = Path(__file__).resolve().parents[2]
# A process that reads what it needs once, and publishes in a fork for every line it is sent.
PUBLISHING = """
import os, pickle, sys
from pathlib import Path
from accord.library.opening import open_library
contents, files = pickle.loads(Path(sys.argv[2]).read_bytes())
for line in sys.stdin:
    if os.fork():
        os.wait()
        print("killed", flush=True)
        continue
    library = open_library(sys.argv[1], shipped=False)
    print(os.getpid(), flush=True)
    number = 0
    while True:
        number += 1
        own = {form: data + b"%d %d" % (number, int(line)) for form, data in files.items()}
        library.add(contents[number % len(contents)], own)
"""


@pytest.fixture
def publish_until_killed(tmp_path, given):
    """A call that publishes into the library until it is killed, after so many seconds."""
    command = [sys.executable, "-c", PUBLISHING, str(tmp_path / "library"), str(given)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        asked, told = process.stdin, process.stdout
        assert asked is not None
        assert told is not None

        def publish(moment, number):
            print(number, file=asked, flush=True)
            publisher = int(told.readline())
            time.sleep(moment)
            os.kill(publisher, signal.SIGKILL)
            assert told.readline() == "killed\n"

        yield publish
        asked.close()


@pytest.fixture
def given(tmp_path):
    path = tmp_path / "given.pickle"
    path.write_bytes(pickle.dumps(([make_content("a"), make_content("b")], real_files())))
    return path


def test_a_kill_while_publishing_leaves_a_library_whole(tmp_path, publish_until_killed, long):
    folder = tmp_path / "library"
    moments = np.random.default_rng(20)
    before = 0
    rounds = 100 if long else 20
    for number in range(rounds):
        publish_until_killed(moments.uniform(0.0, 0.12), number)
        library = open_library(folder, shipped=False)
        assert find_faults(library) == []
        page = library.find("ships", count=99)
        total = sum(listing.latest for listing in page.listings)
        assert total >= before
        before = total
    assert before > rounds / 4, "nothing was published: no kill met a publish"
    library.add(make_content("c"), FILES)
    assert find_faults(library) == []


def test_the_look_for_faults_can_fail(tmp_path):
    library = open_library(tmp_path / "library", shipped=False)
    library.add(make_content("a"), {"html": b"1"})
    assert find_faults(library) == []
    (library.files.folder / "stray").touch()
    assert find_faults(library) == ["stray stray"]
    assert library.collect_strays() == 1
    with library.database.write() as connection:
        connection.execute("DELETE FROM search")
        connection.execute("UPDATE version SET number = 3 WHERE author = ''")
        connection.execute("UPDATE briefing SET latest = 3 WHERE slug = 'a'")
    assert find_faults(library) == ["the search knows others", "a has the versions [3]"]


def test_strays_stay_while_another_process_publishes(tmp_path):
    library = open_library(tmp_path / "library", shipped=False)
    with library.database.write() as connection:
        stored = library.files.write({"html": b"not yet in a row"})
        assert library.collect_strays() == 0
        assert library.files.read(stored[0]) == b"not yet in a row"
        del connection
    assert library.collect_strays() == 1


WRITING = """
import sys
from accord.library.opening import open_library
from tests.library.contents import make_content
library = open_library(sys.argv[1], shipped=False)
for number in range(15):
    library.add(make_content("shared"), {"html": b"%s %d" % (sys.argv[2].encode(), number)})
    library.add(make_content(f"own-{sys.argv[2]}-{number}"), {"html": b"the same"})
    assert library.find("ships", count=99).total > 0
    assert open_library(sys.argv[1], shipped=False).get("shared").files
"""


def test_processes_that_publish_at_once_from_the_first_moment_do_no_harm(tmp_path):
    folder = tmp_path / "library"
    commands = [[sys.executable, "-c", WRITING, str(folder), name] for name in ("x", "y", "z")]
    running = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) for command in commands]
    errors = [process.communicate()[1].decode() for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], errors
    library = open_library(folder, shipped=False)
    assert find_faults(library) == []
    assert library.get("shared").latest == 45
    assert library.find("own", count=99).total == 45
