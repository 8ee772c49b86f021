"""A commented deal file to start from, for any parties. It passes every check as written."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import permutations
from math import floor, log10

import numpy as np

from accord.core.errors import InputError, Problem
from accord.data.store import load_world
from accord.data.world import World
from accord.deal.checks.groups import check_groups, check_overlap
from accord.deal.clauses.base import check_regions
from accord.deal.includes.background import Included
from accord.deal.includes.find import find_backgrounds
from accord.deal.load import read_deal
from accord.deal.products import expand_regions
from accord.deal.regions import GROUP_NAMES, Group

EXAMPLE_PARTIES = ("USA", "KOR")
SHOWN_SECTORS = 4
SHARE_OF_INCOME = 0.01  # of the smaller value added of the two, invested in the example
MARKET_RATE = "ust20"
CURRENT_ACCOUNT = "current_account"

TEMPLATE = """\
#:schema ./deal.schema.json
# A deal file is TOML: text in quotes, dates bare (2025-11-14), rates as fractions (0.15 is 15 %),
# money in units of the currency (200e9 is 200 billion). Every field: docs/deal-file.md.
# The first line lets an editor complete and check the file; `accord check FILE` checks it fully.
schema = 1
name = "{name}"
title = "{title}: an example to edit"
# {choice}
parties = [{parties}]
price_year = {price_year}
currency = "USD"
{include}
# Trade in goods between the parties and the tariffs paid on it, in the base data ({base}):
{facts}
{groups}
# Sources are cited by id from any clause. Grades: A official, B press or research,
# C one secondary copy, D derived, U assumption. C and U are flagged where a briefing cites them.
[[source]]
id = "assumption"
title = "Assumption of the author: replace by a source"
date = {today}
grade = "U"

[assessment]
evaluate_on = 2026-01-01              # the day whose tariffs are assessed
first_year = 2026                     # investment is averaged over `years` from this year on
years = 10
# At what yearly rate each party values money: a market rate, or a fraction such as 0.04.
discount_rates = {{ {rates} }}

{background}
# The disagreement point: what happens if the talks fail. All figures below are made up, and who
# raises tariffs is an example: exchange the parties, or add clauses for the other.
[no_deal]
title = "No deal"
[[no_deal.clause]]
kind = "tariff"
title = "10 % on top of today's tariffs"   # printed; made from the clause if left out
importer = "{importer}"
exporters = [{exporters}]
products = ["all"]                    # sectors, HS codes ("8703"), product groups, or "all" goods
rate = 0.10
rule = "add"                          # add | level | floor | ceiling
basis = "other"                       # IEEPA | 232 | 122 | 301 | 338 | MFN | FTA | other
from = 2026-01-01
source = "assumption"

[[package]]
name = "offer"
title = "Half of the tariff{for_money}"
[[package.clause]]
kind = "tariff"
title = "5 % on top of today's tariffs"
importer = "{importer}"
exporters = [{exporters}]
products = ["all"]
rate = 0.05
rule = "add"
basis = "other"
from = 2026-01-01
snap_back = {{ trigger = "calls_missed", rate = 0.10, rule = "add" }}
source = "assumption"
{investment}"""
NO_EVIDENCE = """\
# Who invests in whom is yours to say: the accounts of the world do not show one of the parties
# lending abroad and another one borrowing. An example:"""
INVESTMENT = """\
[[package.clause]]
kind = "investment"
title = "{billions} bn in equity, at most a tenth of it a year"
payer = "{payer}"
host = "{host}"
amount = {amount:.0e}
instrument = "equity"                 # equity | direct | loan | guarantee
annual_cap = {cap:.0e}
from = 2026-01-01
displacement = {{ low = 0.0, mode = 0.3, high = 0.6 }}   # share that would have come anyway
sectors = {{ energy = 0.6, other_transport = 0.4 }}       # kinds of projects, shares that add to 1
source = "assumption"
"""
BACKGROUND = """\
# What holds whatever the parties decide, such as tariffs on everybody else. An example:
# [background]
# title = "Tariffs on third countries"
# [[background.clause]]
# kind = "tariff"
# importer = "{importer}"
# exporters = ["all"]                 # region ids, "EU", or "all"
# except_exporters = [{exporters}]
# products = ["{sector}"]             # sectors, HS codes ("8703"), product groups, or "all" goods
# rate = 0.50
# rule = "add"
# source = "assumption"
"""
INCLUDE = """\
# {title}, as of {as_of}.
# `accord cases show {name}` prints them. They hold in every package; a clause that takes the place
# of one says so, as in replaces = ["{example}"].
include = "{name}"
"""
INCLUDED = """\
# What holds whatever the parties decide stands in `{name}`, included above. More of it goes into
# [[background.clause]] tables.
"""
CHOSEN = "`accord world` lists the regions and groups."
EXAMPLE = (
    "An example, to be replaced: `accord new NAME --parties A,B` fills in parties of your choice;\n"
    "# `accord world` lists the regions and groups."
)


