"""Deals of a union and of three parties in a small world, for tests of the verdict."""

from functools import cache

from accord.assessment.assess import assess
from accord.assessment.facade import Assessment
from accord.assessment.settings import AssessSettings
from accord.data.world import World
from accord.deal.load import read_deal
from tests.deal.examples import small_world

HEAD = """
schema = 1
name = "small"
title = "A small deal"
parties = [{parties}]
price_year = 2024
[assessment]
evaluate_on = 2025-11-14
first_year = 2026
years = 4
horizon = 6
discount_rates = {{ USA = 0.045, {second} = 0.03 }}
"""

TARIFF = """
[[{table}.clause]]
kind = "tariff"
title = "{rate} of {importer}"
importer = "{importer}"
exporters = [{exporters}]
rate = {rate}
rule = "{rule}"
basis = "{basis}"
"""

MONEY = """
[[package.clause]]
kind = "investment"
payer = "{payer}"
host = "USA"
amount = 20e9
instrument = "equity"
[[package.clause]]
kind = "purchase"
buyer = "{payer}"
seller = "USA"
amount = 4e9
premium = 0.1
"""


def tariff(table: str, rate: float, exporters: str, importer: str = "USA", **more: str) -> str:
    """Return the text of a tariff clause."""
    words = {"rule": "add", "basis": "other"} | more
    return TARIFF.format(table=table, rate=rate, exporters=exporters, importer=importer, **words)


UNION = (
    HEAD.format(parties='"USA", "EU"', second="EU")
    + "[no_deal]\n"
    + tariff("no_deal", 0.3, '"EU"')
    + '[[package]]\nname = "signed"\ntitle = "The bargain"\n'
    + tariff("package", 0.15, '"EU"')
    + tariff("package", 0.0, '"USA"', "EU", rule="level", basis="FTA")
    + MONEY.format(payer="EU")
)
THREE = (
    HEAD.format(parties='"USA", "JPN", "KOR"', second="KOR")
    + "[no_deal]\n"
    + tariff("no_deal", 0.3, '"JPN", "KOR"')
    + '[[package]]\nname = "signed"\ntitle = "The bargain"\n'
    + tariff("package", 0.15, '"JPN", "KOR"')
    + MONEY.format(payer="JPN")
    + MONEY.format(payer="KOR")
)


@cache
def assessed(text: str, world: World | None = None) -> Assessment:
    """Return a deal assessed with few draws and paths."""
    world = small_world() if world is None else world
    return assess(
        read_deal(text, world=world), world=world, settings=AssessSettings(draws=16, paths=100)
    )
