"""What the parties of a bargain want, on the page: the objective, its weights, and threats."""

from accord.assessment.bargain.bargain import Bargain
from accord.bargaining.plan import PackageParty
from accord.briefing.document.blocks import Block, Column, Row, RowGroup, Table
from accord.briefing.document.facts import Fact, Prose, Unit, quoted
from accord.briefing.view import BriefingView


def tell_objective(view: BriefingView, bargain: Bargain) -> Prose:
    """Return what the parties want here, and on what that rests."""
    if not bargain.revealed:
        return view.say("bargain.objective.welfare")
    known = [objective.party for objective in bargain.revealed]
    others = [view.region(party) for party in bargain.deal.parties if party not in known]
    whole = view.say(
        "bargain.objective.revealed",
        parties=view.words.listed([view.region(party) for party in known]),
        before=Fact(max(objective.gap_in_welfare for objective in bargain.revealed), "share"),
        after=Fact(max(objective.gap for objective in bargain.revealed), "share"),
    )
    if others:
        whole += view.say("bargain.objective.others", parties=view.words.listed(others))
    return whole + view.say("bargain.objective.beside")


def objective_tables(view: BriefingView, bargain: Bargain) -> list[Block]:
    """Return the weights that tariffs reveal, and packages by welfare and by what is wanted."""
    tables: list[Block] = []
    for objective in bargain.revealed:
        low, high = objective.weights.min(axis=0), objective.weights.max(axis=0)
        rows = tuple(
            Row(
                quoted(view.sector(sector)),
                (Fact(float(objective.tariff[at]), "share"),
                 *(Fact(float(weight), "ratio")
                   for weight in (low[at], objective.weights[:, at].mean(), high[at]))),
            )
            for at, sector in enumerate(objective.sectors)
        )  # fmt: skip
        columns = (
            Column(view.text("bargain.column.sector"), numeric=False),
            *(
                Column(view.text(f"bargain.column.{name}"), style="", decimals=decimals)
                for name, decimals in (("tariff", 1), ("lowest", 2), ("mean", 2), ("highest", 2))
            ),
        )
        tables.append(
            Table(
                f"bargain-weights-{objective.party.lower()}",
                view.text("bargain.title.weights", party=view.region(objective.party)),
                view.say("bargain.weights.unit"), columns, (RowGroup(None, rows),),
            )
        )  # fmt: skip
    return [*tables, *_beside_welfare(view, bargain)]


def _beside_welfare(view: BriefingView, bargain: Bargain) -> list[Block]:
    """Return packages by what is wanted beside welfare: payoffs, and chances where drawn."""
    tables: list[Block] = []
    chances = bargain.chances
    pairs: tuple[tuple[str, PackageParty | None, PackageParty | None, Unit, str], ...] = (
        ("objectives", bargain.payoffs, bargain.welfare, "bn USD", "bargain.unit"),
        ("chances", None if chances is None else chances.gains, bargain.welfare_gains, "share",
         "bargain.chances.unit"),
    )  # fmt: skip
    at = [view.deal.parties.index(party) for party in view.parties]
    for name, wanted, welfare, unit, told in pairs:
        if wanted is None or welfare is None:
            continue
        style = "signed" if unit == "bn USD" else ""
        columns = (
            Column(view.text(f"bargain.column.{side}", party=view.region_label(party)),
                   style=style, decimals=int(unit == "bn USD"))
            for party in view.parties
            for side in ("wanted", "welfare")
        )  # fmt: skip
        rows = tuple(
            Row(quoted(view.label(package)),
                tuple(Fact(float(side[row, place]), unit)
                      for place in at for side in (wanted, welfare)))
            for row, package in enumerate(bargain.packages)
        )  # fmt: skip
        tables.append(
            Table(
                f"bargain-{name}", view.text(f"bargain.title.{name}"), view.say(told),
                (Column(view.text("column.package"), numeric=False), *columns),
                (RowGroup(None, rows),),
            )
        )  # fmt: skip
    return tables


def tell_threats(view: BriefingView, bargain: Bargain) -> Prose:
    """Return whether the tariffs of no deal serve the parties that would charge them."""
    whole = Prose(())
    at = bargain.packages.index(bargain.focus)
    for threat in bargain.threats:
        key = f"bargain.threat.{'credible' if threat.is_credible[at] else 'empty'}"
        whole += view.say(
            key,
            package=view.name_among(bargain.focus),
            party=view.region(threat.party),
            amount=Fact(abs(float(threat.granted[at])), "bn USD"),
        )
        if threat.chance is not None:
            whole += view.say(
                "bargain.threat.chance", chance=Fact(float(threat.chance[at]), "share")
            )
    return whole