def new_deal_template(
    name: str, parties: Sequence[str] | None = None, *, world: World | None = None
) -> str:
    """Return the text of a commented deal file called `name` that passes the check.

    Args:
        name: Small letters, digits, - and _.
        parties: Regions or groups, `Group` for one's own; two as an example if left out. In the
            example clauses a party that borrows abroad raises tariffs on the others, and one that
            lends abroad invests in it; where the accounts of the world do not tell the two apart,
            the first raises tariffs, and the clause of investment is a comment.
        world: Where trade, tariffs and incomes are looked up; the embedded world if left out.

    Raises:
        InputError: The name or a party is wrong.
    """
    world = load_world() if world is None else world
    words = _escape(name).replace("-", " ").replace("_", " ").strip()
    named = tuple(dict.fromkeys(EXAMPLE_PARTIES if parties is None else parties))
    groups = {str(name): [*name.members] for name in named if isinstance(name, Group)}
    problems = [
        *check_groups({"groups": groups}, world),
        *check_regions("parties", named, world),
        *check_overlap(named),
    ]
    if len(named) < 2:
        problems.append(
            Problem("parties", "there are fewer than two", "name two that differ, as in USA,CHE")
        )
    if problems:
        raise InputError(problems, "the parties of the deal")
    pair = _lender_and_borrower(world, named)
    payer, importer = pair or (named[1], named[0])
    smaller = min(_income(world, payer), _income(world, importer))
    amount = _one_digit(SHARE_OF_INCOME * smaller)
    fields = {
        "name": name, "title": words[:1].upper() + words[1:], "today": date(2026, 1, 1).isoformat(),
        "choice": EXAMPLE if parties is None else CHOSEN, "parties": _quoted(named),
        "price_year": world.price_year or world.base_year, "base": world.name,
        "facts": "\n".join(_trade(world, *pair) for pair in permutations(named, 2)),
        "groups": _table_of(groups),
        "rates": ", ".join(f'{party} = "{MARKET_RATE}"' for party in named),
        "importer": importer, "exporters": _quoted([name for name in named if name != importer]),
        "payer": payer, "host": importer, "sector": world.goods[0],
        "billions": f"{amount:g}", "amount": amount * 1e9, "cap": amount * 1e8,
        "for_money": f" for {amount:g} bn of investment" if pair else "",
    }  # fmt: skip
    evidence = _tell_balances(world, *pair) if pair else NO_EVIDENCE
    clause = INVESTMENT.format(**fields)
    fields["investment"] = f"{evidence}\n{clause if pair else _commented(clause)}"
    for background in find_backgrounds(named):
        text = TEMPLATE.format(**fields, **_including(background))
        try:
            left_out = read_deal(text, world=world).left_out
        except InputError:  # a world of one's own in which a clause of it cannot hold
            continue
        if not left_out:
            return text
    others = set(world.regions) - set(expand_regions(named, world.regions))
    example = BACKGROUND.format(**fields) if others else ""
    text = TEMPLATE.format(**fields, include="", background=example)
    read_deal(text, world=world)
    return text


def _table_of(groups: Mapping[str, Sequence[str]]) -> str:
    """Return the table of the groups of one's own; nothing where there is none."""
    rows = [f"{name} = [{_quoted(members)}]" for name, members in groups.items()]
    return "\n".join(["", "[groups]", *rows, ""]) if rows else ""


