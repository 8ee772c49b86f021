"""What duties on cars do to makers: identities of a study, its tables, and what is refused."""

import numpy as np
import pytest

import accord as ac
from accord.assessment.cars.scenario import CAR_TABLES
from accord.assessment.cars.study import PLAIN, scenario_names
from accord.core.errors import InputError
from accord.core.provenance import GRADES

DRAWS = 40


@pytest.fixture(scope="module")
def study():
    return ac.cars("us-korea-2025", draws=DRAWS)


def row(study, table, scenario, run, **where):
    frame = study.to_frame(table)
    for name, value in ({"scenario": scenario, "run": run} | where).items():
        frame = frame[frame[name] == value]
    ((_, only),) = frame.iterrows()
    return only


def test_every_package_and_plain_rates_are_solved_for_both_runs(study):
    deal = ac.load_deal("us-korea-2025")
    names = [(item.name, item.run) for item in study.scenarios]
    assert names == [(name, run) for name in scenario_names(deal) for run in ("short", "long")]
    assert len(scenario_names(deal)) == len(deal.package_names) + len(PLAIN)
    for item in study.scenarios:
        assert item.central.status.ok
        assert item.drawn.status.ok
        assert np.max([*item.central.residuals.values()]) < 1e-10


def test_a_package_is_the_plain_rates_that_it_agrees_on(study):
    """The signed deal has 15 per cent on cars of all three, and near it on parts."""
    signed, plain = (row(study, "market", name, "long") for name in ("signed", "15/15/15"))
    for name in ("duty_after", "consumer_surplus", "profit_change"):
        assert signed[name] == pytest.approx(plain[name], rel=0.02)


def test_no_new_duty_changes_nothing(study):
    for run in ("short", "long"):
        still = row(study, "market", "status_quo", run)
        assert still["profit_change"] == pytest.approx(0.0, abs=1e-9)
        assert still["consumer_surplus"] == pytest.approx(0.0, abs=1e-9)
        assert still["moved_home"] == pytest.approx(0.0, abs=1e-9)


def test_what_is_paid_is_what_is_borne(study):
    frame = study.to_frame("makers")
    paid = frame["treasury"] + frame["building"]
    borne = frame["buyers"] + frame["dealers"] + frame["makers"]
    assert np.allclose(paid, borne, atol=1e-9)
    market = study.to_frame("market")
    whole = frame.groupby(["scenario", "run"], sort=False)["treasury"].sum()
    assert np.allclose(whole.to_numpy(), market["treasury"], atol=1e-9)


def test_ten_points_less_on_korea_help_hyundai_and_hurt_its_rivals(study):
    for run in ("short", "long"):
        gain = {
            maker: row(study, "makers", "15/15/15", run, maker=maker)["profit_change"]
            - row(study, "makers", "25/15/15", run, maker=maker)["profit_change"]
            for maker in ("Hyundai-Kia", "Toyota", "Honda", "Tesla")
        }
        assert gain["Hyundai-Kia"] > 0.5
        assert all(gain[maker] < 0 for maker in ("Toyota", "Honda", "Tesla"))


def test_ten_points_more_on_japan_and_europe_hurt_their_makers(study):
    for maker in ("Toyota", "Mazda", "BMW", "Volvo"):
        low, high = (row(study, "makers", name, "short", maker=maker)["profit_change"]
                     for name in ("25/15/15", "25/25/25"))  # fmt: skip
        assert high < low


def test_the_first_year_has_prices_and_plants_that_hardly_move(study):
    short, long = (row(study, "market", "signed", run) for run in ("short", "long"))
    assert 0 < short["price_change"] < long["price_change"]
    assert short["moved_home"] == 0 < long["moved_home"]
    assert short["makers"] > long["makers"]
    assert short["stocks"] > 0 == long["stocks"]


