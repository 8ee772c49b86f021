"""What each side gives and gets under the package in focus: a waterfall a party."""

from accord.briefing.charts.waterfall import GainBars, build_waterfall
from accord.briefing.document.blocks import Chart, Column, Row, RowGroup, Table
from accord.briefing.document.facts import SMALLEST, Fact, Prose, quoted
from accord.briefing.metrics.metric import Metric
from accord.briefing.metrics.verdict import PARTS
from accord.briefing.view import BriefingView

ROOM = 0.06  # of the axis, beyond its outermost figures


def build_balance(view: BriefingView) -> tuple[Chart, ...]:
    """Return for each party the parts of its payoff, all on one scale."""
    parts = [metric for metric in PARTS if any(_read(view, metric, of) for of in view.parties)]
    falls = {party: _fall(view, party, parts or list(PARTS[:1])) for party in view.parties}
    low = min(fall.reach[0] for fall in falls.values())
    high = max(fall.reach[1] for fall in falls.values())
    room = ROOM * (high - low) or 1.0
    reach = low - room, high + room
    return tuple(_chart(view, party, fall, reach) for party, fall in falls.items())


def _read(view: BriefingView, metric: Metric, party: str) -> float:
    """Return a part of the payoff of a party, bn USD; zero for what prints as nothing."""
    fact = metric.read(view, view.focus, party)
    return fact.number if fact and abs(fact.number) >= SMALLEST else 0.0


def _fall(view: BriefingView, party: str, shown: list[Metric]) -> GainBars:
    """Return the parts of a payoff that are something to one of the parties."""
    payoff = view.payoff(view.focus, party)
    parts = []
    for metric in shown:
        fact = metric.read(view, view.focus, party)
        value = fact.number if fact else 0.0
        parts.append((_name(view, metric.name, value), value))
    interval = (payoff.low, payoff.high) if payoff.is_drawn else None
    return GainBars(parts, view.text("balance.whole"), interval)


def _name(view: BriefingView, name: str, value: float) -> str:
    """Return the name of a part; money and risk are called by the way they go."""
    if abs(value) < SMALLEST:
        return view.text(f"metric.{name}")
    own = f"balance.part.{name}.{'gain' if value > 0 else 'loss'}"
    return view.text(own if view.words.has(own) else f"metric.{name}")


def _finding(view: BriefingView, gain: tuple[str, float], loss: tuple[str, float]) -> Prose:
    """Return what brings and what takes most; a part that moves nothing is not named."""
    named = {"gain": gain[0].lower()} if gain[1] > SMALLEST else {}
    named |= {"loss": loss[0].lower()} if loss[1] < -SMALLEST else {}
    key = "balance.finding" if len(named) == 2 else f"balance.only.{next(iter(named), 'nothing')}"
    return view.say(key, **named)


def _chart(view: BriefingView, party: str, fall: GainBars, reach: tuple[float, float]) -> Chart:
    name, title = f"balance-{party.lower()}", view.text("balance.title", party=view.region(party))
    gain, loss = (pick(fall.parts, key=lambda part: part[1]) for pick in (max, min))
    axis = view.words.templates["balance.axis"]
    rows = [Row(quoted(part), (Fact(value, "bn USD"),)) for part, value in fall.parts]
    rows.append(Row(quoted(fall.name), (Fact(fall.total, "bn USD", fall.interval),)))
    return Chart(
        id=name,
        title=title,
        finding=_finding(view, gain, loss),
        alt=view.text("balance.alt"),
        wide=build_waterfall(fall, reach, "wide", axis),
        narrow=build_waterfall(fall, reach, "narrow", axis),
        table=Table(
            f"{name}-data", title, view.say("bargain.unit"),
            (
                Column(view.text("balance.column.part"), numeric=False),
                Column(view.words.templates["balance.column.value"], decimals=1, ranged=True),
            ),
            (RowGroup(None, tuple(rows)),),
        ),
    )  # fmt: skip
