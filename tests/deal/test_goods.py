"""HS codes: looked up in the whole edition, whichever clause, field or importer names them."""

import csv
import tomllib
from dataclasses import replace
from importlib import resources

import pytest

from accord.core.errors import InputError
from accord.data.store import load_world
from accord.deal.clauses.registry import CLAUSES
from accord.deal.goods.codes import CHANGES_FILE, explain_code, known_codes, successors_of
from accord.deal.goods.look_up import codes_of, explain_product
from accord.deal.load import read_deal
from accord.deal.products import build_cells
from tests.deal.examples import DEAL, small_world
from tests.reference import reference_file

WORLD = load_world()
KINDS = {
    "tariff": (
        'importer = "USA"\nexporters = ["KOR"]\nproducts = ["electronics"]\nrate = 0.1\n'
        'rule = "add"\nbasis = "other"\n'
    ),
    "tax": (
        'region = "KOR"\non = "exports"\nbuyers = ["USA"]\nproducts = ["electronics"]\nrate = 0.1\n'
    ),
    "purchase": 'buyer = "KOR"\nseller = "USA"\nproducts = []\namount = 1e9\n',
}
FIELDS = [
    (kind, field)
    for kind, model in CLAUSES.items()
    for field in model.model_fields
    if field.endswith("products")
]
OLD = [
    ("854140", "854141, 854142, 854143, 854149"),
    ("8541402000", "854141, 854142, 854143, 854149"),
    ("851712", "851713, 851714"),
    ("852580", "852581, 852582, 852583, 852589"),
    ("690890", "690721, 690722, 690723, 690730, 690740"),
    ("6908", "690721, 690722, 690723, 690730, 690740"),
]


def problems_of(kind, field, code, *, table="package"):
    """What is wrong with a deal one of whose clauses names a code in a field."""
    written = KINDS[kind]
    line = f'{field} = ["{code}"]\n'
    kept = [row for row in written.splitlines() if not row.startswith(f"{field} =")]
    clause = f'[[{table}.clause]]\nkind = "{kind}"\n' + "\n".join(kept) + f"\n{line}"
    if table == "history":
        clause = (
            '[[history]]\nname = "past"\nimporter = "USA"\nexporters = ["KOR"]\n'
            f"dates = [2025-05-01]\n{clause}"
        )
    try:
        read_deal(DEAL + clause, world=WORLD)
    except InputError as error:
        return [problem for problem in error.problems if problem.path.endswith(f".{field}")]
    return []


def test_every_list_of_products_is_known_to_these_tests():
    assert FIELDS == [
        ("purchase", "products"),
        ("tariff", "products"),
        ("tariff", "except_products"),
        ("tax", "products"),
        ("tax", "except_products"),
    ]


@pytest.mark.parametrize(("kind", "field"), FIELDS)
@pytest.mark.parametrize(
    ("code", "words"),
    [
        *((code, ("an earlier edition of the HS", news)) for code, news in OLD),
        *(
            (code, ("chapter 99, which names a measure", "HS codes of the goods"))
            for code in ("99", "9903", "9999", "999995", "99038803", "9903018900")
        ),
        ("870399", ("is no code of the HS of 2022", "Heading 8703 has the codes 870310, 870321")),
        ("8799", ("is no code of the HS of 2022", "Chapter 87 has the headings 8701, 8702")),
        ("123456", ("is no code of the HS of 2022", "Chapter 12 has the headings 1201, 1202")),
        ("77", ("is no code of the HS of 2022", "Chapters are 01 to 97")),
        ("870", ("is not an HS code", "2, 4, 6, 8 or 10 digits")),
        ("8703.23", ("dots or blanks", 'Did you mean "870323"?')),
    ],
)
def test_digits_that_are_no_code_of_goods_are_refused_in_every_list(kind, field, code, words):
    (problem,) = problems_of(kind, field, code)
    assert code in problem.message
    assert all(word in str(problem) for word in words)