def test_draws_are_the_same_in_every_scenario(study):
    """What one unknown does is not mistaken for what a package does."""
    signed, plain = (study.scenario(name, "long").drawn.value for name in ("signed", "15/15/15"))
    assert signed.own_elasticity == pytest.approx(plain.own_elasticity)
    gap = signed.after.profit - plain.after.profit
    assert np.abs(gap).max() < 0.1
    assert gap.std(axis=0).max() < signed.after.profit.std(axis=0).max() / 20


def test_the_trade_engine_says_the_same_of_signs(study):
    frame = study.to_frame("countries")
    both = frame[(frame["scenario"] == "signed") & frame["trade_engine"].notna()]
    assert len(both) > 8
    raised = both[both["rate_after"] > both["rate_before"] + 0.05]
    assert (raised["units_change"] < 0).all()
    assert (raised["trade_engine"] < 0).all()
    still = frame[(frame["scenario"] == "status_quo") & frame["trade_engine"].notna()]
    assert np.allclose(still["trade_engine"], 0.0, atol=1e-8)


def test_tables_hold_what_they_say(study):
    for table in CAR_TABLES:
        assert len(study.to_frame(table)) > 0
    assert set(study.to_frame("sources")["grade"]) <= set(GRADES)
    frame = study.to_frame("makers")
    assert np.allclose(frame.groupby(["scenario", "run"])["share"].sum(), 1.0)
    inside = (frame["low"] <= frame["high"]) & frame["low"].notna()
    assert inside.all()
    with pytest.raises(InputError, match="makers"):
        study.to_frame("maker")


def test_points_add_up_to_what_ten_of_them_do(study):
    """Profit lost from 15 to 25 per cent on Korea is ten times a point, at the mean of the two."""
    points = study.to_frame("points")
    own = points[(points["country"] == "KOR") & (points["maker"] == "Hyundai-Kia")]
    for run in ("short", "long"):
        ends = [own[(own["scenario"] == name) & (own["run"] == run)]["profit"].sum()
                for name in ("15/15/15", "25/15/15")]  # fmt: skip
        low, high = (row(study, "makers", name, run, maker="Hyundai-Kia")["profit_change"]
                     for name in ("15/15/15", "25/15/15"))  # fmt: skip
        assert 10 * sum(ends) / 2 == pytest.approx(high - low, rel=0.1)
    assert "USA" not in set(points["country"])
    assert set(points["good"]) == {"cars", "parts"}


def test_a_study_without_draws_has_no_intervals():
    bare = ac.cars("us-korea-2025", scenario="25/15/15", draws=0)
    assert [item.name for item in bare.scenarios] == ["25/15/15"] * 2
    assert bare.to_frame("makers")["low"].isna().all()
    with pytest.raises(InputError, match="25/15/15"):
        bare.scenario("25/15")


def test_another_deal_has_its_own_duties():
    japan = ac.cars("us-japan-2025", scenario="no_deal", draws=0)
    assert japan.scenario("no_deal").rates.cars["JPN"] > 0.2


def test_what_is_wrong_is_told_at_once():
    with pytest.raises(InputError) as error:
        ac.cars("us-korea-2025", scenario="25/15", draws=-1)
    assert {problem.path for problem in error.value.problems} == {"scenario", "draws"}
    assert all(problem.remedy for problem in error.value.problems)


def test_the_quota_of_british_cars_is_in_force_and_is_not_filled(study):
    frame = study.to_frame("countries").set_index(["scenario", "run", "country"])
    for run in ("short", "long"):
        told = frame.loc["signed", run, "UK"]
        assert told["rate_after"] == pytest.approx(0.1, abs=0.005)
        assert told["quota"] == pytest.approx(100.0)
        assert 0.3 < told["quota_used"] < 1
        assert np.isnan(frame.loc["status_quo", run, "UK"]["quota"])
        assert np.isnan(frame.loc["signed", run, "KOR"]["quota"])
        solved = study.scenario("signed", run).central.value
        assert dict(zip(solved.limits, solved.scarcity, strict=True))["UK"] == 0
