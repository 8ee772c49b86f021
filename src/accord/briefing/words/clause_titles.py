"""What a clause is called: its own title, or words made from what it says."""

from collections.abc import Sequence

from accord.briefing.document.facts import Fact, Name, Prose, listed, sentence
from accord.briefing.view import BriefingView
from accord.data.lines import GROUP_MEANING
from accord.deal.clauses.finance import InvestmentClause
from accord.deal.clauses.law import RulingClause, TariffClause
from accord.deal.fields import ClauseBase
from accord.deal.products import EVERYTHING, REGION_GROUPS

KINDS = {
    "profit_split": "the split of profits",
    "swap_line": "a currency swap line",
    "fx_adjustment": "a say in the pace of payments when the currency is under stress",
    "visa": "visas",
    "purchase": "promised purchases",
}
_RULES = {
    "add": "{rate} on {products}",
    "level": "{rate} all in on {products}",
    "floor": "at least {rate} on {products}",
    "ceiling": "at most {rate} on {products}",
}
_MOST_NAMED = 3


def clause_title(clause: ClauseBase, view: BriefingView) -> Prose:
    """Return the title of a clause without a full stop; made from the clause where it has none."""
    if clause.title:
        return sentence("{title}", title=Name(clause.title))
    if isinstance(clause, TariffClause):
        return _tariff(clause, view)
    if isinstance(clause, RulingClause):
        return sentence(
            "{importer}: tariffs under {basis} are void from {day}",
            importer=Name(view.region(clause.importer)),
            basis=Name(_basis(clause.basis)),
            day=Fact(clause.from_, "date"),
        )
    if isinstance(clause, InvestmentClause):
        return sentence(
            "investment of {payer} in {host}",
            payer=Name(view.region(clause.payer)),
            host=Name(view.region(clause.host)),
        )
    return sentence("{kind}", kind=Name(KINDS.get(clause.kind, clause.kind.replace("_", " "))))


def _tariff(clause: TariffClause, view: BriefingView) -> Prose:
    law = "" if clause.basis == "other" else " ({law})"
    return sentence(
        "{importer} on {exporters}: " + _RULES[clause.rule] + law,
        importer=Name(view.region(clause.importer)),
        exporters=_among(
            [_region(name, view) for name in clause.exporters],
            [_region(name, view) for name in clause.except_exporters],
        ),
        rate=Fact(clause.rate, "share", source=next(iter(clause.source_ids), "")),
        products=_among(
            [_product(name, view) for name in clause.products],
            [_product(name, view) for name in clause.except_products],
        ),
        law=Name(_basis(clause.basis)),
    )


def _among(names: Sequence[str], left_out: Sequence[str]) -> Name:
    """Return names joined as in prose, and those left out; a long list is cut."""
    text = _some(names)
    return Name(f"{text} but {_some(left_out)}" if left_out else text)


def _some(names: Sequence[str]) -> str:
    if len(names) <= _MOST_NAMED:
        return listed(list(names)).text
    return f"{', '.join(names[:_MOST_NAMED])} and {len(names) - _MOST_NAMED} more"


def _region(name: str, view: BriefingView) -> str:
    if name == EVERYTHING:
        return "every country"
    if name in REGION_GROUPS and name not in view.world.regions:
        return "the European Union"
    return view.region(name)


def _product(name: str, view: BriefingView) -> str:
    if name == EVERYTHING:
        return "all goods"
    if name in view.world.sectors:
        return view.sector(name).lower()
    return GROUP_MEANING.get(name, f"HS {name}")


def _basis(basis: str) -> str:
    return f"section {basis}" if basis.isdigit() else basis
