"""The balance report: what reading a table moved, by which rule, and by how much."""

from dataclasses import dataclass

from accord.data.content import WorldContent
from accord.data.records import Adjustment

TOTAL = "total: "


@dataclass(frozen=True)
class RuleMoved:
    """What a rule moved: amounts in bn USD, and where it moved most.

    `before` and `after` are sums of the file and of the world; `moved` is the sum of the absolute
    differences, and `share` that over output.
    """

    rule: str
    before: float
    after: float
    moved: float
    share: float
    most: str


@dataclass(frozen=True)
class BalanceReport:
    """Totals of the file beside those of the world, and what each rule moved, bn USD."""

    totals: tuple[RuleMoved, ...]
    rules: tuple[RuleMoved, ...]

    def text(self) -> str:
        """Return the report as plain lines, bn USD."""
        lines = [
            f"{row.rule}: {row.before:,.6g} in the file, {row.after:,.6g} in the world"
            for row in self.totals
        ]
        lines += [
            f"{row.rule}: {row.moved:,.4g} moved, {100 * row.share:.2g} % of output; "
            f"most in {row.most}"
            for row in self.rules
        ]
        return "\n".join(lines)


def balance_report(world: WorldContent) -> BalanceReport:
    """Return what was moved when a world was read from a table; empty for another world."""
    groups: dict[str, list[Adjustment]] = {}
    for row in world.adjustments:
        groups.setdefault(row.what, []).append(row)
    output = max(float(world.sales.sum()), 1e-300)
    told = {what: _tell(what, rows, output) for what, rows in groups.items()}
    return BalanceReport(
        tuple(row for what, row in told.items() if what.startswith(TOTAL)),
        tuple(row for what, row in told.items() if not what.startswith(TOTAL)),
    )


def _tell(what: str, rows: list[Adjustment], output: float) -> RuleMoved:
    largest = max(rows, key=lambda row: (abs(row.after - row.before), abs(row.before)))
    moved = sum(abs(row.after - row.before) for row in rows)
    return RuleMoved(
        rule=what.removeprefix(TOTAL),
        before=sum(row.before for row in rows),
        after=sum(row.after for row in rows),
        moved=moved,
        share=moved / output,
        most=" ".join(filter(None, (largest.region, largest.sector))),
    )
