"""Names and figures that every message may use without being given them."""

from collections.abc import Callable
from typing import Any

from accord.briefing.document.facts import Fact, Part


class MessageParts(dict[str, Part]):
    """The parts of a message; names that all messages share are looked up in a view."""

    def __init__(self, view: Any, given: dict[str, Part]) -> None:
        super().__init__(given)
        self.view = view

    def __missing__(self, key: str) -> Part:
        return SHARED[key](self.view)


SHARED: dict[str, Callable[[Any], Part]] = {
    "payer": lambda view: view.region(view.payer),
    "host": lambda view: view.region(view.host),
    "package": lambda view: view.package(view.focus),
    "short": lambda view: view.short(view.focus),
    "first": lambda view: Fact(view.years[0], "year"),
    "last": lambda view: Fact(view.years[1], "year"),
    "horizon": lambda view: Fact(view.deal.settings.horizon, "count"),
    "year": lambda view: Fact(view.year, "year"),
    "price_year": lambda view: Fact(view.deal.price_year, "year"),
    "day": lambda view: Fact(view.evaluate_on, "date"),
    "money_chapter": lambda view: view.text("finance.title.section"),
    "method_chapter": lambda view: view.text("method.title.section"),
}
