"""A metric: a figure that every package has for every party, and the column that shows it."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules

from accord.briefing import metrics
from accord.briefing.document.blocks import Column
from accord.briefing.document.facts import Fact
from accord.briefing.view import BriefingView

Read = Callable[[BriefingView, str, str], Fact | None]


@dataclass(frozen=True)
class Metric:
    """One column of the table of packages.

    Attributes:
        name: The message "metric.<name>" is its heading.
        order: Place among the columns, from the left.
        read: Returns the figure of a package for a party, or None where there is none.
        style: How its numbers print, as in `Fact.text`.
        decimals: Digits behind the point.
        ranged: Whether its interval prints below it.
    """

    name: str
    order: int
    read: Read
    style: str = "signed"
    decimals: int = 1
    ranged: bool = False

    def column(self, view: BriefingView) -> Column:
        """Return the column of a table that holds it."""
        label = view.text(f"metric.{self.name}")
        return Column(label, style=self.style, decimals=self.decimals, ranged=self.ranged)


def list_metrics() -> tuple[Metric, ...]:
    """Return the metrics of all files of this folder, in their order."""
    modules = [
        import_module(f"{metrics.__name__}.{entry.name}")
        for entry in iter_modules(metrics.__path__)
    ]
    known = [metric for module in modules for metric in getattr(module, "METRICS", ())]
    return tuple(sorted(known, key=lambda metric: (metric.order, metric.name)))
