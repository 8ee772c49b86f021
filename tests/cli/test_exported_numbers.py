"""What a command exports are numbers, with the unit in the name of the column; no printed text."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from accord.cli.main import app

WAR = ("war", "--aggregate", "--parties", "USA,KOR", "--mutual", "--sectors", "wood")
PRINTED = re.compile(r"^[+\-−]?[\d.,]+(e[+-]?\d+)?\s*(%|bn USD)?$|→")
EXPORTS = [
    *((WAR, table) for table in ("tariffs", "welfare", "checks")),
    *((("world",), table) for table in ("dimensions", "checks")),
    *((("tariffs", "us-korea-2025"), table) for table in ("packages", "history")),
]


def export(words: tuple[str, ...], table: str, form: str, folder: Path) -> pd.DataFrame:
    """Return one table of a command as another program reads it from a file."""
    path = folder / f"a.{form}"
    arguments = [*words, "--table", table, "--format", form, "--output", str(path)]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    if form == "json":
        return pd.DataFrame(json.loads(path.read_text(encoding="utf-8"))[table])
    if form == "csv":
        return pd.read_csv(path)
    return pd.read_parquet(path) if form == "parquet" else pd.read_excel(path, engine="openpyxl")


@pytest.mark.parametrize(("words", "table"), EXPORTS, ids=str)
def test_no_number_is_exported_as_text(words, table, tmp_path):
    frame = export(words, table, "parquet", tmp_path)
    assert len(frame.select_dtypes(["number", "bool"]).columns) > 0
    for name in frame.select_dtypes(["object", "string"]).columns:
        printed = [text for text in frame[name] if isinstance(text, str) and PRINTED.search(text)]
        assert printed == [], name


@pytest.mark.parametrize("form", ["csv", "json", "xlsx"])
def test_every_format_holds_the_same_numbers(form, tmp_path):
    words, table = ("tariffs", "us-korea-2025"), "packages"
    ours, theirs = (export(words, table, name, tmp_path) for name in (form, "parquet"))
    assert list(ours) == list(theirs)
    for name in ("base_year_fraction", "all_in_fraction"):
        assert ours[name].tolist() == pytest.approx(theirs[name].tolist(), rel=1e-15)


def test_the_terminal_prints_what_the_file_holds(tmp_path):
    frame = export(("tariffs", "us-korea-2025"), "packages", "csv", tmp_path)
    printed = CliRunner().invoke(app, ["tariffs", "us-korea-2025", "--table", "packages"]).output
    for row in frame.to_dict("records"):
        cells = rf"{100 * row['base_year_fraction']:.1f} +{100 * row['all_in_fraction']:.1f}"
        assert re.search(cells, printed), row
