"""Fields of a tariff that its rule or its basis gives no meaning to are refused, with a remedy."""

import pytest

from tests.deal.test_errors import SIGNED, TARIFF, change, problems_of

CAPPED = '{ trigger = "x", rate = 0.1, rule = "ceiling" }'
IDLE = {
    "quota on a ceiling": ('rule = "ceiling"\nquota = { amount = 1e9 }', "quota", "only caps"),
    "exclusion on a ceiling": (
        'rule = "ceiling"\nunless_basis = ["IEEPA"]', "unless_basis", "on the clauses",
    ),
    "quota behind a ceiling that wakes": (
        'rule = "add"\nquota = { amount = 1e9 }\nsnap_back = ' + CAPPED,
        "quota", "only caps",
    ),
    "exclusion on an ordinary duty": (
        'rule = "level"\nunless_basis = ["232"]', "unless_basis", "changes the base rate itself",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", IDLE)
def test_fields_without_meaning_are_refused_with_a_remedy(name):
    lines, field, words = IDLE[name]
    text = change(('rule = "floor"', lines))
    if "ordinary" in name:
        text = text[:SIGNED] + text[SIGNED:].replace('basis = "232"', 'basis = "MFN"')
    told = problems_of(text)
    assert list(told) == [f"{TARIFF}.{field}"]
    assert words in told[f"{TARIFF}.{field}"]
    assert "Delete it" in told[f"{TARIFF}.{field}"]
