"""Gravity: known coefficients of made-up panels, another program's, and draws in a verdict."""

import numpy as np
import pandas as pd
import pytest

import accord as ac
from tests.data.readers.gravity.panels import DISTANCE, THETA, make_panel
from tests.lowering.lines.samples import make_world


@pytest.fixture(scope="module")
def panel():
    return make_panel()


@pytest.fixture(scope="module")
def estimate(panel):
    return ac.gravity(panel, costs=["log_distance"])


def test_known_coefficients_come_back_without_noise():
    exact = ac.gravity(make_panel(noise=False), costs=["log_distance"])
    assert exact.elasticities == pytest.approx(THETA, rel=1e-6)
    table = exact.to_frame().set_index(["sector", "variable"])
    assert table["coefficient"]["food", "log_distance"] == pytest.approx(DISTANCE, rel=1e-6)
    assert table["trade_cost"]["food", "log_distance"] == pytest.approx(0.7 / 3.0, rel=1e-6)


def test_noise_moves_estimates_by_their_errors(estimate):
    table = estimate.to_frame().set_index(["sector", "variable"])
    for sector, theta in THETA.items():
        error = float(table["error"][sector, "log_tariff"])
        assert 0 < error < 1
        assert abs(estimate.elasticities[sector] - theta) < 4 * error
        assert table["clusters"][sector, "log_tariff"] == 64


def test_coefficients_are_those_of_a_poisson_model_with_dummies(panel, estimate):
    """Another program, and the sandwich of clusters by hand: 1e-6."""
    statsmodels = pytest.importorskip("statsmodels.api")
    cars = panel[panel["sector"] == "motor_vehicles"].reset_index(drop=True)
    years = cars["year"].astype(str)
    dummies = [pd.get_dummies(cars[side] + years, dtype=float).to_numpy()
               for side in ("importer", "exporter")]  # fmt: skip
    columns = [np.log1p(cars["tariff"]), cars["log_distance"]]
    x = np.column_stack([*columns, dummies[0], dummies[1]])
    x = x[:, np.abs(np.diag(np.linalg.qr(x)[1])) > 1e-8]  # one dummy a year is a sum of others
    rank = x.shape[1]
    y = cars["value"].to_numpy()
    fit = statsmodels.GLM(y, x, family=statsmodels.families.Poisson()).fit(tol=1e-13, maxiter=200)
    held = next(entry for entry in estimate.estimates if entry.sector == "motor_vehicles")
    assert held.coefficients == pytest.approx(fit.params[:2], rel=1e-6)
    mean = fit.fittedvalues
    bread = np.linalg.inv(x.T @ (mean[:, None] * x))
    scores = pd.DataFrame(x * (y - mean)[:, None]).groupby(
        (cars["importer"] + cars["exporter"]).to_numpy()
    ).sum().to_numpy()  # fmt: skip
    plain = bread @ (scores.T @ scores) @ bread
    clusters, count = scores.shape[0], y.size
    small = clusters / (clusters - 1)  # and of coefficients, where effects count or do not
    ratio = held.covariance / (small * plain[:2, :2])
    assert ratio == pytest.approx(np.full((2, 2), ratio[0, 0]), rel=1e-5)
    assert 1.0 <= ratio[0, 0] <= (count - 1) / (count - rank - years.nunique())


def test_separated_observations_are_told(panel):
    """A country that buys nothing says nothing, in any year."""
    spoilt = panel.copy()
    spoilt.loc[spoilt["importer"] == "R0", "value"] = 0.0
    told = ac.gravity(spoilt, costs=["log_distance"]).to_frame()
    assert (told["separated"] == 8 * 3).all()
    kept = ac.gravity(panel[panel["importer"] != "R0"], costs=["log_distance"]).to_frame()
    assert told["coefficient"].to_numpy() == pytest.approx(kept["coefficient"].to_numpy(), rel=1e-6)


def test_values_with_duty_and_effects_of_pairs_give_the_same_elasticities():
    panel = make_panel(noise=False)
    gross = panel.assign(value=panel["value"] * (1 + panel["tariff"]))
    assert ac.gravity(gross, with_duty=True, pairs=True).elasticities == pytest.approx(
        ac.gravity(panel, pairs=True).elasticities, rel=1e-5
    )


