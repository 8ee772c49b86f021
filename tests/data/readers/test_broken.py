"""Broken files: one message for each problem, with the line or the cell and what to do."""

import re

import openpyxl
import pytest

import accord as ac
from accord.core.errors import InputError
from accord.data.readers.table import grid
from tests.data.readers import samples
from tests.data.readers.xlsb_files import write_xlsb

SAMPLE = samples.draw_sample()


@pytest.fixture
def icio(tmp_path):
    return samples.write_icio(SAMPLE, tmp_path / "2011.csv")


@pytest.fixture
def long(tmp_path):
    return samples.write_long(SAMPLE, tmp_path / "2011.csv")


def refuse(kind, path, mapping=None, **options):
    """Return the problems, all of which have a remedy and a place."""
    with pytest.raises(InputError) as raised:
        ac.read_world(kind, path, mapping, **options)
    assert raised.value.exit_code == 2
    problems = raised.value.problems
    assert all(problem.path and problem.remedy for problem in problems)
    return problems


def edit(path, change):
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(change(lines)) + "\n", encoding="utf-8")


def set_cell(path, line, at, text):
    def change(lines):
        cells = lines[line - 1].split(",")
        cells[at] = text
        lines[line - 1] = ",".join(cells)
        return lines

    edit(path, change)


def test_lines_are_counted_as_an_editor_counts_them(icio):
    """Empty lines above a fault count, though nothing stands in them."""
    set_cell(icio, 6, 2, "n/a")
    edit(icio, lambda lines: [*lines[:3], "", "," * lines[0].count(","), *lines[3:]])
    (problem,) = refuse("icio", icio)
    assert problem.path.startswith("2011.csv, line 8, column ")


def test_cells_that_are_no_numbers_are_all_told_with_line_and_column(icio):
    set_cell(icio, 3, 2, '"1.234,5"')
    set_cell(icio, 5, 4, "n/a")
    set_cell(icio, 6, 1, "")
    problems = refuse("icio", icio)
    told = {problem.path.rpartition(", column ")[0]: problem for problem in problems}
    assert set(told) == {f"2011.csv, line {line}" for line in (3, 5, 6)}
    comma = told["2011.csv, line 3"]
    assert "decimal comma" in comma.message
    assert "1234.5" in comma.remedy
    assert comma.path.endswith("column DEU_C29")
    assert '"n/a" is no number' in told["2011.csv, line 5"].message
    assert "empty" in told["2011.csv, line 6"].message


def test_a_decimal_comma_that_makes_a_line_longer_is_guessed(icio):
    set_cell(icio, 4, 3, "7,25")
    (problem,) = refuse("icio", icio)
    assert problem.path == "2011.csv, line 4"
    assert "decimal point" in problem.remedy


def test_columns_split_by_semicolons_are_read(icio, tmp_path):
    world = ac.read_world("icio", icio)
    other = tmp_path / "semi_2011.csv"
    other.write_text(icio.read_text().replace(",", ";"))
    assert ac.read_world("icio", other) == world


def test_a_renamed_country_is_told_at_both_sides(icio):
    edit(icio, lambda lines: [lines[0], *(line.replace("ROW_", "RWO_") for line in lines[1:])])
    problems = refuse("icio", icio)
    text = "\n".join(map(str, problems))
    assert "row RWO_A01 has no column of the same label" in text
    assert "ROW_A01" in text
    assert any("Did you mean ROW_A01?" in problem.remedy for problem in problems)


@pytest.mark.parametrize("left", [0.5, 0.9])
def test_a_download_that_broke_off_is_told(icio, left):
    content = icio.read_bytes()
    icio.write_bytes(content[: int(len(content) * left)])
    problems = refuse("icio", icio)
    (problem,) = problems
    assert "again" in problem.remedy
    assert re.search(r"line \d+$", problem.path)
    assert re.fullmatch(r"ends after \d+ of \d+ cells", problem.message)


@pytest.mark.parametrize(
    "name", ["wiot_2011.xlsx", "wiot_2011.xlsb", "2011.zip", "2011.parquet", "2011.csv"]
)
def test_a_file_that_is_not_whole_is_refused(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"PK\x03\x04 not whole" if name != "2011.csv" else b"")
    kind = {"xlsx": "adb", "xlsb": "wiod2016", "zip": "icio", "parquet": "long", "csv": "figaro"}[
        name.split(".")[1]
    ]
    (problem,) = refuse(kind, path)
    assert "whole" in problem.message or "empty" in problem.message
    assert "Download" in problem.remedy


def test_cells_of_a_workbook_have_names(tmp_path):
    path = samples.write_wide(
        SAMPLE, tmp_path / "wiot_2011.xlsx", finals=("F1", "F5"), numbers=("c1", "c2", "c20")
    )
    book = openpyxl.load_workbook(path)
    book.active["F8"] = "3,5"
    book.active["G9"] = None
    book.save(path)
    problems = refuse("adb", path)
    assert [problem.path for problem in problems] == [
        "wiot_2011.xlsx, cell F8", "wiot_2011.xlsx, cell G9",
    ]  # fmt: skip
    assert "3.5" in problems[0].remedy


