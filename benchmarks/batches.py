"""A batch of equilibria against as many solves one by one: a table of `trade.py`."""

import numpy as np
from tables import measure, print_table
from worlds import Case, draw_shocks

from accord.trade.batch import solve_trade_many
from accord.trade.plan import TradeShock
from accord.trade.solver import solve_trade

MANY = 64  # equilibria of a batch


def time_many(cases: list[Case], repeats: int, *, quick: bool) -> None:
    """Print how fast a batch is against as many solves one by one; of one case when `quick`."""
    rows = []
    for case in cases[:1] if quick else cases[2:]:
        differing = {"rates of one importer": draw_shocks(case.model, MANY)}
        if not quick:
            differing["transfers"] = _draw_transfers(case)
        for name, shocks in differing.items():
            model = case.model
            together = measure(lambda m=model, s=shocks: solve_trade_many(m, s), repeats)
            alone = measure(lambda m=model, s=shocks: [solve_trade(m, x) for x in s], repeats)
            apart = max(
                np.abs(a.value.welfare - solve_trade(model, shock).value.welfare).max()
                for a, shock in zip(solve_trade_many(model, shocks), shocks, strict=True)
            )
            rows.append(
                (
                    *(case.size, name, together, alone),
                    f"{alone.median / together.median:.2f}",
                    f"{alone.minimum / together.minimum:.2f}",
                    f"{apart:.0e}",
                )
            )
    header = ("size", "what differs", "together, ms", "one by one, ms", "ratio of medians",
              "ratio of minima", "largest difference of welfare")  # fmt: skip
    print_table(f"{MANY} equilibria together, on all processors, and one by one", header, rows)


def _draw_transfers(case: Case) -> list[TradeShock]:
    """Return the tariffs of a case with payments between two countries that differ."""
    VA, shocks = case.model.value_added, []
    first, second = np.argsort(VA)[-2:]
    for part in np.linspace(0, 0.02, MANY):
        receipts = np.zeros_like(VA)
        receipts[first], receipts[second] = -part * VA[first], part * VA[first]
        shocks.append(TradeShock(tariff=case.tariff, transfer=receipts))
    return shocks