def test_draws_have_the_mean_and_error_of_the_estimate(estimate):
    draws = estimate.draws(20_000, seed=1)
    table = estimate.to_frame()
    errors = table[table["variable"] == "log_tariff"]["error"].to_numpy()
    assert draws.mean(axis=0) == pytest.approx(list(estimate.elasticities.values()), rel=0.01)
    assert draws.std(axis=0) == pytest.approx(errors, rel=0.05)
    assert (draws > 0).all()
    assert (estimate.draws(5, seed=2) == estimate.draws(5, seed=2)).all()
    assert "food" in estimate.summary()
    assert "2 sectors" in repr(estimate)


def test_draws_are_sets_in_play_of_a_verdict(estimate):
    world = estimate.world(make_world(), draws=3, seed=7)
    assert list(world.elasticities) == ["gravity", "gravity_1", "gravity_2", "gravity_3"]
    assert world.default_elasticities == "gravity"
    assert ac.AssessSettings().for_world(world).sets_in_play(world) == tuple(world.elasticities)
    drawn = np.array([world.elasticities[f"gravity_{n}"][:2] for n in (1, 2, 3)])
    assert drawn == pytest.approx(estimate.draws(3, seed=7))
    assert (np.array(list(world.elasticities.values()))[:, 2] == 4.0).all()  # no estimate


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda p: p.drop(columns="value"), "no column value"),
        (lambda p: p.assign(tariff=100 * p["tariff"]), "Divide by 100"),
        (lambda p: p.assign(value=-p["value"] - 1), "below zero"),
        (lambda p: pd.concat([p, p.head(1)]), "repeats R0, R0, food, 2000"),
        (lambda p: p.assign(importer=p["importer"].where(p["year"] > 2000)), "has empty cells"),
        (lambda p: p.assign(tariff=0.1), "log_tariff cannot be told|cannot be estimated"),
        (lambda p: p[p["importer"].isin(["R0", "R1"]) & p["exporter"].isin(["R0", "R1"])],
         "too few for clustered errors"),
    ],
)  # fmt: skip
def test_a_wrong_panel_is_told(panel, change, word):
    with pytest.raises(ac.InputError, match=word):
        ac.gravity(change(panel))


def test_all_that_is_wrong_with_a_panel_is_told_before_any_work(panel, tmp_path):
    wrong = panel.drop(columns="year").drop_duplicates(["importer", "exporter", "sector"])
    wrong = wrong.assign(value=wrong["value"].where(wrong.index > 0, -1.0))
    wrong.loc[wrong["sector"] == "food", "sector"] = "fods"
    path = tmp_path / "panel.csv"
    wrong.to_csv(path, index=False)
    with pytest.raises(ac.InputError) as told:
        ac.gravity(path, pairs=True, world=make_world())
    assert [problem.path for problem in told.value.problems] == [
        "panel.csv, line 2", "pairs", "panel.csv, column sector",
    ]  # fmt: skip
    wrong.drop(columns=["value", "tariff"]).to_csv(path, index=False)
    with pytest.raises(ac.InputError) as told:
        ac.gravity(path, costs=["border"])
    assert [p.message for p in told.value.problems] == [
        f"there is no column {name}" for name in ("value", "tariff", "border")
    ]
    with pytest.raises(ac.InputError) as told:
        ac.gravity(path, costs=["log distance", "tariff", "border", "border"])
    assert len(told.value.problems) == 3


def test_a_file_is_read_and_an_unknown_sector_refused(panel, tmp_path):
    path = tmp_path / "panel.csv"
    panel.to_csv(path, index=False)
    estimate = ac.gravity(path, costs=["log_distance"])
    other = ac.World.from_arrays(
        ["A", "B"], ["food", "cars"], flows=np.full((2, 2, 2), 5.0), tariff=np.zeros((2, 2, 2)),
        value_added_share=np.full((2, 2), 0.8), input_share=np.full((2, 2, 2), 0.1),
        elasticity=[4, 4],
    )  # fmt: skip
    with pytest.raises(ac.InputError, match="motor_vehicles"):
        estimate.world(other)
    text = path.read_text().splitlines()
    cells = text[2].split(",")
    text[2] = ",".join([*cells[:4], "x", *cells[5:]])
    path.write_text("\n".join(text))
    with pytest.raises(ac.InputError, match="line 3, column value"):
        ac.gravity(path)
