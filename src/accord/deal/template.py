"""A commented deal file to start from; as written it passes every check."""

from datetime import date

from accord.core.errors import InputError, Problem
from accord.deal.load import read_deal

TEMPLATE = """\
#:schema ./deal.schema.json
# A deal file is TOML: text in quotes, dates bare (2025-11-14), rates as fractions (0.15 is 15 %),
# money in units of the currency (200e9 is 200 billion). Every field: docs/deal-file.md.
# The first line lets an editor complete and check the file; `accord check FILE` checks it fully.
schema = 1
name = "{name}"
title = "{title}: an example to edit"
parties = ["USA", "KOR"]              # `accord world` lists the regions
price_year = 2024
currency = "USD"

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

# What holds whatever the parties decide, such as tariffs on everybody else.
[background]
title = "Tariffs on third countries"
[[background.clause]]
kind = "tariff"
title = "Basic metals 50 %"            # printed; made from the clause if left out
importer = "USA"
exporters = ["all"]                   # region ids, "EU", or "all"
except_exporters = ["KOR"]
products = ["basic_metals"]           # sectors, HS codes ("8703"), product groups, or "all" goods
rate = 0.50
rule = "add"                          # add | level | floor | ceiling
basis = "232"                         # IEEPA | 232 | 122 | 301 | MFN | FTA | other
source = "assumption"

# The disagreement point: what happens if the talks fail.
[no_deal]
title = "No deal"
[[no_deal.clause]]
kind = "tariff"
title = "Country rate of 25 %"
importer = "USA"
exporters = ["KOR"]
products = ["all"]
except_products = ["motor_vehicles", "basic_metals"]
rate = 0.25
rule = "add"
basis = "IEEPA"
from = 2025-08-07
unless_basis = ["232"]                # goods under 232 do not also pay this
source = "assumption"
[[no_deal.clause]]
kind = "tariff"
title = "Cars and parts 25 %"
importer = "USA"
exporters = ["KOR"]
products = ["motor_vehicles"]
rate = 0.25
rule = "add"
basis = "232"
from = 2025-04-03
source = "assumption"

[[package]]
name = "offer"
title = "Tariffs of 15 % for 100 bn of investment"
[[package.clause]]
kind = "tariff"
title = "15 % all in on every product but basic metals"
importer = "USA"
exporters = ["KOR"]
products = ["all"]
except_products = ["basic_metals"]
rate = 0.15
rule = "floor"                        # the higher of 15 % and the existing rate
basis = "IEEPA"
from = 2025-11-14
snap_back = {{ trigger = "calls_missed", rate = 0.25, rule = "add" }}
source = "assumption"
[[package.clause]]
kind = "investment"
title = "100 bn in equity, at most 10 bn a year"
payer = "KOR"
host = "USA"
amount = 100e9
instrument = "equity"                 # equity | direct | loan | guarantee
annual_cap = 10e9
from = 2026-01-01
displacement = {{ low = 0.0, mode = 0.3, high = 0.6 }}   # share that would have come anyway
sectors = {{ energy = 0.6, other_transport = 0.4 }}
source = "assumption"
"""


def new_deal_template(name: str) -> str:
    """Return the text of a commented deal file called `name` that passes the check.

    Raises:
        InputError: The name is not made of small letters, digits, - and _.
    """
    words = _escape(name).replace("-", " ").replace("_", " ").strip()
    title = words[:1].upper() + words[1:]
    text = TEMPLATE.format(name=name, title=title, today=date(2026, 1, 1).isoformat())
    read_deal(text)
    return text


def _escape(name: str) -> str:
    """The name, if it can stand in a TOML text."""
    if any(character in name for character in '"\\\n\r'):
        problem = Problem("name", f"{name!r} is not a plain name", "use small letters, digits, -")
        raise InputError([problem], "the name of the deal")
    return name
