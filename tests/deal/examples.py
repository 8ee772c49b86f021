"""A small world with import lines, and a small deal, for the tests of the deal room."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from accord.data.lines.lines import TariffLines
from accord.data.world import World
from accord.deal.clauses.ruling import RulingClause
from accord.deal.clauses.tariff import TariffClause

REGIONS = ("USA", "KOR", "JPN", "DEU", "FRA")
SECTORS = ("food", "motor_vehicles", "services")
GROUPS = ("general", "vehicles_232", "auto_parts_232")
DAY = date(2025, 11, 14)

# exporter, HS6, sector, group, imports, duty, most-favoured-nation rate
LINES: tuple[tuple[int, int, int, int, float, float, float], ...] = (
    (1, 870323, 1, 1, 30.0, 0.0, 0.025),
    (1, 870829, 1, 2, 10.0, 0.1, 0.025),
    (1, 190590, 0, 0, 10.0, 0.4, 0.064),
    (2, 870323, 1, 1, 40.0, 1.0, 0.025),
    (2, 190590, 0, 0, 5.0, 0.3, np.nan),
    (3, 870323, 1, 1, 20.0, 0.5, 0.025),
)
KOR, JPN, DEU = 1, 2, 3
FOOD, CARS, SERVICES = 0, 1, 2

DEAL = """
schema = 1
name = "small"
title = "A small deal"
parties = ["USA", "KOR"]
price_year = 2024

[[source]]
id = "notice"
title = "A notice"
grade = "A"

[no_deal]
[[no_deal.clause]]
kind = "tariff"
importer = "USA"
exporters = ["KOR"]
products = ["motor_vehicles"]
rate = 0.25
rule = "add"
basis = "232"
from = 2025-04-03

[[package]]
name = "signed"
[[package.clause]]
kind = "tariff"
importer = "USA"
exporters = ["KOR"]
products = ["motor_vehicles"]
rate = 0.15
rule = "floor"
basis = "232"
from = 2025-11-01
source = "notice"
[[package.clause]]
kind = "investment"
payer = "KOR"
host = "USA"
amount = 200e9
instrument = "equity"
annual_cap = 20e9
"""


def clause_text(table: str, kind: str, **fields: object) -> str:
    """Return a clause as a deal file holds it; `from_` stands for `from`.

    >>> print(clause_text("background", "ruling", basis="IEEPA", from_=date(2026, 2, 20)).strip())
    [[background.clause]]
    kind = "ruling"
    basis = "IEEPA"
    from = 2026-02-20
    """
    lines = [f"[[{table}.clause]]"]
    for name, value in {"kind": kind, **fields}.items():
        written = value.isoformat() if isinstance(value, date) else json.dumps(value)
        lines.append(f"{name.rstrip('_')} = {written}")
    return "\n" + "\n".join(lines) + "\n"


def ruling_text(basis: str) -> str:
    """Return a background in which a court voids a basis of US tariffs on 20 February 2026."""
    day = date(2026, 2, 20)
    return "\n[background]" + clause_text(
        "background", "ruling", importer="USA", basis=basis, from_=day
    )


def small_world(lines: Sequence[tuple[Any, ...]] = LINES) -> World:
    """Five regions, three sectors; US imports by line; 2 % on food and 8 % on cars elsewhere."""
    count = (len(REGIONS), len(SECTORS))
    columns = [np.array(column) for column in zip(*lines, strict=True)]
    names = ("exporter", "hs6", "sector", "group", "imports", "duty", "mfn")
    table = TariffLines(importer="USA", **dict(zip(names, columns, strict=True)), groups=GROUPS)
    flows = np.full((count[0], *count), 2.0)
    tariff = np.zeros_like(flows)
    tariff[:, :, FOOD], tariff[:, :, CARS] = 0.02, 0.08
    imports, duty = table.by_cell(*count)
    covered = imports > 0
    flows[0][covered] = imports[covered]
    tariff[0][covered] = duty[covered] / imports[covered]
    for region in range(count[0]):
        flows[region, region] = 500.0
        tariff[region, region] = 0.0
    return World.from_arrays(
        REGIONS,
        SECTORS,
        flows=flows,
        tariff=tariff,
        value_added_share=np.ones(count),
        input_share=np.zeros((count[0], count[1], count[1])),
        elasticity=np.full(count[1], 4.0),
        lines=table,
        base_year=2024,
        name="small",
        region_names={"USA": "United States", "KOR": "South Korea", "JPN": "Japan"}
        | {"DEU": "Germany", "FRA": "France"},
    )


def one_good_world(ordinary: float) -> World:
    """Two regions and one good without lines: 10 bn of US imports from China, and their duty."""
    flows = np.full((2, 2, 1), 10.0)
    flows[0, 0] = flows[1, 1] = 500.0
    tariff = np.zeros_like(flows)
    tariff[0, 1] = ordinary
    return World.from_arrays(
        ["USA", "CHN"],
        ["lamps"],
        flows=flows,
        tariff=tariff,
        value_added_share=np.ones((2, 1)),
        input_share=np.zeros((2, 1, 1)),
        elasticity=[5.0],
        base_year=2024,
    )


def tariff_clause(**fields: Any) -> TariffClause:
    """A tariff of the USA on Korean cars unless told otherwise; `start` stands for `from`."""
    values: dict[str, Any] = {
        "kind": "tariff",
        "importer": "USA",
        "exporters": ("KOR",),
        "products": ("motor_vehicles",),
        "rule": "add",
        "basis": "232",
    }
    values.update(fields)
    if "start" in values:
        values["from"] = values.pop("start")
    return TariffClause.model_validate(values)


def ruling(basis: str, start: date, importer: str = "USA") -> RulingClause:
    """A court's ruling against a legal basis."""
    return RulingClause.model_validate(
        {"kind": "ruling", "importer": importer, "basis": basis, "from": start}
    )


def shortened(text: str) -> str:
    """The same deal with its money followed for twelve years and not thirty-five."""
    assert "\nyears = 10\n" in text
    return text.replace("\nyears = 10\n", "\nyears = 10\nhorizon = 12\n")
