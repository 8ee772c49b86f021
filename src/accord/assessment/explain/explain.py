"""An explanation: from a number to its components, years, clauses, equations and sources."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from accord.assessment.explain.currency import find_currency_inputs
from accord.assessment.names import find_unknown
from accord.assessment.result import Assessed
from accord.assessment.valuation.equations import COMPONENTS, EQUATIONS
from accord.assessment.valuation.payoff import build_clock
from accord.assessment.valuation.uncertainty import ELASTICITIES, LUCK, TITLES
from accord.assessment.words.sentences import say
from accord.core.arguments import check_kind, public
from accord.core.errors import InputError
from accord.core.notebook import Shown
from accord.deal.clauses.base import ClauseBase
from accord.deal.clauses.registry import Clause, kinds_behind
from accord.deal.clauses.ruling import RulingClause
from accord.deal.deal import NO_DEAL, Deal
from accord.lowering.tariff_path import TIMELINE_MEANING, TIMELINES, Timeline

FIGURES = ("payoff", *COMPONENTS)
UNIT = "bn USD"
SPANS = (1, 1, 1, 2, 5, 10)  # years in each span; the rest of the horizon is the last

BEHIND = {
    "tariff": (ELASTICITIES, "removal", "rebuilding", "sourcing", "growth", "discount"),
    "transfer": ("displacement", "displaced_return", LUCK, "discount"),
    "terms_of_trade": (ELASTICITIES, "sourcing", "displacement", "growth", "discount"),
    "capacity": ("additional", "displacement", LUCK, "discount"),
    "profit": (LUCK, "discount"),
    "receipts_risk": ("risk_premium", "credit_spread", LUCK, "discount"),
    "later": ("risk_premium", "credit_spread", "additional", "displacement", LUCK, "discount"),
    "risk": ("flow_price", "crisis_loss", "aversion", "growth", "discount"),
}


@dataclass(frozen=True, repr=False)
class Explanation(Shown):
    """A node of the tree behind a number.

    Attributes:
        name: What it is.
        value: The number, or None for a node that has none.
        unit: Unit of the number.
        note: A remark: a formula, the range of a parameter, the place in the file.
        children: What it is made of.
    """

    name: str
    value: float | None = None
    unit: str = ""
    note: str = ""
    children: tuple["Explanation", ...] = field(default=())

    def __repr__(self) -> str:
        """One line: what it is, its number, and of how many it is made."""
        head = next(self.lines())
        head = head if len(head) <= 120 else f"{head[:119]}…"
        return f"Explanation({head!r}, {len(self.children)} below)"

    def __str__(self) -> str:
        """Return the tree as lines of text."""
        return self.summary()

    def summary(self) -> str:
        """Return the tree as lines of text."""
        return "\n".join(self.lines())

    def lines(self) -> Iterator[str]:
        """Yield the lines of the tree."""
        number = ""
        if self.value is not None:
            digits = f"{self.value:+,.2f}" if self.unit == UNIT else f"{self.value:.4g}"
            number = f" {digits} {self.unit}".rstrip()
        note = f"  ({self.note})" if self.note else ""
        yield f"{self.name}{number}{note}"
        for at, child in enumerate(self.children):
            last = at == len(self.children) - 1
            head, rest = ("└─ ", "   ") if last else ("├─ ", "│  ")
            for line_at, line in enumerate(child.lines()):
                yield f"{head if line_at == 0 else rest}{line}"

    def to_dict(self) -> dict[str, Any]:
        """Return the tree as plain data, without what is empty."""
        plain: dict[str, Any] = {"name": self.name}
        if self.value is not None:
            plain |= {"value": self.value, "unit": self.unit}
        if self.note:
            plain["note"] = self.note
        if self.children:
            plain["children"] = [child.to_dict() for child in self.children]
        return plain


@public
def explain(
    result: Assessed, figure: str, region: str, *, package: str, timeline: Timeline = "dated"
) -> Explanation:
    """Return the tree from a number to its components, years, clauses, equations and sources.

    Args:
        result: An assessment.
        figure: "payoff", or one of its components.
        region: Whose.
        package: Under which package.
        timeline: Which tariffs hold when.

    Raises:
        InputError: A name is not known; all of them at once.
    """
    check_kind("result", result, Assessed, "Assess the deal first: ac.assess(deal)")
    verdict = result.verdict
    problems = [
        *find_unknown("figure", figure, FIGURES),
        *find_unknown("region", region, verdict.regions),
        *find_unknown("package", package, verdict.packages[1:]),
        *find_unknown("timeline", timeline, TIMELINES),
    ]
    if problems:
        raise InputError(problems, "the request")
    task = _Subject(result, region, package, timeline)
    tree = task.payoff() if figure == "payoff" else task.component(figure)
    wanted = COMPONENTS if figure == "payoff" else (figure,)
    groups = [group for component in wanted for group in task.clauses(component)]
    clauses = [clause for _, group in groups for clause in group]
    if not any(clause.source_ids for clause in clauses):
        return tree
    return replace(tree, children=(*tree.children, _sources(result.deal, clauses)))


@dataclass(frozen=True, eq=False)
class _Subject:
    result: Assessed
    region: str
    package: str
    timeline: Timeline

    @property
    def at(self) -> tuple[int, int]:
        """Positions of the package and of the region."""
        verdict = self.result.verdict
        return verdict.packages.index(self.package), verdict.regions.index(self.region)

    def payoff(self) -> Explanation:
        """Return the tree of the whole payoff."""
        verdict, deal = self.result.verdict, self.result.deal
        package, region = self.at
        value = float(verdict.payoff(self.package, self.timeline)[region])
        low, median, high = verdict.interval(self.package, self.timeline)[:, region]
        clock = build_clock(deal, self.result.world)
        children = [Explanation("equation", note=EQUATIONS["payoff"].text)]
        if verdict.count:
            chance = float(verdict.chance(self.package, self.timeline)[region])
            note = say(
                "explain.chance", median=median, low=low, high=high, chance=chance,
                draws=verdict.count,
            )  # fmt: skip
            children.append(Explanation("uncertainty", note=note))
        children += [
            Explanation(
                say("explain.discount_rate"), clock.real_rate(self.region), say("explain.real"),
                say("explain.nominal", nominal=clock.nominal[region], inflation=clock.inflation),
            ),
            Explanation("timeline", note=TIMELINE_MEANING[self.timeline]),
            Explanation("closure", note=say(
                "explain.settings", closure=self.result.settings.closure,
                competition=self.result.settings.competition,
            )),
            *(self.component(name) for row, name in enumerate(COMPONENTS)
              if verdict.central[self.timeline][package, row, region] != 0),
        ]  # fmt: skip
        first, last = verdict.years[0], verdict.years[-1]
        name = say("explain.payoff", region=self.region, package=self.package)
        note = say("explain.present_value", first=first, last=last, price_year=deal.price_year)
        return Explanation(name, value, UNIT, note, tuple(children))

    def component(self, name: str) -> Explanation:
        """Return the tree of one component."""
        verdict = self.result.verdict
        package, region = self.at
        row = COMPONENTS.index(name)
        yearly = verdict.yearly[self.timeline][package, row, :, region]
        value = float(verdict.central[self.timeline][package, row, region])
        children = [
            Explanation("equation", note=EQUATIONS[name].text),
            Explanation("years", note=say("explain.spans"),
                        children=tuple(_spans(verdict.years, yearly * verdict.factors[:, region]))),
            *(_group(heading, group, self.result.deal) for heading, group in self.clauses(name)),
            Explanation("parameters", children=tuple(_parameters(name, self.result))),
        ]  # fmt: skip
        if name == "risk":
            inputs = find_currency_inputs(
                self.result.deal, self.result.world, self.result.to_frame("crashes"),
                party=self.region, package=self.package,
            )  # fmt: skip
            children.append(
                Explanation("inputs", children=tuple(Explanation(*node) for node in inputs))
            )
        return Explanation(f"{name}:", value, UNIT, say(f"explain.meaning.{name}"), tuple(children))

    def clauses(self, component: str) -> Iterator[tuple[str, list[Clause]]]:
        """Yield the clauses behind a component, under a heading."""
        deal = self.result.deal
        behind = kinds_behind(component)
        own = [clause for clause in deal.clauses(self.package) if isinstance(clause, behind)]
        if component == "tariff":
            shared = deal.clauses(NO_DEAL)
            less = [clause for clause in shared if isinstance(clause, behind) and clause not in own]
            own = [
                clause for clause in own if clause not in shared or isinstance(clause, RulingClause)
            ]
            if less:
                yield say("explain.no_deal_clauses"), less
        if own:
            yield say("explain.clauses"), own


def _spans(years: Sequence[int], values: np.ndarray) -> Iterator[Explanation]:
    first = 0
    for length in (*SPANS, len(years)):
        last = min(first + length, len(years))
        if first < last:
            name = f"{years[first]}" if last == first + 1 else f"{years[first]}-{years[last - 1]}"
            yield Explanation(name, float(values[first:last].sum()), UNIT)
        first = last


def _parameters(component: str, result: Assessed) -> Iterator[Explanation]:
    known = {parameter.name: parameter for parameter in result.verdict.parameters}
    for name in BEHIND[component]:
        if name in known:
            parameter = known[name]
            note = say(
                "explain.parameter", title=parameter.title, low=parameter.low,
                high=parameter.high, unit=parameter.unit, source=parameter.source,
                grade=parameter.grade,
            )  # fmt: skip
            yield Explanation(f"{name} =", parameter.central, "", note)
        elif name == ELASTICITIES:
            sets = ", ".join(result.settings.sets_in_play(result.world))
            note = say("explain.elasticities", title=TITLES[name], sets=sets)
            yield Explanation(name, note=note)
        else:
            note = say("explain.paths", title=TITLES[name], paths=result.settings.paths)
            yield Explanation(name, note=note)


def _group(heading: str, clauses: Sequence[Clause], deal: Deal) -> Explanation:
    return Explanation(heading, children=tuple(_clause(clause, deal) for clause in clauses))


def _clause(clause: ClauseBase, deal: Deal) -> Explanation:
    cited = ", ".join(f"{source} [{deal.source(source).grade}]" for source in clause.source_ids)
    title = clause.title or clause.kind_phrase()
    note = f"{clause.path}; {cited}" if cited else clause.path
    return Explanation(f"{title}: {_terms(clause)}", note=note)


def _sources(deal: Deal, clauses: Sequence[ClauseBase]) -> Explanation:
    """Return the sources that clauses cite, each once."""
    cited = dict.fromkeys(cite for clause in clauses for cite in clause.source_ids)
    nodes = []
    for source in (deal.source(cite) for cite in cited):
        words = ", ".join(text for text in (source.title, source.date, source.url) if text)
        nodes.append(Explanation(f"{source.id} [{source.grade}]", note=words))
    return Explanation("sources", children=tuple(nodes))


def _terms(clause: ClauseBase) -> str:
    """Return what a clause says, in its own figures."""
    shown = clause.model_dump(
        exclude={"kind", "title", "note", "source", "products", "exporters", "sectors"},
        exclude_defaults=True, by_alias=True,
    )  # fmt: skip
    words = []
    for name, value in shown.items():
        if isinstance(value, float) and abs(value) >= 1e6:
            words.append(f"{name} {value / 1e9:g} bn")
        elif not isinstance(value, dict | list | tuple):
            words.append(f"{name} {value}")
        elif isinstance(value, dict) and all(
            not isinstance(inner, dict) for inner in value.values()
        ):
            words.append(f"{name} " + " ".join(f"{key} {inner}" for key, inner in value.items()))
    return ", ".join(words)
