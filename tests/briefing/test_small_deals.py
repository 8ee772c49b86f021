"""What two pages say of a deal of which a part, or trade itself, moves nothing."""

import pytest

from accord.briefing.document.facts import SMALLEST
from accord.briefing.opening.balance import _finding
from accord.briefing.opening.key_points import _sector_point
from accord.briefing.opening.terms import build_terms
from accord.briefing.view import NO_DEAL, BriefingView
from accord.deal.clauses.investment import InvestmentClause
from accord.deal.deal import Deal
from tests.golden.shared import shared_example


@pytest.mark.parametrize(
    ("gain", "loss", "text"),
    [
        (3.0, -2.0, "Largest plus: a. Largest minus: b."),
        (3.0, 0.0, "All comes from: a."),
        (3.0, -SMALLEST / 2, "All comes from: a."),
        (0.0, -2.0, "All is lost to: b."),
        (0.0, 0.0, "Nothing is gained or lost."),
    ],
)
def test_a_part_that_moves_nothing_is_not_named(gain, loss, text):
    assert str(_finding(BriefingView(shared_example()), ("A", gain), ("B", loss))) == text


def test_a_sector_whose_sales_read_the_same_is_no_point(monkeypatch):
    view = BriefingView(shared_example())
    assert _sector_point(view) is not None
    exports = type(view).exports
    monkeypatch.setattr(type(view), "exports", lambda self, _, *rest: exports(self, NO_DEAL, *rest))
    assert _sector_point(view) is None


def test_packages_that_pledge_no_money_have_no_columns_for_it(monkeypatch):
    view = BriefingView(shared_example())
    headings = [column.label for column in build_terms(view).columns]
    assert {"Pledged", "Of it cash"} <= set(headings)
    package = Deal.package

    def without_money(deal, name):
        made = package(deal, name)
        kept = [clause for clause in made.clause if not isinstance(clause, InvestmentClause)]
        return made.model_copy(update={"clause": tuple(kept)})

    monkeypatch.setattr(Deal, "package", without_money)
    table = build_terms(BriefingView(shared_example()))
    assert [column.label for column in table.columns] == [
        heading for heading in headings if heading not in ("Pledged", "Of it cash")
    ]
    assert all(len(row.cells) == len(table.columns) - 1 for row in table.groups[0].rows)
    assert "pledged" not in str(table.unit)
