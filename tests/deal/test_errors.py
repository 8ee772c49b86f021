"""A wrong deal file: every problem at once, each with its path and its remedy."""

from datetime import date

import pytest

from accord.core.errors import InputError
from accord.deal.clauses.tariff import TariffClause
from accord.deal.load import load_deal, read_deal
from tests.deal.examples import DEAL, clause_text, small_world

WORLD = small_world()
TARIFF = "package[1].clause[1]"
MONEY = "package[1].clause[2]"
SIGNED = DEAL.index("[[package]]")


def problems_of(text, world=WORLD):
    """Path → text of every problem."""
    with pytest.raises(InputError) as caught:
        read_deal(text, world=world)
    assert caught.value.exit_code == 2
    by_path: dict[str, list[str]] = {}
    for problem in caught.value.problems:
        by_path.setdefault(problem.path, []).append(str(problem))
    return {path: " | ".join(texts) for path, texts in by_path.items()}


def change(*pairs):
    """The example with something replaced, in the package rather than in the no-deal."""
    head, tail = DEAL[:SIGNED], DEAL[SIGNED:]
    for old, new in pairs:
        assert old in tail, old
        tail = tail.replace(old, new, 1)
    return head + tail


CASES = {
    "unknown country": (
        ('exporters = ["KOR"]', 'exporters = ["KOREA"]'),
        f"{TARIFF}.exporters",
        ("KOREA", "Did you mean KOR?"),
    ),
    "country by its name": (
        ('payer = "KOR"', 'payer = "South Korea"'),
        f"{MONEY}.payer",
        ("Did you mean KOR?",),
    ),
    "unknown sector": (
        ('products = ["motor_vehicles"]', 'products = ["motor_vehicle"]'),
        f"{TARIFF}.products",
        ("Did you mean motor_vehicles?",),
    ),
    "not an HS code": (
        ('products = ["motor_vehicles"]', 'products = ["870"]'),
        f"{TARIFF}.products",
        ("not an HS code", "2, 4, 6, 8 or 10 digits"),
    ),
    "HS code as a number": (
        ('products = ["motor_vehicles"]', "products = [8703]"),
        f"{TARIFF}.products[1]",
        ("8703 is not text", "in quotes"),
    ),
    "HS code for an importer without lines": (
        (
            'importer = "USA"\nexporters = ["KOR"]\nproducts = ["motor_vehicles"]',
            'importer = "KOR"\nexporters = ["USA"]\nproducts = ["8703"]',
        ),
        f"{TARIFF}.products",
        ("known for USA only (United States)", 'Name "motor_vehicles" instead'),
    ),
    "negative amount": (
        ("amount = 200e9", "amount = -200e9"),
        f"{MONEY}.amount",
        ("-2e11 is negative", "positive"),
    ),
    "dates reversed": (
        ("from = 2025-11-01", "from = 2025-11-01\nuntil = 2025-01-31"),
        f"{TARIFF}.until",
        ("2025-01-31 is before `from` 2025-11-01", "Swap"),
    ),
    "cap above amount": (
        ("amount = 200e9", "amount = 1e10"),
        f"{MONEY}.annual_cap",
        ("2e10 exceeds amount 1e10", "Lower the cap"),
    ),
    "unknown key": (
        ("annual_cap", "anual_cap"),
        f"{MONEY}.anual_cap",
        ("unknown key", "Did you mean annual_cap?"),
    ),
    "rate in per cent": (
        ("rate = 0.15", "rate = 15"),
        f"{TARIFF}.rate",
        ("1500 %", "did you mean 0.15 (15 %)?"),
    ),
    "rate as text": (
        ("rate = 0.15", 'rate = "15%"'),
        f"{TARIFF}.rate",
        ("not a number", "without quotes"),
    ),
    "rate not a number": (
        ("rate = 0.15", "rate = nan"),
        f"{TARIFF}.rate",
        ("not a finite number",),
    ),
    "share in per cent": (
        ('instrument = "equity"', 'instrument = "equity"\ndisplacement = 50'),
        f"{MONEY}.displacement",
        ("50 is above 1", "did you mean 0.5 (50 %)?"),
    ),
    "unknown rule": (
        ('rule = "floor"', 'rule = "flor"'),
        f"{TARIFF}.rule",
        ("Did you mean floor?",),
    ),
    "basis as a number": (
        ('basis = "232"', "basis = 232"),
        f"{TARIFF}.basis",
        ('Put it in quotes: write "232"',),
    ),
    "HS code with dots": (
        ('products = ["motor_vehicles"]', 'products = ["8703.23"]'),
        f"{TARIFF}.products",
        ("dots or blanks", 'Did you mean "870323"?'),
    ),
    "unknown basis": (
        ('basis = "232"', 'basis = "section 232"'),
        f"{TARIFF}.basis",
        ("Did you mean 232?",),
    ),
    "unknown kind": (
        ('kind = "investment"', 'kind = "invest"'),
        MONEY,
        ("Did you mean investment?",),
    ),
    "no kind": (
        ('kind = "investment"\n', ""),
        MONEY,
        ("has no kind", "investment"),
    ),
    "missing field": (
        ('host = "USA"\n', ""),
        f"{MONEY}.host",
        ("is missing", "Add `host"),
    ),
    "date in quotes": (
        ("from = 2025-11-01", 'from = "2025-11-01"'),
        f"{TARIFF}.from",
        ("not a date", "without quotes"),
    ),
    "list forgotten": (
        ('exporters = ["KOR"]', 'exporters = "KOR"'),
        f"{TARIFF}.exporters",
        ("not a list", "brackets"),
    ),
    "unknown source": (
        ('source = "notice"', 'source = "notce"'),
        f"{TARIFF}.source",
        ("not a source of this file", "Did you mean notice?"),
    ),
    "sectors do not sum to one": (
        ('instrument = "equity"', 'instrument = "equity"\nsectors = { food = 0.5, energy = 0.6 }'),
        f"{MONEY}.sectors",
        ("sum to 1.1, not 1",),
    ),
    "spread out of order": (
        (
            'instrument = "equity"',
            'instrument = "equity"\ndisplacement = { low = 0.5, mode = 0.2, high = 0.9 }',
        ),
        f"{MONEY}.displacement",
        ("rising order",),
    ),
    "up front and capped": (
        ('instrument = "equity"', 'instrument = "equity"\nup_front = true'),
        f"{MONEY}.annual_cap",
        ("contradicts up_front",),
    ),
    "pays itself": (
        ('host = "USA"', 'host = "KOR"'),
        f"{MONEY}.host",
        ("both payer and host",),
    ),
    "excludes itself": (
        ('basis = "232"', 'basis = "232"\nunless_basis = ["232"]'),
        f"{TARIFF}.unless_basis",
        ("own basis", "except_products"),
    ),
    "reserved name": (
        ('name = "signed"', 'name = "no_deal"'),
        "package[1].name",
        ("reserved",),
    ),
    "name with capitals": (
        ('name = "signed"', 'name = "The Deal"'),
        "package[1].name",
        ("not a plain name", "small letters"),
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_each_slip_is_named_with_its_path_and_remedy(case):
    pair, path, words = case
    told = problems_of(change(pair))
    assert list(told) == [path]
    for word in words:
        assert word in told[path]


def test_the_example_itself_is_right():
    assert read_deal(DEAL, world=WORLD).name == "small"


def test_a_missing_no_deal_says_what_to_add():
    text = DEAL[: DEAL.index("[no_deal]")] + DEAL[SIGNED:]
    assert "Add a [no_deal] table" in problems_of(text)["no_deal"]


def test_a_slip_inside_a_distribution_is_named_there():
    spread = "displacement = { low = 0.1, mode = 0.2, hgh = 0.9 }"
    told = problems_of(change(('instrument = "equity"', f'instrument = "equity"\n{spread}')))
    assert set(told) == {f"{MONEY}.displacement.high", f"{MONEY}.displacement.hgh"}
    assert "Did you mean high?" in told[f"{MONEY}.displacement.hgh"]


def test_duplicate_package_names_are_refused():
    again = '\n[[package]]\nname = "signed"\n'
    told = problems_of(DEAL + again)
    assert "already given at package[1].name" in told["package[2].name"]


def test_a_swapped_profit_split_must_sum_to_one():
    split = """
[[package.clause]]
kind = "profit_split"
until_recovery = { USA = 0.5, KOR = 0.5 }
after_recovery = { USA = 90, KOR = 10 }
"""
    told = problems_of(DEAL + split)
    assert set(told) == {
        "package[1].clause[3].after_recovery",
        "package[1].clause[3].after_recovery.USA",
        "package[1].clause[3].after_recovery.KOR",
    }
    assert "did you mean 0.9 (90 %)?" in told["package[1].clause[3].after_recovery.USA"]


def second(
    *, exporter="KOR", product="8703", rate="0.25", rule="level", basis="232", start="2025-12-01"
):
    """The example with one more tariff clause in its package."""
    return DEAL + clause_text(
        "package", "tariff", importer="USA", exporters=[exporter], products=[product],
        rate=float(rate), rule=rule, basis=basis, from_=date.fromisoformat(start),
    )  # fmt: skip


@pytest.mark.parametrize("rule", ["level", "floor", "add"])
def test_clauses_that_contradict_are_refused(rule):
    told = problems_of(second(rule=rule))
    assert list(told) == ["package[1].clause[3]"]
    text = told["package[1].clause[3]"]
    assert "contradicts package[1].clause[1]" in text
    assert "`until`" in text


@pytest.mark.parametrize(
    "other",
    [
        {"exporter": "JPN"},
        {"product": "food"},
        {"basis": "IEEPA"},
        {"rule": "ceiling"},
    ],
    ids=str,
)
def test_clauses_that_share_no_goods_or_basis_do_not_contradict(other):
    assert len(read_deal(second(**other), world=WORLD).packages[0].clause) == 3


def test_a_clause_that_ended_does_not_contradict_the_next():
    text = change(("from = 2025-11-01", "from = 2025-11-01\nuntil = 2025-11-30"))
    later = second()[len(DEAL) :]
    assert read_deal(text + later, world=WORLD).name


def test_the_same_clause_twice_would_be_counted_twice():
    text = second(product="motor_vehicles", rate="0.15", rule="floor", start="2025-11-01")
    assert "repeats package[1].clause[1]" in problems_of(text)["package[1].clause[3]"]


def test_two_add_ons_on_one_basis_stack():
    text = change(('rule = "floor"', 'rule = "add"')) + second(rule="add")[len(DEAL) :]
    assert read_deal(text, world=WORLD).name


def test_a_package_must_not_contradict_its_background():
    common = "\n[background]" + clause_text(
        "background", "tariff", importer="USA", exporters=["all"], products=["8703"],
        rate=0.25, rule="add", basis="232",
    )  # fmt: skip
    told = problems_of(DEAL + common)
    assert set(told) == {"package[1].clause[1]"}
    assert "background.clause[1]" in told["package[1].clause[1]"]
    left_out = common.replace(
        'exporters = ["all"]', 'exporters = ["all"]\nexcept_exporters = ["KOR"]'
    )
    assert read_deal(DEAL + left_out, world=WORLD).name
    alone = (DEAL + common).replace('name = "signed"', 'name = "signed"\nbackground = false')
    assert read_deal(alone, world=WORLD).name


def test_contradictions_by_name_need_no_world():
    told = problems_of(second(product="motor_vehicles"), world=None)
    assert "contradicts" in told["package[1].clause[3]"]
    assert read_deal(second(), world=None).name


def test_every_problem_comes_out_together():
    text = change(
        ('exporters = ["KOR"]', 'exporters = ["KOREA"]'),
        ("rate = 0.15", "rate = 15"),
        ('rule = "floor"', 'rul = "floor"'),
        ("from = 2025-11-01", "from = 2025-11-01\nuntil = 2025-01-31"),
        ('payer = "KOR"', 'payer = "KRO"'),
        ("amount = 200e9", "amount = -1e10"),
        ('instrument = "equity"', 'instrument = "cash"\nsectors = { food = 0.5 }'),
    ).replace("price_year = 2024", 'price_year = 2024\ncurrency = "KRW"')
    text = text[: text.index("[no_deal]")] + text[text.index("[[package]]") :]
    assert set(problems_of(text)) == {
        "currency",
        "no_deal",
        f"{TARIFF}.exporters",
        f"{TARIFF}.rate",
        f"{TARIFF}.rul",
        f"{TARIFF}.rule",
        f"{TARIFF}.until",
        f"{MONEY}.payer",
        f"{MONEY}.amount",
        f"{MONEY}.instrument",
        f"{MONEY}.sectors",
    }


def test_a_file_that_is_not_toml_names_the_line():
    told = problems_of("schema = 1\nname = small\n")
    assert list(told) == ["line 2"]
    assert "is not TOML" in told["line 2"]


def test_an_empty_file_asks_for_everything_needed():
    told = problems_of("")
    assert {"schema", "name", "title", "parties", "price_year", "no_deal", "package"} == set(told)


@pytest.mark.parametrize("text", ["package = 3", "clause = []\npackage = [1, 2]", "no_deal = []"])
def test_tables_of_the_wrong_shape_are_problems_not_crashes(text):
    assert problems_of(text)


def test_a_real_prohibitive_rate_can_be_asked_for():
    text = change(("rate = 0.15", "rate = 10.0\nprohibitive = true"))
    clause = read_deal(text, world=WORLD).packages[0].clause[0]
    assert isinstance(clause, TariffClause)
    assert clause.rate == 10.0


def test_a_misspelt_case_is_suggested():
    with pytest.raises(InputError, match=r"Did you mean the shipped case us-korea-2025\?"):
        load_deal("us-korea-2024", WORLD)


@pytest.mark.parametrize(("party", "remedy"), [("US", "Did you mean USA"), ("GBR", "ROW")])
def test_a_slip_in_the_parties_is_told_once_and_rates_of_them_are_not_wrong(party, remedy):
    """The rate of USA is not that of "no party, did you mean US?" where US stands for USA."""
    text = DEAL.replace('parties = ["USA"', f'parties = ["{party}"')
    text += '\n[assessment]\ndiscount_rates = { USA = "ust20" }\n'
    with pytest.raises(InputError) as caught:
        read_deal(text, world=small_world())
    told = [str(problem) for problem in caught.value.problems]
    assert f"{party}?" not in " ".join(told)
    assert any(line.startswith("parties:") and (remedy in line or "GBR" in line) for line in told)
    if party == "US":
        assert len(told) == 1


@pytest.mark.parametrize("name", ["US", "United States", "America", "U.S."])
def test_a_rate_of_a_party_by_another_name_is_told_by_its_id(name):
    text = DEAL + f'\n[assessment]\ndiscount_rates = {{ "{name}" = "ust20" }}\n'
    with pytest.raises(InputError, match="Did you mean USA"):
        read_deal(text, world=small_world())
