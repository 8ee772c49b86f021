"""Write the tables of `docs/backtest.md` anew: `uv run python -m tests.backtesting.page`."""

import re
from pathlib import Path

from accord.backtesting.backtest import backtest
from accord.backtesting.result import Backtest
from accord.cli.commands.backtest import backtest_tables

PAGE = Path(__file__).resolve().parents[2] / "docs" / "backtest.md"
MARK = "<!-- table: {name} -->\n"


def written(text: str, result: Backtest) -> str:
    """Return the page with its tables as a backtest has them."""
    for table in backtest_tables(result):
        if table.name == "sources":
            continue
        lines = [table.columns, ["---"] * len(table.columns), *table.rows]
        body = "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
        pattern = re.escape(MARK.format(name=table.name)) + r"(\|.*\n)*"
        new = (MARK.format(name=table.name) + body).replace("\\", r"\\")
        text, count = re.subn(pattern, new, text)
        assert count == 1, table.name
    return text


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), backtest()), encoding="utf-8")
