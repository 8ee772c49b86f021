"""An explanation: from a number to its components, years, clauses, equations and sources."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from accord.assessment.explain.clauses import explain_clause, explain_sources
from accord.assessment.explain.currency import find_currency_inputs
from accord.assessment.explain.facilities import explain_facilities
from accord.assessment.explain.tree import UNIT, Explanation
from accord.assessment.names import find_unknown
from accord.assessment.result import Assessed
from accord.assessment.valuation.equations import COMPONENTS, EQUATIONS
from accord.assessment.valuation.payoff import build_clock
from accord.assessment.valuation.uncertainty import ELASTICITIES, LUCK, TITLES
from accord.assessment.words.sentences import say
from accord.core.arguments import check_kind, public
from accord.core.errors import InputError
from accord.deal.clauses.registry import Clause, kinds_behind
from accord.deal.clauses.ruling import RulingClause
from accord.deal.deal import NO_DEAL, Deal
from accord.lowering.roles import region_axis
from accord.lowering.tariff_path import TIMELINE_MEANING, TIMELINES, Timeline

FACILITIES = "facilities"
FIGURES = ("payoff", *COMPONENTS, FACILITIES)
SPANS = (1, 1, 1, 2, 5, 10)  # years in each span; the rest of the horizon is the last

BEHIND = {
    "tariff": (
        ELASTICITIES,
        "removal",
        "rebuilding",
        "take_up",
        "sourcing",
        "growth",
        "discount",
    ),
    "transfer": ("displacement", "displaced_return", LUCK, "discount"),
    "terms_of_trade": (ELASTICITIES, "sourcing", "displacement", "growth", "discount"),
    "capacity": ("additional", "displacement", LUCK, "discount"),
    "profit": (LUCK, "discount"),
    "receipts_risk": ("risk_premium", "credit_spread", LUCK, "discount"),
    "later": ("risk_premium", "credit_spread", "additional", "displacement", LUCK, "discount"),
    "risk": ("flow_price", "crisis_loss", "aversion", "growth", "discount"),
}


@public
def explain(
    result: Assessed, figure: str, region: str, *, package: str, timeline: Timeline = "dated"
) -> Explanation:
    """Return the tree from a number to its components, years, clauses, equations and sources.

    Args:
        result: An assessment.
        figure: "payoff", one of its components, or "facilities": the money of each clause.
        region: Whose.
        package: Under which package.
        timeline: Which tariffs hold when.

    Raises:
        InputError: A name is not known; all of them at once.
    """
    check_kind("result", result, Assessed, "Assess the deal first: ac.assess(deal)")
    problems = [
        *find_unknown("figure", figure, FIGURES),
        *find_unknown("region", region, region_axis(result.deal, result.world)),
        *find_unknown("package", package, result.packages[1:]),
        *find_unknown("timeline", timeline, TIMELINES),
    ]
    if problems:
        raise InputError(problems, "the request")
    if figure == FACILITIES:
        return explain_facilities(result.deal, result.to_frame, region, package=package)
    task = _Subject(result, region, package, timeline)
    tree = task.payoff() if figure == "payoff" else task.component(figure)
    wanted = COMPONENTS if figure == "payoff" else (figure,)
    groups = [group for component in wanted for group in task.clauses(component)]
    clauses = [clause for _, group in groups for clause in group]
    if not any(clause.source_ids for clause in clauses):
        return tree
    return replace(tree, children=(*tree.children, explain_sources(result.deal, clauses)))


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
    return Explanation(heading, children=tuple(explain_clause(clause, deal) for clause in clauses))
