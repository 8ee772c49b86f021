"""Every command and option is documented, and nothing is documented that is not there."""

import re
from pathlib import Path

import typer.main

from accord.cli.main import app

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "cli.md").read_text(encoding="utf-8")


def commands(group, prefix="accord"):
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{prefix} {name}")
        elif not command.hidden:
            yield f"{prefix} {name}", command


def section(name):
    parts = re.split(r"^## ", PAGE, flags=re.MULTILINE)
    return next(part for part in parts if part.startswith(f"`{name}"))


def test_every_command_and_option_is_documented():
    for name, command in commands(typer.main.get_command(app)):
        text = section(name)
        for parameter in command.params:
            if getattr(parameter, "hidden", False):
                continue
            for option in (option for option in parameter.opts if option.startswith("--")):
                assert option == "--help" or f"`{option}" in text, f"{name} {option}"
            if not parameter.opts[0].startswith("-"):
                assert parameter.opts[0].upper() in text.splitlines()[0], name


def test_nothing_is_documented_that_is_not_there():
    known = dict(commands(typer.main.get_command(app)))
    headings = re.findall(r"^## `(accord [^`]*)`", PAGE, flags=re.MULTILINE)
    names = {re.sub(r" [A-Z].*$", "", heading) for heading in headings}
    assert names == set(known)
    for name, command in known.items():
        options = {option for parameter in command.params for option in parameter.opts}
        for option in re.findall(r"^\| `(--[a-z-]+)", section(name), flags=re.MULTILINE):
            assert option in options, f"{name} {option}"


def test_what_an_option_takes_is_called_what_the_command_calls_it():
    for name, command in commands(typer.main.get_command(app)):
        for parameter in command.params:
            for option in parameter.opts if parameter.metavar else ():
                row = re.compile(rf"^\| `{option} ((?:\\\||[^`|])+)`", re.MULTILINE)
                for words in row.findall(section(name)):
                    assert words.replace("\\|", "|") == parameter.metavar, f"{name} {option}"
