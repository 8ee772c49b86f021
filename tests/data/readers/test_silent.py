"""What could be read wrongly without a word is refused, and damage never ends in a traceback."""

import warnings
import zipfile
import zlib

import numpy as np
import openpyxl
import pandas as pd
import pytest

import accord as ac
from accord.core.errors import Problem
from accord.data.readers.table.units import read_unit
from tests.data.readers import samples
from tests.data.readers.test_broken import SAMPLE, edit, icio, long, refuse, set_cell

__all__ = ["icio", "long"]  # fixtures


@pytest.mark.parametrize("cell", [(3, -1), (-2, 2), (-3, 2)])
@pytest.mark.parametrize(("text", "word"), [('"1.234,5"', "decimal comma"), ("n/a", "no number")])
def test_text_in_output_value_added_and_taxes_is_told(icio, cell, text, word):
    line, column = cell
    count = len(icio.read_text().splitlines())
    at = line if line > 0 else count + 1 + line
    set_cell(icio, at, column, text)
    (problem,) = refuse("icio", icio)
    assert word in problem.message
    assert problem.path.startswith(f"2011.csv, line {at}, column ")


def test_empty_cells_of_output_and_value_added_are_told_and_of_taxes_are_zero(icio):
    count = len(icio.read_text().splitlines())
    set_cell(icio, count - 2, 2, "")  # taxes
    assert ac.read_world("icio", icio).regions == samples.REGIONS
    set_cell(icio, 3, -1, "")
    set_cell(icio, count - 1, 2, "")
    assert [problem.message for problem in refuse("icio", icio)] == ["is empty", "is empty"]


@pytest.mark.parametrize(
    ("name", "line", "word"),
    [
        ("GO", "5", "has 1 numbers, line 1 has 3"),
        ("B", "0.5\tnan\t0.5", '"nan" is no number'),
        ("IO", "0.5\tinf\t0.5", '"inf" is no number'),
    ],
)
def test_lines_of_a_folder_without_labels_are_whole(tmp_path, name, line, word):
    folder = samples.write_caliendo_parro(SAMPLE, tmp_path / "cp2011")
    edit(folder / f"{name}.txt", lambda lines: [lines[0], line, *lines[2:]])
    (problem,) = refuse("caliendo_parro", folder)
    assert (problem.path, problem.message) == (f"{name}.txt, line 2", word)


@pytest.mark.parametrize("name", ["T", "regions"])
def test_a_file_that_is_no_text_is_told(tmp_path, name):
    folder = samples.write_caliendo_parro(SAMPLE, tmp_path / "cp2011")
    (folder / f"{name}.txt").write_bytes(b"\xff\xfe\x00")
    assert "cannot be read" in refuse("caliendo_parro", folder)[0].message


@pytest.mark.parametrize("quote", ["", '"'])
def test_lines_that_are_all_longer_than_the_head_do_not_shift(long, quote):
    def change(lines):
        quoted = [",".join(f"{quote}{cell}{quote}" for cell in line.split(",")) for line in lines]
        return [quoted[0], *(f"x,{line}" for line in quoted[1:])]

    edit(long, change)
    problems = refuse("long", long)
    assert problems[0].path == "2011.csv, line 2"
    assert problems[0].message == "has 6 cells, the head has 5"


def test_a_matrix_whose_lines_are_all_longer_is_refused_without_warnings_as_errors(icio):
    edit(icio, lambda lines: [lines[0], *(f"{line},7" for line in lines[1:])])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert refuse("icio", icio)


@pytest.mark.parametrize("text", ["\n", "importer,exporter,sector,value,unit\n", 'a,b\n"x,y\n'])
def test_a_long_table_without_lines_is_refused(long, text):
    long.write_text(text, encoding="utf-8")
    assert refuse("long", long)


def test_a_missing_label_in_parquet_is_no_region(tmp_path):
    path = samples.write_long(SAMPLE, tmp_path / "2011.parquet")
    frame = pd.read_parquet(path)
    frame.iloc[3, 0] = None
    frame.to_parquet(path)
    (problem,) = refuse("long", path)
    assert (problem.path, problem.message) == ("2011.parquet, line 5", "importer is empty")


def test_lines_are_counted_with_empty_ones(long):
    edit(long, lambda lines: [*lines[:3], "", *lines[3:]])
    assert set(ac.read_world("long", long).regions) == set(samples.REGIONS)
    set_cell(long, 6, 4, "abc")
    set_cell(long, 7, 0, "")
    paths = [problem.path for problem in refuse("long", long)]
    assert sorted(paths) == ["2011.csv, line 6, column value", "2011.csv, line 7"]


@pytest.mark.parametrize("kind", ["long", "figaro"])
def test_a_flow_that_is_given_twice_is_not_added(tmp_path, kind):
    path = tmp_path / "2011.csv"
    if kind == "long":
        samples.write_long(SAMPLE, path)
    else:
        samples.write_figaro(SAMPLE, path, flat=True)
    edit(path, lambda lines: [*lines[:6], lines[2], *lines[6:]])
    (problem,) = refuse(kind, path)
    assert problem.path == "2011.csv, line 7"
    assert problem.message.startswith("repeats line 3: ")


def test_tariffs_of_zero_are_not_told_as_missing(icio, tmp_path):
    rates = tmp_path / "rates.csv"
    rates.write_text("importer,exporter,sector,rate\n*,*,*,0\n", encoding="utf-8")
    note = "no tariffs were given: all are zero"
    assert note in ac.read_world("icio", icio).notes
    assert note not in ac.read_world("icio", icio, tariffs=rates).notes