def _including(background: Included) -> dict[str, str]:
    """Return the parts of a deal file that include a background."""
    name, as_of = background.given_as, background.as_of.isoformat()
    return {
        "include": INCLUDE.format(
            name=name, title=background.title, as_of=as_of, example=background.ids[0]
        ),
        "background": INCLUDED.format(name=name),
    }


def _trade(world: World, importer: str, exporter: str) -> str:
    """Return a comment of what one party buys from another, largest sectors first, and tariffs."""
    buyers = [world.region_index(region) for region in expand_regions([importer], world.regions)]
    sellers = [world.region_index(region) for region in expand_regions([exporter], world.regions)]
    goods = [at for at, sector in enumerate(world.sectors) if sector not in (world.services or ())]
    cells = np.ix_(buyers, sellers, goods)
    bought = world.flows[cells].sum(axis=(0, 1))
    paid = (world.flows * world.tariff)[cells].sum(axis=(0, 1))
    total = float(bought.sum())
    if total <= 0:
        return f"#   {_called(world, importer)} buys no goods from {_called(world, exporter)}."
    largest = np.argsort(-bought, kind="stable")[:SHOWN_SECTORS]
    parts = [
        f"#     {world.sectors[goods[at]]} {_billions(bought[at])} ({paid[at] / bought[at]:.1%})"
        for at in largest
        if bought[at] > 0
    ]
    whole = f"{_billions(total)} bn USD a year, average tariff {paid.sum() / total:.1%}; most of it"
    head = f"#   {_called(world, importer)} from {_called(world, exporter)}: {whole}"
    return "\n".join([head, *parts]).replace("%", " %")


def _called(world: World, party: str) -> str:
    return world.region_names.get(party) or GROUP_NAMES.get(party, party)


def _income(world: World, party: str) -> float:
    """Return the value added of a party, bn USD a year."""
    members = [world.region_index(region) for region in expand_regions([party], world.regions)]
    return float(world.value_added[members].sum())


def _lender_and_borrower(world: World, parties: Sequence[str]) -> tuple[str, str] | None:
    """Return who lends abroad most and who borrows most, of income; None where it is not both."""
    share = {party: _balance(world, party) / _income(world, party) for party in parties}
    lender, borrower = max(parties, key=share.__getitem__), min(parties, key=share.__getitem__)
    return (lender, borrower) if share[lender] > 0 > share[borrower] else None


def _balance(world: World, party: str) -> float:
    """Return what a party earns abroad beyond what it spends there, bn USD a year.

    The current account of each member where the world has it, its trade balance where it has not.
    """
    accounts = {
        figure.region: figure.value for figure in world.macro if figure.variable == CURRENT_ACCOUNT
    }
    total = 0.0
    for region in expand_regions([party], world.regions):
        at = world.region_index(region)
        trade = float(world.flows[:, at].sum() - world.flows[at].sum())
        total += accounts.get(region, trade)
    return total


def _tell_balances(world: World, lender: str, borrower: str) -> str:
    """Return a comment on who lends and who borrows abroad, by the accounts of the world."""
    lent, borrowed = _balance(world, lender), -_balance(world, borrower)
    return (
        f"# {_called(world, lender)} lends {_billions(lent)} bn USD a year abroad, and "
        f"{_called(world, borrower)} borrows {_billions(borrowed)} bn\n"
        f"# (current accounts, or trade balances, of {world.name}), which is why it invests."
    )


def _commented(text: str) -> str:
    return "".join(f"# {line}\n" for line in text.splitlines())


def _one_digit(value: float) -> float:
    """Return a positive number rounded to one significant digit."""
    return round(value, -floor(log10(value)))


def _billions(value: float) -> str:
    """Return bn USD in words: with one decimal below ten."""
    if value < 0.05:
        return "less than 0.05"
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _escape(name: str) -> str:
    """The name, if it can stand in a TOML text."""
    if any(character in name for character in '"\\\n\r'):
        problem = Problem("name", f"{name!r} is not a plain name", "use small letters, digits, -")
        raise InputError([problem], "the name of the deal")
    return name
