"""Who is exposed: what the table holds, where its rows come from, and what is refused."""

import numpy as np
import pytest

import accord as ac
from accord.core.errors import InputError
from tests.flagship import flagship

DRAWS = 40


@pytest.fixture(scope="module")
def study():
    return ac.exposure(flagship(), draws=DRAWS)


def test_every_kind_is_there_for_every_package(study):
    frame = study.to_frame()
    signed = frame[frame["package"] == "signed"]
    assert set(signed["kind"]) == {"sector", "maker", "currency", "debt"}
    assert "no_deal" not in set(frame["package"])
    assert signed["hinges"].ne("").all()
    assert "no advice" in study.disclaimer


def test_the_sign_is_that_of_the_whole_interval(study):
    for row in study.to_frame().to_dict("records"):
        ends = np.array([row["value"], row["low"], row["high"]])
        told = {"+": (ends > 0).all(), "-": (ends < 0).all(),
                "?": ends.min() <= 0 <= ends.max()}  # fmt: skip
        assert told[row["sign"]], row


def test_makers_are_those_of_the_car_study(study):
    cars = ac.cars("us-korea-2025", draws=0).to_frame("makers")
    long = cars[(cars["run"] == "long") & (cars["maker"] == "Hyundai-Kia")]
    profit = long.set_index("scenario")["profit_change"]
    frame = study.to_frame()
    row = frame[(frame["package"] == "signed") & (frame["subject"] == "Hyundai-Kia")]
    assert row["value"].item() == pytest.approx(profit["signed"] - profit["no_deal"], rel=0.02)
    assert row["sign"].item() == "+"


def test_payments_make_the_dollar_dearer(study):
    frame = study.to_frame()
    row = frame[(frame["package"] == "us_demand") & (frame["kind"] == "currency")]
    assert row["region"].item() == "KOR"
    assert row["value"].item() > 0


def test_every_figure_says_what_it_hangs_on_and_how_surely(study):
    frame = study.to_frame()
    for kind, group in frame[frame["package"] == "signed"].groupby("kind"):
        assert group["hinges"].ne("").all(), kind
        assert group["hinge_share"].between(0, 1).all(), kind
        assert (group["hinge_error"] >= 0).all(), kind
        assert (group["rival"] != group["hinges"]).all(), kind


def test_nothing_drawn_leaves_only_elasticities_to_hang_on():
    frame = ac.exposure(flagship(), package="signed", draws=0).to_frame()
    drawn = frame["kind"] == "sector"
    assert frame.loc[drawn, "hinges"].str.startswith("elasticity:").all()
    assert frame.loc[~drawn, "hinges"].eq("").all()
    assert frame.loc[~drawn, "hinge_share"].isna().all()


def test_what_is_wrong_is_told_at_once_and_before_any_work(monkeypatch):
    monkeypatch.setattr("accord.assessment.assess.assess", lambda *_, **__: pytest.fail("assessed"))
    with pytest.raises(InputError) as error:
        ac.exposure("us-korea-2025", package="sgned", draws=-5)
    assert [problem.path for problem in error.value.problems] == ["package", "draws"]
    assert "signed" in str(error.value)
