"""A small made-up assessment: what a briefing reads, without solving anything."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from accord.assessment.settings import AssessSettings
from accord.assessment.snapshot import external
from accord.assessment.snapshot.external import PartyExternal
from accord.assessment.snapshot.finance import solve_package_finance
from accord.assessment.tables.external import EXTERNAL_TABLES, build_capacity
from accord.assessment.tables.finance import FINANCE_TABLES
from accord.assessment.tables.verdict import VERDICT_TABLES
from accord.assessment.valuation.equations import COMPONENTS
from accord.assessment.valuation.sensitivity import Driver, Sensitivity, Swing, Threshold
from accord.assessment.valuation.uncertainty import PARAMETERS, central_inputs, draw_inputs
from accord.assessment.valuation.verdict import Verdict
from accord.assessment.valuation.welfare.node_cache import Effort
from accord.core.provenance import Source
from accord.data.world import World
from accord.deal.deal import Deal
from accord.deal.load import read_deal
from accord.finance.config import FinanceConfig
from accord.lowering.finance import PairFinance
from tests.golden.kept import FEW, find_few

REGIONS = ("USA", "KOR", "JPN", "MEX", "DEU", "FRA", "ROW")
SECTORS = ("agriculture", "electronics", "motor_vehicles", "services")
NAMES = {
    "USA": "United States",
    "KOR": "South Korea",
    "JPN": "Japan",
    "MEX": "Mexico",
    "DEU": "Germany",
    "FRA": "France",
    "ROW": "Rest of the world",
}
SECTOR_NAMES = {
    "agriculture": "Agriculture, forestry, fishing",
    "electronics": "Computers, electronics, optics",
    "motor_vehicles": "Motor vehicles and parts",
    "services": "Services",
}

DEAL = """
schema = 1
name = "example"
title = "United States – South Korea: an example"
parties = ["USA", "KOR"]
price_year = 2024
currency = "USD"

[assessment]
evaluate_on = 2025-11-14
first_year = 2026
years = 10

[[source]]
id = "notice"
title = "A notice in the <Federal> Register"
date = 2025-12-04
url = "https://example.org/notice?a=1&b=2"
grade = "A"

[[source]]
id = "rumour"
title = "A single copy"
url = "javascript:alert(1)"
grade = "C"

[[external]]
party = "KOR"
income = { low = 0.01, mode = 0.02, high = 0.03 }
borrowing_cap = 10e9
floors = { guidotti = 1.0, ara_floating = 0.75, fall = 0.25 }
public_share = 1.0
reserves = 428e9
short_term_debt = 179e9
other_liabilities = 900e9
broad_money = 2900e9
exports = 900e9
imports = 760e9
gdp = 1875e9
public_debt = 0.48
primary_balance = -0.01
volatility = 0.1
source = "rumour"

[no_deal]
title = "No deal: tariffs as threatened"
[[no_deal.clause]]
kind = "tariff"
title = "Cars 25 %"
importer = "USA"
exporters = ["KOR"]
products = ["motor_vehicles"]
rate = 0.25
rule = "add"
from = 2025-04-03
source = "notice"

[[package]]
name = "demand"
title = "The demand: 350 bn up front"
[[package.clause]]
kind = "tariff"
importer = "USA"
exporters = ["KOR"]
products = ["motor_vehicles"]
rate = 0.15
rule = "floor"
from = 2025-11-01
source = "notice"
[[package.clause]]
kind = "investment"
title = "350 bn in cash"
payer = "KOR"
host = "USA"
amount = 350e9
instrument = "direct"
up_front = true
source = "rumour"

