"""The command as a process of its own: pipes and exit codes."""

import subprocess
import sys
from pathlib import Path


def test_a_closed_pipe_is_quiet():
    code = "from accord.cli.main import main; main()"
    command = [sys.executable, "-c", code, "schema"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read(10) == b'{\n  "$schem'[:10]
        process.stdout.close()
        errors = process.stderr.read()
    assert b"Traceback" not in errors


def test_the_installed_command_runs():
    command = Path(sys.executable).parent / "accord"
    done = subprocess.run([command, "cases"], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "us-korea-2025" in done.stdout