@pytest.mark.parametrize("key", ["elasticities", "region_names", "sector_names"])
@pytest.mark.parametrize("given", [5, "Europe", ["DEU"]])
def test_a_table_of_a_mapping_that_is_none_is_told(icio, key, given):
    (problem,) = refuse("icio", icio, {key: given})
    assert (problem.path, problem.message) == (f"mapping: {key}", "is no table")


def test_a_line_of_a_mapping_with_more_cells_than_its_head_is_told(icio, tmp_path):
    path = tmp_path / "map.csv"
    path.write_text("kind,from,to\nregion,DEU,Europe,EU\n", encoding="utf-8")
    (problem,) = refuse("icio", icio, path)
    assert (problem.path, problem.message) == ("map.csv, line 2", "has 4 cells, the head has 3")


@pytest.mark.parametrize("text", ["inf", "-inf", "1e999"])
def test_an_infinite_cell_is_told(icio, text):
    set_cell(icio, 3, 2, text)
    (problem,) = refuse("icio", icio)
    assert problem.path.startswith("2011.csv, line 3, column ")
    assert problem.message == "is infinite"


def test_a_second_elasticity_is_told(icio, tmp_path):
    path = tmp_path / "map.csv"
    path.write_text("kind,from,to\nelasticity,A01,5\nelasticity,A01,6\n", encoding="utf-8")
    (problem,) = refuse("icio", icio, path)
    assert (problem.path, problem.message) == (
        "map.csv, line 3",
        '"A01" has the elasticity 5 above',
    )


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("mn euro", ("EUR", 1.0)), ("million euros", ("EUR", 1.0)), ("bn EUR", ("EUR", 1e3)),
        ("us dollar", ("USD", 1e-6)), ("Millions of US dollars", ("USD", 1.0)),
        ("mn US$", ("USD", 1.0)), ("M.EUR", ("EUR", 1.0)),
    ],
)  # fmt: skip
def test_words_for_currencies(text, unit):
    problems: list[Problem] = []
    assert read_unit(text, "unit", problems) == unit
    assert not problems


@pytest.mark.parametrize("error", [zlib.error, RuntimeError, NotImplementedError])
def test_an_archive_that_cannot_be_unpacked_is_told(icio, tmp_path, monkeypatch, error):
    path = tmp_path / "2011.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(icio, "2011.csv")

    def fail(*_):
        raise error("as it is")

    monkeypatch.setattr(zipfile.ZipFile, "read", fail)
    (problem,) = refuse("icio", path)
    assert "2011.zip" in problem.path


def _label(frame, label):
    return frame.rename(index={"DEU": label}, level="region")


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda held: {**held, "x": _label(held["x"], "GER")}, "x rows"),
        (lambda held: {**held, "x": held["x"].to_numpy().tolist()}, "no labelled frame"),
        (lambda held: {**held, "x": held["x"].iloc[:, :0]}, "no labelled frame"),
        (lambda held: {**held, "x": pd.concat([held["x"], held["x"]])}, "twice"),
        (lambda held: {**held, "Z": pd.concat([held["Z"], held["Z"]])}, "twice"),
        (lambda held: {**held, "Y": held["Y"].astype(object).replace(
            held["Y"].iloc[1, 1], "3,5")}, "decimal comma"),
        (lambda held: {**held, "x": held["x"] * np.nan}, "is empty"),
        (lambda held: {**held, "unit": pd.DataFrame({"unit": []})}, "unit"),
    ],
)  # fmt: skip
def test_frames_that_do_not_fit_are_told(change, word):
    problems = refuse("zyx", change(samples.frames(SAMPLE)), year=2011)
    assert word in "\n".join(map(str, problems))


@pytest.mark.parametrize(
    ("name", "label", "word"),
    [
        ("A", "XX", "no column of the same label"),
        ("Y", "XX", "which A has"),
        ("A", "", "no output meets"),
    ],
)
def test_shares_that_do_not_fit_are_told(tmp_path, name, label, word):
    folder = samples.write_exiobase(SAMPLE, tmp_path / "exio2011", only_shares=True)
    path = folder / f"{name}.txt"
    if not label:
        frame = pd.read_csv(path, sep="\t", header=[0, 1], index_col=[0, 1])
        frame.loc[:, :] = np.eye(len(frame))
        frame.to_csv(path, sep="\t")
    else:
        path.write_text(path.read_text().replace("\nDE\t", f"\n{label}\t"), encoding="utf-8")
    assert word in "\n".join(map(str, refuse("exiobase", folder)))


def test_columns_of_shares_in_another_order_are_the_same_table(tmp_path):
    folder = samples.write_exiobase(SAMPLE, tmp_path / "exio2011", only_shares=True)
    world = ac.read_world("exiobase", folder)
    frame = pd.read_csv(folder / "A.txt", sep="\t", header=[0, 1], index_col=[0, 1])
    frame.iloc[:, ::-1].to_csv(folder / "A.txt", sep="\t")
    other = ac.read_world("exiobase", folder)
    assert other.flows == pytest.approx(world.flows, rel=1e-12)


def test_a_first_industry_in_the_last_column_is_refused(tmp_path):
    path = tmp_path / "wiot_2011.xlsx"
    samples.write_wide(SAMPLE, path, finals=("F1", "F5"), numbers=("c1", "c2", "c20"))
    book = openpyxl.load_workbook(path)
    sheet = book.active
    sheet.cell(6, sheet.max_column, "c1")
    sheet.cell(5, sheet.max_column, "XYZ")
    book.save(path)
    assert refuse("adb", path)