@pytest.mark.parametrize(("kind", "field"), FIELDS)
@pytest.mark.parametrize("code", ["85", "8517", "851713", "8517130000", "870443", "980100"])
def test_codes_of_today_pass_in_every_list(kind, field, code):
    assert problems_of(kind, field, code) == []


def test_a_code_in_the_history_is_looked_up_too():
    assert len(problems_of("tariff", "products", "854140", table="history")) == 1


def test_words_for_what_is_bought_are_free():
    assert problems_of("purchase", "products", "aircraft, and soybeans of 2026") == []


def explained(name, world, importer):
    """Message and remedy for a product that is refused."""
    wrong = explain_product(name, world, importer)
    assert wrong is not None
    return wrong


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("220830", 'name "food" instead: in the imports of USA it is'),
        ("87", 'name "motor_vehicles" instead'),
        ("vehicles_232", 'name "motor_vehicles" instead'),
        ("steel_232", 'name "iron_steel" and "metal_products" instead'),
    ],
)
def test_an_importer_without_lines_is_sent_to_the_sector_that_holds_the_code(name, remedy):
    assert WORLD.lines is not None
    assert WORLD.lines.importer == "USA"
    message, told = explained(name, WORLD, "IND")
    assert "known for USA only (United States)" in message
    assert told.startswith(remedy)
    assert explain_product(name, WORLD, "USA") is None


def test_the_part_of_the_sector_that_a_code_is_comes_from_the_import_lines():
    """Cars of 90 bn in 100 bn of cars and parts: nine tenths of the sector."""
    _, remedy = explained("8703", small_world(), "KOR")
    assert 'name "motor_vehicles" instead: in the imports of USA it is 90 % of the sector' in remedy


def test_a_made_up_code_is_told_before_the_importer_that_has_none():
    message, _ = explained("870399", WORLD, "IND")
    assert "is no code of the HS" in message


def test_a_world_without_lines_knows_the_codes_all_the_same():
    world = replace(small_world(), lines=None)
    assert "no imports by HS code" in explained("8703", world, "USA")[0]
    assert "is no code of the HS" in explained("8799", world, "USA")[0]


def test_the_codes_are_those_of_the_edition_and_hold_every_import_line():
    codes = known_codes()
    assert (sum(len(code) == 2 for code in codes), sum(len(code) == 4 for code in codes)) == (
        96, 1228,
    )  # fmt: skip
    beyond = codes_of(build_cells(WORLD, "USA")) - codes
    assert {code for code in beyond if code < "98"} == {"291800"}
    changes = _changes()
    assert codes.isdisjoint(changes)
    assert codes.issuperset(new for news in changes.values() for new in news)


def test_the_codes_are_those_of_the_reference_file():
    path = reference_file("hs_crosswalks/hs6_gtap_crosswalk.csv")
    with path.open(encoding="utf-8", errors="replace") as rows:
        reference = {row["hs6_code"] for row in csv.DictReader(rows)}
    assert {code for code in known_codes() if len(code) == 6} == reference


def _changes():
    text = (resources.files("accord.deal.goods") / CHANGES_FILE).read_text(encoding="utf-8")
    return tomllib.loads(text)["successors"]


def test_the_table_of_old_codes_agrees_with_the_import_lines():
    """No old code has a line, and every successor has: across a wrong row one of the two fails."""
    changes = _changes()
    lines = codes_of(build_cells(WORLD, "USA"))
    assert len(changes) > 70
    assert lines.isdisjoint(changes)
    assert lines.issuperset(new for news in changes.values() for new in news)
    assert all(successors_of(old)[: len(news)] == tuple(news) for old, news in changes.items())
    assert all(explain_code(old) is not None for old in changes)


def test_the_table_of_old_codes_agrees_with_the_schedule_of_2025():
    path = reference_file("hs_crosswalks/mfn_rates_2025.csv")
    with path.open(encoding="utf-8") as rows:
        schedule = {row["hs8"][:6] for row in csv.DictReader(rows)}
    changes = _changes()
    assert schedule.isdisjoint(changes)
    assert schedule.issuperset(new for news in changes.values() for new in news)
