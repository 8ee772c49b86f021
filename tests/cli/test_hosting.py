"""What the documentation gives to those who host a server: commands, a container, a unit."""

import configparser
import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer.main

from accord.cli.main import app
from accord.web.settings import ServerSettings

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/how-to/use-the-workbench.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)
(UNIT,) = (block for block in BLOCKS if block.startswith("[Unit]"))
(CONTAINER,) = (block for block in BLOCKS if block.startswith("FROM "))
INSTRUCTIONS = {"FROM", "COPY", "RUN", "USER", "ENV", "VOLUME", "EXPOSE", "CMD"}


def read_unit():
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.read_string(UNIT)
    return unit


def container_command():
    (command,) = re.findall(r"^CMD (.*)$", CONTAINER, re.MULTILINE)
    shell, option, line = json.loads(command)
    assert (shell, option) == ("sh", "-c")
    return line.removeprefix("exec ").replace("${ACCORD_DOMAIN:?}", "accord.example")


def commands():
    lines = [line for block in BLOCKS for line in block.splitlines()]
    yield from (line for line in lines if line.startswith("accord serve -"))
    yield read_unit()["Service"]["ExecStart"].removeprefix("/usr/local/bin/")
    yield container_command()


@pytest.mark.parametrize("line", list(commands()))
def test_a_command_for_hosting_is_one_and_makes_a_server(line, tmp_path):
    program, name, *given = shlex.split(line)
    assert (program, name) == ("accord", "serve")
    group: Any = typer.main.get_command(app)
    values = group.commands["serve"].make_context("serve", given).params
    settings = ServerSettings(
        library=tmp_path, host=values["host"], port=values["port"], prefix=values["prefix"],
        domains=tuple(values["domain"] or ()), token="t" * 20,
    )  # fmt: skip
    assert "accord.example" in settings.hosts
    assert values["library"] is not None


def test_the_container_is_made_of_known_instructions_and_serves_as_its_own_user():
    lines = CONTAINER.replace("\\\n", "").splitlines()
    assert {line.split()[0] for line in lines} == INSTRUCTIONS
    (user,) = re.findall(r"--uid (\d+) accord", CONTAINER)
    assert lines.index(f"USER {user}") < next(
        at for at, line in enumerate(lines) if line.startswith("CMD")
    )
    (port,) = re.findall(r"^EXPOSE (\d+)$", CONTAINER, re.MULTILINE)
    assert int(port) == ServerSettings(library=Path()).port
    (volumes,) = re.findall(r"^VOLUME (.+)$", CONTAINER, re.MULTILINE)
    library, cache = volumes.split()
    assert container_command().endswith(f"--library {library}")
    assert f"ENV ACCORD_CACHE_DIR={cache}" in lines
    assert f"--directory --owner accord {volumes}" in CONTAINER


def test_the_unit_keeps_what_it_writes_where_it_may_write():
    service = read_unit()["Service"]
    assert service["ProtectSystem"] == "strict"
    assert f"--library /var/lib/{service['StateDirectory']}" in service["ExecStart"]
    assert service["Environment"] == f"ACCORD_CACHE_DIR=/var/cache/{service['CacheDirectory']}"


def test_systemd_takes_the_unit(tmp_path):
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("there is no systemd here")
    path = tmp_path / "accord.service"
    path.write_text(UNIT.replace("/usr/local/bin/accord", sys.executable), encoding="utf-8")
    done = subprocess.run([program, "verify", path], capture_output=True, text=True, check=False)
    assert "accord.service" not in done.stdout + done.stderr