def test_cells_of_a_binary_workbook_have_names_and_its_library_is_named(tmp_path, monkeypatch):
    rows = samples.wiod_2016_rows(SAMPLE)
    rows[7][5], rows[8][6] = "3,5", None
    path = write_xlsb(tmp_path / "WIOT2011_Nov16_ROW.xlsb", rows)
    problems = refuse("wiod2016", path)
    assert [problem.path for problem in problems] == [
        f"{path.name}, cell F8", f"{path.name}, cell G9",
    ]  # fmt: skip
    assert "3.5" in problems[0].remedy
    monkeypatch.setattr(grid, "find_spec", lambda name: None)
    (problem,) = refuse("wiod2016", path)
    assert "accord-workbench[xlsb]" in problem.remedy


def test_the_wrong_format_is_told(icio, tmp_path):
    assert "format" in refuse("figaro", icio)[0].remedy
    path = tmp_path / "wiot_2011.xlsx"
    openpyxl.Workbook().save(path)
    assert refuse("wiod2013", path)
    book = openpyxl.Workbook()
    book.active.append(["no", "table"])
    book.save(path)
    assert "c1, c2" in refuse("wiod2013", path)[0].message


def test_missing_columns_of_a_long_table_are_told_at_once(long):
    edit(long, lambda lines: [lines[0].replace("exporter", "seller").replace("value", "mn"),
                              *lines[1:]])  # fmt: skip
    problems = refuse("long", long)
    assert [problem.message for problem in problems] == [
        "there is no column exporter", "there is no column value",
    ]  # fmt: skip
    assert all("line 1" in problem.path for problem in problems)


def test_lines_of_a_long_table_are_checked(long):
    set_cell(long, 2, 4, "abc")
    set_cell(long, 3, 0, "")
    problems = refuse("long", long)
    assert {problem.path.partition(", column")[0] for problem in problems} == {
        "2011.csv, line 2", "2011.csv, line 3",
    }  # fmt: skip


def test_a_long_table_needs_domestic_sales_and_known_uses(long):
    def change(lines):
        kept = [line for line in lines if not line.startswith("USA,USA")]
        return [*kept, "DEU,USA,A01,stockpile,3.0", "DEU,FRA,A01,final,3.0"]

    edit(long, change)
    text = "\n".join(map(str, refuse("long", long)))
    assert "USA has no domestic sales" in text
    assert "FRA only sells" in text
    assert 'use "stockpile"' in text


@pytest.mark.parametrize(("unit", "word"), [("bn USD", "more than"), ("pounds", "no known unit")])
def test_a_wrong_unit_is_refused(icio, unit, word, tmp_path):
    if word == "more than":
        path = samples.write_icio(samples.Sample(*(1e4 * part for part in (
            SAMPLE.inputs, SAMPLE.final, SAMPLE.output))), tmp_path / "2011.csv")  # fmt: skip
    else:
        path = icio
    (problem,) = refuse("icio", path, unit=unit)
    assert word in problem.message
    assert "mn USD" in problem.remedy


def test_two_units_in_a_long_table_are_refused(long):
    edit(long, lambda lines: [f"{lines[0]},unit", *(f"{line},mn USD" for line in lines[1:-1]),
                              f"{lines[-1]},bn USD"])  # fmt: skip
    (problem,) = refuse("long", long)
    assert problem.message == 'unit "bn USD" after "mn USD"'


def test_euros_of_an_unknown_year_need_a_rate(tmp_path):
    path = samples.write_figaro(SAMPLE, tmp_path / "1990.csv")
    assert "--rate" in refuse("figaro", path)[0].remedy
    given = ac.read_world("figaro", path, rate=2.0)
    assert given.flows.sum() == pytest.approx(2e-3 * SAMPLE.flows.sum(), rel=1e-12)
    assert refuse("figaro", path, rate=-1.0)


def test_what_is_wrong_with_the_call_is_told(icio, tmp_path):
    assert "icio" in refuse("ICIOs", icio)[0].remedy
    assert "no such file" in refuse("icio", tmp_path / "none.csv")[0].message
    other = tmp_path / "table.csv"
    other.write_bytes(icio.read_bytes())
    assert "--year" in refuse("icio", other)[0].remedy


def test_tariffs_with_wrong_labels_or_in_per_cent_are_refused(icio, tmp_path):
    rates = tmp_path / "rates.csv"
    rates.write_text("importer,exporter,sector,rate\nGER,*,C29,10\nDEU,USA,C92,5\n")
    problems = refuse("icio", icio, tariffs=rates)
    text = "\n".join(map(str, problems))
    assert 'rates.csv, line 2: importer "GER"' in text
    assert "Did you mean C29?" in text
    assert "per cent" in text
