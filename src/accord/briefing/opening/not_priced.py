"""What no figure of a briefing counts."""

from accord.briefing.document.facts import Prose
from accord.briefing.pairs import paying_pairs
from accord.briefing.view import BriefingView
from accord.deal.clauses.purchase import PurchaseClause


def build_not_priced(view: BriefingView) -> tuple[Prose, ...]:
    """Return the list of what no figure of the briefing counts, in plain words."""
    by_kind: dict[str, list[str]] = {}
    for package in view.packages:
        for clause in view.uncounted(package):
            titles = by_kind.setdefault(view.words.translated(clause.kind_phrase()), [])
            where = view.package(package)
            titles.append(f"{clause.title} ({where})" if clause.title else where)
    lines = [
        view.say("not_priced.clause", kind=kind, titles="; ".join(titles))
        for kind, titles in by_kind.items()
    ]
    lines.append(view.say("not_priced.retaliation"))
    if view.transfers and view.deal.settings.after == "horizon":
        lines.append(view.say("not_priced.horizon"))
    if _buys_at_market_prices(view):
        lines.append(view.say("not_priced.purchases"))
    unions = _unions_without_sheet(view)
    if view.records("floors"):
        lines.append(view.say("not_priced.currency"))
    elif not unions:
        lines.append(view.say("not_priced.pressure"))
    lines += [view.say("not_priced.union_currency", party=view.region(party)) for party in unions]
    lines.append(view.say("not_priced.other"))
    return tuple(lines)


def _buys_at_market_prices(view: BriefingView) -> bool:
    """Return whether the package in focus promises purchases, none of them at a premium."""
    bought = [
        clause for clause in view.deal.clauses(view.focus) if isinstance(clause, PurchaseClause)
    ]
    return bool(bought) and all(clause.premium == 0 for clause in bought)


def _unions_without_sheet(view: BriefingView) -> list[str]:
    """Return the groups that pay and whose currency is not followed: no balance sheet is given."""
    followed = {row["party"] for row in view.records("floors")}
    paying = dict.fromkeys(payer for payer, _ in paying_pairs(view))
    return [name for name in paying if name not in view.world.regions and name not in followed]