[[package]]
name = "signed"
title = "The memorandum of 14 November 2025"
note = "As published."
[[package.clause]]
kind = "tariff"
title = "Cars: 15 % all in"
importer = "USA"
exporters = ["KOR"]
products = ["motor_vehicles"]
rate = 0.15
rule = "floor"
from = 2025-11-01
source = ["notice", "rumour"]
[[package.clause]]
kind = "investment"
title = "200 bn in cash"
payer = "KOR"
host = "USA"
amount = 200e9
instrument = "equity"
annual_cap = 20e9
displacement = 0.5
source = "notice"
[[package.clause]]
kind = "investment"
title = "150 bn of guarantees"
payer = "KOR"
host = "USA"
amount = 150e9
instrument = "guarantee"
source = "rumour"
[[package.clause]]
kind = "swap_line"
title = "A swap line"
provider = "USA"
user = "KOR"
source = "rumour"
"""


def build_world() -> World:
    """Return a small world with consistent accounts, bn USD a year."""
    size, sectors = len(REGIONS), len(SECTORS)
    weight = np.array([3000.0, 900.0, 600.0, 300.0, 600.0, 400.0, 7000.0])
    tilt = np.array([0.1, 0.25, 0.2, 1.2])
    flows = weight[:, None, None] * weight[None, :, None] * tilt / weight.sum() * 0.1
    flows[np.arange(size), np.arange(size)] = weight[:, None] * tilt
    flows[0, 1] = [0.5, 30.0, 43.9, 9.0]
    flows[0, 2, 2] = 52.1
    flows[0, 3, 2] = 135.4
    flows[0, 4, 2] = 30.0
    flows[0, 5, 2] = 12.0
    tariff = np.full(flows.shape, 0.02)
    tariff[np.arange(size), np.arange(size)] = 0.0
    tariff[:, :, -1] = 0.0
    tariff[0, 1] = 0.0
    used = 0.3 * tilt / tilt.sum()
    inputs = np.broadcast_to(used[None, :, None], (size, sectors, sectors))
    return World.from_arrays(
        REGIONS,
        SECTORS,
        flows=flows,
        tariff=tariff,
        value_added_share=1.0 - inputs.sum(axis=1),
        input_share=inputs,
        elasticity=[4.0, 5.3, 9.0, 5.0],
        elasticities={"first": np.array([4.0, 5.3, 9.0, 5.0]), "other": np.full(4, 4.0)},
        region_names=NAMES,
        sector_names=SECTOR_NAMES,
        base_year=2014,
        price_year=2024,
        name="example-world",
        sources=(Source("table", "A table of the world", "2016", "", "CC BY 4.0", "A"),),
        notes=("services are made up",),
    )


CARS_TARIFF = ("USA", "motor_vehicles")
SWINGS = (("removal", 0.02, 0.3), ("growth", 0.01, 0.02), ("discount", -0.005, 0.005))


@dataclass(frozen=True)
class ExampleAssessment:
    """An assessment with made-up numbers, in the shape of a real one."""

    world: World
    deal: Deal
    status: str = "CONVERGED"
    change: Callable[[str, pd.DataFrame], pd.DataFrame] = field(default=lambda _, frame: frame)

    @property
    def packages(self) -> tuple[str, ...]:
        return self.deal.package_names

    @property
    def settings(self) -> Any:
        return AssessSettings(elasticities="first", paths=0)

    @property
    def reproduce(self) -> dict[str, Any]:
        return {
            "command": "accord assess example.toml",
            "python": (
                "import accord as ac",
                "result = ac.assess(ac.load_deal('example.toml'))",
            ),
            "world": {"name": self.world.name, "sha256": "0" * 64},
            "versions": {"accord": "0.1.0"},
        }

    def to_frame(self, name: str) -> pd.DataFrame:
        return self.change(name, self._frames[name].copy())

    @cached_property
    def _frames(self) -> dict[str, pd.DataFrame]:
        return {
            "welfare": pd.DataFrame(self._welfare()),
            "exports": pd.DataFrame(self._exports()),
            "tariffs": pd.DataFrame(self._tariffs()),
            "transfers": pd.DataFrame(self._transfers()),
            **{name: build(self._money) for name, build in FINANCE_TABLES.items()},
            **{name: build(self._currency) for name, build in EXTERNAL_TABLES.items()},
            "capacity": build_capacity(find_few(self.deal, self.world)),
            **{name: build(self._verdict) for name, build in VERDICT_TABLES.items()},
            "solves": pd.DataFrame(
                [
                    {"package": name, "status": self.status, "steps": 30, "residual": 1e-11}
                    for name in self.packages
                ]
            ),
        }

    def reach_verdict(self, progress: Any) -> Verdict:
        progress("nothing", 0, 1)
        return self._verdict

    @cached_property
    def _verdict(self) -> Verdict:
        """A verdict of made-up arrays: every year like the yearly welfare."""
        years = np.arange(2026, 2026 + self.deal.settings.horizon)
        yearly = np.zeros((len(self.packages), len(COMPONENTS), len(years), len(REGIONS)))
        for at, package in enumerate(self.packages[1:], start=1):
            for n, region in enumerate(REGIONS):
                net = _of(_NET, package) * {"KOR": -1.0, "USA": 0.9}.get(region, 0.004)
                yearly[at, 0, :, n] = _of(_TARIFF_PART["no_deal"], package) * _SIZE[n]
                yearly[at, 1, :10, n] = net
                yearly[at, 4, 10:, n] = -0.3 * net
        factors = np.repeat(1.03 ** -(np.arange(len(years)) + 0.5)[:, None], len(REGIONS), axis=1)
        centre = central_inputs(2)
        inputs = draw_inputs(centre, 40, seed=1, order=np.arange(4))
        payoff = np.einsum("kpyr,yr->kpr", yearly, factors)
        luck = np.linspace(-1, 1, len(inputs))[:, None, None, None]
        dated = payoff + 3.0 * luck * np.sign(payoff)
        parts = [(name, party) for name in self.packages[1:] for party in self.deal.parties]
        sensitivity = Sensitivity(
            tuple(Driver(*part, "luck", 0.9, 0.95) for part in parts),
            tuple(
                Swing(*part, name, low, high, -9.0, 4.0 + at)
                for part in parts
                for at, (name, low, high) in enumerate(SWINGS)
            ),
            tuple(Threshold(*part, "growth", 0.005, 0.015, 0.025, 0.01) for part in parts),
        )
        return Verdict(
            self.packages, self.deal.parties, tuple(REGIONS), tuple(int(year) for year in years),
            {"dated": yearly, "frozen": 1.1 * yearly}, factors,
            {"dated": dated, "frozen": dated + 1.0}, inputs, PARAMETERS, sensitivity, 0.1, Effort(),
        )  # fmt: skip

    @cached_property
    def _money(self) -> Sequence[PairFinance]:
        """The money, solved for real on its central path."""
        return solve_package_finance(self.deal, self.packages, FinanceConfig(paths=0))

    @cached_property
    def _currency(self) -> tuple[PartyExternal, ...]:
        """The currency, solved for real on a few paths."""
        solve = external.solve_package_external
        return solve(self.deal, self.packages, self.world, finance=self._money, config=FEW)

    def _welfare(self) -> list[dict[str, Any]]:
        rows = []
        for package in self.packages:
            for against in ("no_deal", "baseline"):
                if package == against:
                    continue
                for at, region in enumerate(REGIONS):
                    tariffs = _of(_TARIFF_PART[against], package) * _SIZE[at]
                    moved = _of(_NET, package) * {"KOR": -1.0, "USA": 0.9}.get(region, 0.004)
                    total = tariffs + moved
                    row: dict[str, Any] = {"package": package, "against": against}
                    row["region"] = region
                    row |= {"change": total / (2000.0 + 300 * at), "ev": total}
                    row |= {"tariff_part": tariffs, "transfer_part": moved}
                    row |= {"low": total - 0.2 * abs(tariffs), "high": total + 0.03}
                    row |= {"tariff_low": tariffs - 0.2 * abs(tariffs), "tariff_high": tariffs}
                    rows.append(row)
        return rows

    def _exports(self) -> list[dict[str, Any]]:
        rows = []
        for package in self.packages:
            values = self.world.flows.copy()
            values[0, 1, 2] *= _of(_CARS, package)
            values[0, 2, 2] *= 2.0 - _of(_CARS, package) ** 0.5
            for against in ("no_deal", "baseline"):
                for n, importer in enumerate(REGIONS):
                    for i, exporter in enumerate(REGIONS):
                        for j, sector in enumerate(SECTORS):
                            row = {"package": package, "against": against, "importer": importer}
                            row |= {"exporter": exporter, "sector": sector}
                            change = values[n, i, j] - self.world.flows[n, i, j]
                            row |= {"value": values[n, i, j], "change_value": change}
                            rows.append(row)
        return rows

    def _tariffs(self) -> list[dict[str, Any]]:
        return [
            {
                "package": package,
                "importer": importer,
                "exporter": exporter,
                "sector": sector,
                "rate": _of(_RATE, package) if (importer, sector) == CARS_TARIFF else 0.0,
                "base_rate": 0.0,
            }
            for package in self.packages
            for importer, exporter in (("USA", "KOR"), ("KOR", "USA"))
            for sector in SECTORS
        ]

    def _transfers(self) -> list[dict[str, Any]]:
        gross = {"no_deal": 0.0, "demand": 35.0, "signed": 20.0}
        return [
            {
                "package": package,
                "payer": "KOR",
                "host": "USA",
                "gross": _of(gross, package),
                "displaced": _of(gross, package) - _of(_NET, package),
                "net": _of(_NET, package),
            }
            for package in self.packages
        ]


def _of(numbers: dict[str, float], package: str) -> float:
    """Return the number of a package; one that the example does not know is like the signed one."""
    return numbers.get(package, numbers["signed"])


_SIZE = (-0.4, 1.0, -0.05, -0.03, -0.02, 0.001, -0.04)
_TARIFF_PART = {
    "no_deal": {"demand": 4.2, "signed": 4.2},
    "baseline": {"no_deal": -9.1, "demand": -4.9, "signed": -4.9},
}
_NET = {"no_deal": 0.0, "demand": 35.0, "signed": 10.0}
_CARS = {"no_deal": 0.31, "demand": 0.62, "signed": 0.62}
_RATE = {"no_deal": 0.25, "demand": 0.15, "signed": 0.15}


def build_example(
    status: str = "CONVERGED",
    change: Callable[[str, pd.DataFrame], pd.DataFrame] = lambda _, frame: frame,
) -> ExampleAssessment:
    """Return the made-up assessment, with a status of its solves and a change to its frames."""
    world = build_world()
    return ExampleAssessment(world, read_deal(DEAL, world=world), status, change)
