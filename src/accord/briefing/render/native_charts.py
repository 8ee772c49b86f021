"""Charts of a workbook, drawn by the program that opens it from the cells of the sheet."""

from typing import TYPE_CHECKING, Any

from accord.briefing.document.blocks import Chart, Table
from accord.briefing.document.facts import Fact

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

FIRST = 5  # row of the first figures
HEADS = FIRST - 1
PLANE = "bargain-plane"
YEARS = 12  # rows from which a table of years is drawn as lines
WIDTH, HEIGHT, STEP = 20.0, 10.5, 0.55  # centimetres, and those a bar adds
COLOURS = ("12436D", "E07B39", "C8CED6", "5B8C6A", "7B5A8C", "8A8F98")


def add_chart(sheet: "Worksheet", chart: Chart) -> None:
    """Add the chart of a table to its sheet: points of the plane, lines of years, else bars."""
    numbers = _numeric_places(chart.table)
    rows = [row for row in range(FIRST, sheet.max_row + 1) if _is_row(sheet, row, numbers)]
    if not rows or not numbers:
        return
    if chart.id.startswith(PLANE):
        drawn = _points(sheet, rows)
    elif len(rows) >= YEARS and len(chart.table.groups) == 1:
        drawn = _lines(sheet, rows, numbers)
    else:
        drawn = _bars(sheet, rows, numbers)
    drawn.title = None
    drawn.width = WIDTH
    drawn.height = max(HEIGHT, STEP * len(rows) * min(len(numbers), 3))
    sheet.add_chart(drawn, f"A{sheet.max_row + 3}")
    if len(rows) < YEARS:
        sheet.page_setup.fitToHeight = 1  # table and chart on one page


def _is_row(sheet: "Worksheet", row: int, numbers: list[int]) -> bool:
    return any(sheet.cell(row, place).data_type == "n" and sheet.cell(row, place).value is not None
               for place in numbers)  # fmt: skip


def _numeric_places(table: Table) -> list[int]:
    """Return the columns of figures, without the ends of intervals and those in another unit."""
    cells = [cell for group in table.groups for row in group.rows for cell in row.cells]
    units = [cell.unit for cell in cells if isinstance(cell, Fact)]
    if not units:
        return []
    common = max(dict.fromkeys(units), key=units.count)
    places, place = [], 2
    for at, column in enumerate(table.columns[1:]):
        own = [row.cells[at] for group in table.groups for row in group.rows]
        facts = [cell for cell in own if isinstance(cell, Fact)]
        if facts and all(fact.unit == common for fact in facts):
            places.append(place)
        has_ends = column.ranged and any(fact.interval for fact in facts)
        place += 3 if has_ends else 1
    return places


def _bars(sheet: "Worksheet", rows: list[int], numbers: list[int]) -> Any:
    from openpyxl.chart import BarChart

    drawn = BarChart()
    drawn.type, drawn.grouping, drawn.gapWidth = "bar", "clustered", 60
    _fill(drawn, sheet, rows, numbers)
    drawn.x_axis.scaling.orientation = "maxMin"  # the first row on top
    drawn.x_axis.tickLblPos = "low"
    drawn.x_axis.delete = drawn.y_axis.delete = False
    return drawn


def _lines(sheet: "Worksheet", rows: list[int], numbers: list[int]) -> Any:
    from openpyxl.chart import LineChart

    drawn = LineChart()
    _fill(drawn, sheet, rows, numbers)
    for series in drawn.series:
        series.smooth = False
        series.graphicalProperties.line.width = 22_000
    drawn.x_axis.tickLblPos = "low"
    drawn.x_axis.delete = drawn.y_axis.delete = False
    return drawn


def _fill(drawn: Any, sheet: "Worksheet", rows: list[int], numbers: list[int]) -> None:
    from openpyxl.chart import Reference, Series

    for at, place in enumerate(numbers):
        values = Reference(sheet, min_col=place, min_row=rows[0], max_row=rows[-1])
        series = Series(values, title=str(sheet.cell(HEADS, place).value))
        colour = COLOURS[at % len(COLOURS)]
        series.graphicalProperties.solidFill = colour
        series.graphicalProperties.line.solidFill = colour
        drawn.series.append(series)
    drawn.set_categories(Reference(sheet, min_col=1, min_row=rows[0], max_row=rows[-1]))
    drawn.legend = drawn.legend if len(numbers) > 1 else None


def _points(sheet: "Worksheet", rows: list[int]) -> Any:
    """Return the plane: a point a package, named in the legend."""
    from openpyxl.chart import Reference, ScatterChart, Series

    drawn = ScatterChart()
    drawn.style, drawn.scatterStyle = 13, "lineMarker"
    for at, row in enumerate(rows):
        across, up = (Reference(sheet, min_col=place, min_row=row, max_row=row) for place in (2, 3))
        series = Series(up, across, title=str(sheet.cell(row, 1).value))
        series.marker.symbol, series.marker.size = "diamond", 9
        series.marker.graphicalProperties.solidFill = COLOURS[at % len(COLOURS)]
        series.graphicalProperties.line.noFill = True
        drawn.series.append(series)
    drawn.x_axis.title = str(sheet.cell(HEADS, 2).value)
    drawn.y_axis.title = str(sheet.cell(HEADS, 3).value)
    drawn.x_axis.delete = drawn.y_axis.delete = False
    drawn.x_axis.tickLblPos = drawn.y_axis.tickLblPos = "low"
    return drawn
