"""Names that pages give to regions, packages and parts of a payoff: those of the briefing."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from accord.briefing.document.facts import number_text
from accord.briefing.words.messages import Messages
from accord.data.world import World
from accord.deal.regions import GROUP_NAMES

# Parts of a payoff as the briefing groups its components.
PARTS: dict[str, tuple[str, ...]] = {
    "tariffs": ("tariff",),
    "money_out": ("transfer",),
    "money_back": ("profit",),
    "economy": ("terms_of_trade", "capacity"),
    "later": ("later",),
    "risk": ("receipts_risk", "risk"),
}


@cache
def _words() -> Messages:
    return Messages()


def name_region(region: str, world: World) -> str:
    """Return the name of a region or group."""
    own = f"region.name.{region}"
    if _words().has(own):
        return _words().templates[own]
    return {**GROUP_NAMES, **world.region_names}.get(region, region)


def name_in_prose(name: str) -> str:
    """Return the name of a region with its article: "the United States"."""
    templates = _words().templates
    if name.partition(" ")[0] in templates["region.with_article"].split():
        return templates["region.article"].format(name=name)
    return name


def name_part(part: str) -> str:
    """Return the name of a part of a payoff."""
    return _words().templates[f"metric.{part}"]


def name_package(package: Mapping[str, Any]) -> str:
    """Return the title of a package of a parsed deal file, up to a colon."""
    name = str(package.get("name", ""))
    title = str(package.get("title") or name.replace("-", " ").capitalize())
    return title.partition(":")[0]


def signed(value: float, decimals: int = 1) -> str:
    """Return an amount with its sign, as a briefing prints it."""
    return number_text(value, "signed", decimals)
