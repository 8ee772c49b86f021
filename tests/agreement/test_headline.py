"""The headline of the shipped case, worked out a second time by code that shares nothing with it.

Trade is solved, profits are split, ships are guaranteed and financed, and everything is discounted
by the modules `referee_*` beside this one, from the page of the method and the terms of the file.
Taken as data: the world, the tariffs of every year, the distributions of what is uncertain, and
what projects ask for and earn on the paths. The risk of a crash is left out.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest

from accord.assessment.assess import assess
from accord.assessment.facade import Assessment
from accord.assessment.settings import AssessSettings
from accord.cases.shipped import case_path
from accord.deal.deal import NO_DEAL
from accord.deal.load import load_deal
from accord.lowering.tariff_path import TIMELINES, Timeline, tariff_path
from tests.agreement.referee_money import (
    Given,
    Money,
    Split,
    buyer_credits,
    middle_of,
    present_value,
    refund_guarantees,
    split_profits,
)
from tests.agreement.referee_verdict import (
    Parameters,
    Parties,
    Paths,
    Tariffs,
    components,
    deflate,
    equilibrium_gains,
)

pytestmark = pytest.mark.first

CASE, PACKAGE = "us-korea-2025", "signed"
PAYER, HOST = "KOR", "USA"
SETS = ("fontagne", "ll2023", "cp2015", "boehm2023")
AGREED = 0.01  # of a component
ROUNDING = 0.002  # of the payoff, where that is larger: failures of yards are drawn
TABLE = tomllib.loads((files("accord.deal") / "projects.toml").read_text(encoding="utf-8"))
FILE = tomllib.loads(case_path(CASE).read_text(encoding="utf-8"))
LEVEL = {rate["name"]: rate["level"] for rate in TABLE["rate"]}
# Defaults of the file's fields, from docs/deal-file.md.
SHIPS = (0, 10)  # years of the plan in which money for ships is given
GUARANTEE = {"capital": 0.08, "capital_cost": 0.0446}


@dataclass(frozen=True)
class Terms:
    """What the file says about the money of the package, amounts in bn USD."""

    cash: Mapping[str, Any]
    ships: Mapping[str, Any]
    split: Mapping[str, Any]

    def part(self, instrument: str) -> dict[str, Any]:
        """The terms of one instrument of the clause of several."""
        return next(p for p in self.ships["mix"] if p["instrument"] == instrument)

    def amount(self, instrument: str) -> float:
        """What an instrument takes: its middle share of all shares, of which the middle is used."""
        shares = {p["instrument"]: middle_of(p["share"]) for p in self.ships["mix"]}
        share = shares[instrument] / sum(shares.values())
        return self.ships["amount"] / 1e9 * share * middle_of(self.part(instrument)["used"])


@dataclass(frozen=True)
class Facilities:
    """What the payer pays and gets by facility, by year of the plan: means over the paths."""

    paid: Mapping[str, np.ndarray]
    got: Mapping[str, np.ndarray]


def rate_of(text: str) -> float:
    """A rate as a file writes it: a reference, and a spread."""
    name, _, spread = text.partition(" + ")
    return float(LEVEL[name] + float(spread or 0))


def read_terms() -> Terms:
    clauses = next(p for p in FILE["package"] if p["name"] == PACKAGE)["clause"]
    cash, ships = (c for c in clauses if c["kind"] == "investment")
    return Terms(cash, ships, next(c for c in clauses if c["kind"] == "profit_split"))


TERMS = read_terms()


@pytest.fixture(scope="module")
def assessed() -> Assessment:
    """The package alone, on few paths; without draws there is the central case."""
    deal = load_deal(CASE)
    deal = replace(deal, packages=(deal.package(PACKAGE),))
    return assess(deal, settings=AssessSettings(paths=200, draws=0))


@pytest.fixture(scope="module")
def facilities(assessed: Assessment) -> Facilities:
    """The money of every facility, from its terms and from calls and earnings on the paths."""
    table = assessed.to_frame("facilities")
    names = dict(zip(table["instrument"], table["clause"], strict=True))
    (pair,) = next(r for r in assessed.results if r.name == PACKAGE).finance
    by_facility = pair.solution.value.by_facility
    called, earned = (
        {i: by_facility[names[i]][flow] for i in ("equity", "direct")}
        for flow in ("equity_called", "cash_flow")
    )
    split = TERMS.split
    shares = [split[when][PAYER] for when in ("until_recovery", "after_recovery")]
    terms = Split(shares[0], shares[1], rate_of(split["deemed_rate"]))
    profits = split_profits(called["equity"], earned["equity"], terms)
    # Yards that pay and earn like those of the paths, for the amount that the terms give.
    scale = TERMS.amount("direct") / called["direct"].sum(axis=1).mean()
    years = profits.shape[1]
    guarantee = GUARANTEE | TERMS.part("refund_guarantee")
    credit = TERMS.part("buyer_credit")
    credit["interest"] = rate_of(credit["interest"])
    guarantees = refund_guarantees(
        Given(TERMS.amount("refund_guarantee"), *SHIPS, years), guarantee
    )
    credits_ = buyer_credits(Given(TERMS.amount("buyer_credit"), *SHIPS, years), credit)
    return Facilities(
        {
            "equity": called["equity"].mean(axis=0),
            "direct": scale * called["direct"].mean(axis=0),
            "refund_guarantee": guarantees[0],
            "buyer_credit": credits_[0],
        },
        {
            "equity": profits.mean(axis=0),
            "direct": scale * earned["direct"].mean(axis=0),
            "refund_guarantee": guarantees[1],
            "buyer_credit": credits_[1],
            "host": earned["equity"].mean(axis=0) - profits.mean(axis=0),
        },
    )


def read_parameters(assessed: Assessment) -> Parameters:
    mean = assessed.to_frame("parameters").set_index("parameter")["central"]
    settings = FILE["assessment"]
    inflation = 0.02
    rates = (rate_of(settings["discount_rates"][party]) for party in (PAYER, HOST))
    payer, host = ((1 + rate) / (1 + inflation) - 1 for rate in rates)
    names = (
        "removal", "rebuilding", "sourcing", "displacement", "displaced_return", "additional",
        "growth", "risk_premium", "credit_spread",
    )  # fmt: skip
    return Parameters(
        **{name: float(mean[name]) for name in names},
        inflation=inflation, real=(payer, host), years=settings["horizon"],
        since_prices=settings["first_year"] - FILE["price_year"],
    )  # fmt: skip


def read_parties(assessed: Assessment) -> Parties:
    """Where money is spent and what is made with it: kinds of projects by their amounts.

    A sector that is several industries of the world is split between them by the host's output.
    """
    kinds: dict[str, dict[str, Any]] = {}
    for entry in [*TABLE["project"], *FILE["project"]]:
        kinds[entry["name"]] = kinds.get("average", {}) | entry
    amounts = {k: v * TERMS.cash["amount"] / 1e9 for k, v in TERMS.cash["sectors"].items()}
    for kind, share in TERMS.part("direct")["sectors"].items():
        amounts[kind] = amounts.get(kind, 0.0) + share * TERMS.amount("direct")
    world = assessed.world
    at = [world.region_index(party) for party in (PAYER, HOST)]
    spending, output = np.zeros(len(world.sectors)), np.zeros(len(world.sectors))
    for kind, amount in amounts.items():
        for total, field in ((spending, "spending"), (output, "output")):
            for sector, share in kinds[kind][field].items():
                places = [world.sector_index(name) for name in world.sectors_named(sector)]
                part = world.sales[at[1], places]
                total[places] += amount * share * part / part.sum()
    return Parties(at[0], at[1], spending / spending.sum(), output / output.sum())


def tariffs(
    assessed: Assessment, package: str, timeline: Timeline, *, rebuilt: bool = False
) -> Tariffs:
    path = tariff_path(assessed.deal, package, assessed.world, timeline, rebuilt=rebuilt)
    return [path.regimes[at].tariff for at in path.by_year]


@pytest.fixture(scope="module", params=TIMELINES)
def timeline(request: pytest.FixtureRequest) -> Timeline:
    """Which tariffs hold when."""
    return cast("Timeline", request.param)


@pytest.fixture(scope="module")
def recomputed(
    assessed: Assessment, facilities: Facilities, timeline: Timeline
) -> Mapping[str, np.ndarray]:
    """Every component but the risk of a crash: payer, host."""
    p, parties = read_parameters(assessed), read_parties(assessed)
    paid, got = facilities.paid, facilities.got
    money = deflate(
        Money(
            called=paid["equity"],
            firms=(1 - p.displacement) * paid["direct"],
            earned=got["equity"] + got["host"] + got["direct"],
            profits=got["equity"] + (1 - p.displacement) * got["direct"],
            ships_out=paid["refund_guarantee"] + paid["buyer_credit"],
            ships_back=got["refund_guarantee"] + got["buyer_credit"],
            served=got["buyer_credit"],
        ),
        p,
    )
    paths = Paths(
        tariffs(assessed, PACKAGE, timeline),
        tariffs(assessed, NO_DEAL, timeline),
        tariffs(assessed, NO_DEAL, timeline, rebuilt=True),
    )
    gains = equilibrium_gains(assessed.world, SETS, (paths, parties, p), money)
    return components(gains, money, p)


@pytest.fixture(scope="module")
def printed(assessed: Assessment, timeline: Timeline) -> pd.DataFrame:
    """The components that an assessment prints, by component and party."""
    rows = assessed.to_frame("payoff_components").query(
        f"package == '{PACKAGE}' and timeline == '{timeline}' and region in ['{PAYER}', '{HOST}']"
    )
    return rows.pivot_table(index="component", columns="region", values="value")[[PAYER, HOST]]


def test_every_component_is_recomputed_to_one_per_cent(
    recomputed: Mapping[str, np.ndarray], printed: pd.DataFrame
) -> None:
    shown = printed.drop(index="risk")
    assert set(shown.index) == set(recomputed)
    payoff = printed.sum().abs()
    for component, row in shown.iterrows():
        gap = np.abs(recomputed[str(component)] - row.to_numpy())
        allowed = np.maximum(AGREED * np.abs(row.to_numpy()), ROUNDING * payoff.to_numpy())
        assert (gap < allowed).all(), (component, recomputed[str(component)], row.to_dict())


def test_the_payoff_is_recomputed_to_one_per_cent(
    recomputed: Mapping[str, np.ndarray], printed: pd.DataFrame
) -> None:
    payoff = printed.sum()
    mine = sum(recomputed.values()) + printed.loc["risk"].to_numpy()
    np.testing.assert_allclose(mine, payoff.to_numpy(), rtol=AGREED)


def test_facilities_add_to_the_whole(assessed: Assessment, facilities: Facilities) -> None:
    table = assessed.to_frame("facilities").set_index("instrument")
    rates = {p: rate_of(FILE["assessment"]["discount_rates"][p]) for p in (PAYER, HOST)}
    mine = {
        name: present_value(facilities.got[name] - paid, rates[PAYER])
        for name, paid in facilities.paid.items()
    }
    whole = assessed.to_frame("finance").set_index("party")["npv"]
    size = sum(abs(value) for value in mine.values())
    for name, value in mine.items():
        assert value == pytest.approx(table.loc[name, "to_payer"], abs=AGREED * size), name
    assert sum(mine.values()) == pytest.approx(whole[PAYER], abs=AGREED * size)
    host = present_value(facilities.got["host"], rates[HOST])
    assert host == pytest.approx(whole[HOST], rel=AGREED)
    assert table["to_payer"].sum() == pytest.approx(whole[PAYER], rel=1e-9)
