"""A small deal for tests of the verdict: one package, a ruling, money that builds something."""

from functools import cache

import numpy as np

from accord.assessment.assess import assess
from accord.assessment.facade import Assessment
from accord.assessment.settings import AssessSettings
from accord.data.store import load_world
from accord.deal.load import read_deal

DEAL = """
schema = 1
name = "small"
title = "A small deal"
parties = ["USA", "KOR"]
price_year = 2024

[assessment]
evaluate_on = 2025-11-14
first_year = 2026
years = 5
horizon = 12
discount_rates = { USA = 0.045, KOR = 0.05 }

[background]
[[background.clause]]
kind = "ruling"
importer = "USA"
basis = "IEEPA"
from = 2027-07-02

[no_deal]
[[no_deal.clause]]
kind = "tariff"
importer = "USA"
exporters = ["KOR"]
products = ["all"]
rate = 0.25
rule = "add"
basis = "IEEPA"
from = 2025-08-01
[[no_deal.clause]]
kind = "tariff"
importer = "USA"
exporters = ["KOR"]
products = ["vehicles_232"]
rate = 0.25
rule = "add"
basis = "232"
from = 2025-04-03

[[package]]
name = "deal"
[[package.clause]]
kind = "tariff"
importer = "USA"
exporters = ["KOR"]
products = ["vehicles_232"]
rate = 0.15
rule = "add"
basis = "232"
from = 2025-04-03
[[package.clause]]
kind = "investment"
payer = "KOR"
host = "USA"
amount = 45e9
instrument = "equity"
sectors = { semiconductors = 1.0 }
procurement = { KOR = 0.2 }
"""


@cache
def small_result(draws: int = 64) -> Assessment:
    """Return the small deal, assessed; the verdict is worked out when it is asked for."""
    settings = AssessSettings(draws=draws, paths=200)
    return assess(read_deal(DEAL, world=load_world()), settings=settings)


def party(result: Assessment, name: str) -> int:
    """Return the position of a region."""
    return result.model.regions.index(name)


def relative_gap(actual: np.ndarray, expected: np.ndarray) -> float:
    """Return the largest difference over the largest value."""
    return float(np.abs(actual - expected).max() / max(np.abs(expected).max(), 1e-300))
