"""A made-up world of three regions, and two small files about the imports of one of them."""

from pathlib import Path

import numpy as np

import accord as ac

REGIONS, SECTORS = ("AAA", "BBB", "CCC"), ("food", "motor_vehicles", "services")
THETA = {"food": 3.0, "motor_vehicles": 6.0}
BUTTER, CHEESE, CAR, TRUCK, PLANE = "040510", "040690", "870323", "870421", "880730"


def make_world():
    """Return a world in which AAA buys food and cars from both others, 30 and 20 bn USD."""
    flows = np.full((3, 3, 3), 30.0)
    flows[:, :, 1] = 20.0
    flows[np.arange(3), np.arange(3)] = 900.0
    tariff = np.full((3, 3, 3), 0.04)
    tariff[:, :, 2] = 0.0
    tariff[np.arange(3), np.arange(3)] = 0.0
    return ac.World.from_arrays(
        REGIONS, SECTORS, flows=flows, tariff=tariff,
        value_added_share=np.full((3, 3), 0.7), input_share=np.full((3, 3, 3), 0.1),
        elasticity=[3.0, 6.0, 4.0], base_year=2024, name="made-up",
    )  # fmt: skip


def write(path: Path, text: str) -> Path:
    """Return the path of a file with a table in it, blanks beside the commas left out."""
    rows = [",".join(cell.strip() for cell in row.split(",")) for row in text.strip().splitlines()]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def compile_texts(folder: Path, lines: str, trade: str, **given):
    """Return what two tables compile to, the importer being AAA if they name none."""
    paths = write(folder / "lines.csv", lines), write(folder / "trade.csv", trade)
    given.setdefault("importer", "AAA")
    world = given.pop("world", None) or make_world()
    return ac.read_tariffs(*paths, world, **given)


def cell(compiled, exporter, sector, column="mean"):
    """Return a figure of one exporter and sector."""
    table = compiled.to_frame().set_index(["exporter", "sector"])
    return float(table.loc[(exporter, sector), column])
