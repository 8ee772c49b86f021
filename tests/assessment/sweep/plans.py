"""A small deal in a small world, with terms that may move, and plans of scenarios of it."""

from pathlib import Path
from typing import Any

from tests.deal.examples import DEAL, small_world

TERMS = """
[terms]
[[terms.term]]
name = "cars"
title = "the tariff on cars"
where = { kind = "tariff" }
field = "rate"
low = 0.0
high = 0.25
step = 0.01
unit = "%"
[[terms.term]]
name = "amount"
title = "the investment"
where = { kind = "investment" }
field = "amount"
low = 1e9
high = 900e9
step = 1e9
unit = "bn USD"
"""
SETTINGS = {"paths": 0}


def write_deal(folder: Path) -> tuple[Path, Path]:
    """Return the files of a small deal and of the small world after writing them."""
    deal = folder / "small.toml"
    deal.write_text(DEAL + TERMS, encoding="utf-8")
    return deal, small_world().save(folder / "small.npz")


def make_plan(folder: Path, **more: Any) -> dict[str, Any]:
    """Return a plan of scenarios of the small deal."""
    deal, world = write_deal(folder)
    return {"deal": deal, "world": world, "settings": SETTINGS, **more}
