"""Many equilibria in one call: each is what it is alone, whatever the others are."""

from dataclasses import replace

import numpy as np
import pytest

from accord.core.arrays import frozen
from accord.core.errors import InputError, SolveError
from accord.core.numerics import ahead
from accord.core.status import Status
from accord.trade.batch import FEWEST, _one_each, solve_trade_many
from accord.trade.config import TradeConfig
from accord.trade.iteration.gradient import welfare_gradient
from accord.trade.iteration.lanes import WIDTH, solve_lanes
from accord.trade.iteration.stack import Member, own_rows, portions, stack
from accord.trade.model import TradeModel
from accord.trade.plan import TradeShock
from accord.trade.solution import TradeSolution
from accord.trade.solver import solve_trade
from tests.trade.test_robustness import NAMES, cases, draw_hard_shock
from tests.trade.worlds import CLOSURES, LARGEST_SCALE, Traits, draw_model, draw_transfer

pytestmark = pytest.mark.first

SAME = 1e-9
MEMBERS = WIDTH + 3  # more than fit side by side at once
HARD_MEMBERS = 3


def compare(many: tuple[TradeSolution, ...], alone: list[TradeSolution]) -> None:
    """Same status, residual within the tolerance, same figures."""
    assert [solution.status for solution in many] == [solution.status for solution in alone]
    for a, b in zip(many, alone, strict=True):
        if a.status.ok:
            assert a.residual <= a.config.tolerance
            np.testing.assert_allclose(a.value.welfare, b.value.welfare, rtol=0, atol=SAME)
            np.testing.assert_allclose(a.value.flows, b.value.flows, rtol=SAME, atol=SAME)
            np.testing.assert_allclose(a.welfare, a.value.welfare, rtol=0, atol=1e-15)
            assert np.max([*a.residuals.values()]) < 1e-8
        else:
            assert np.isnan(a.value.welfare).all()
            assert np.isnan(a.welfare).all()
            np.testing.assert_equal(a.residual, b.residual)


def with_transfers(
    rng: np.random.Generator,
    model: TradeModel,
    shock: TradeShock,
    largest: float,
    *,
    members: int = MEMBERS,
) -> list[TradeShock]:
    """The same shock with other transfers: members that share every cube."""
    return [
        replace(shock, transfer=draw_transfer(rng, model, largest * k / members))
        for k in range(members)
    ]


@pytest.mark.parametrize("name", NAMES)
def test_hard_cases_side_by_side_are_what_they_are_alone(name: str) -> None:
    model, shock = cases()[name]
    shocks = with_transfers(np.random.default_rng(1), model, shock, 1e-3, members=HARD_MEMBERS)
    many = solve_trade_many(model, shocks, throw=False)
    compare(many, [solve_trade(model, member, throw=False) for member in shocks])


def test_all_hard_cases_in_one_call() -> None:
    """Cases of different worlds and elasticities: what cannot go side by side is solved alone."""
    models, shocks = (list(things) for things in zip(*cases().values(), strict=True))
    many = solve_trade_many(models, shocks, throw=False)
    alone = [solve_trade(m, s, throw=False) for m, s in zip(models, shocks, strict=True)]
    compare(many, alone)


# A program a size and closure is what takes the time: each closure at one of two sizes.
@pytest.mark.parametrize(
    ("size", "closure"), [((5, 3), "fixed"), ((8, 6), "share"), ((5, 3), "balanced")]
)
def test_random_worlds(size: tuple[int, int], closure: str) -> None:
    rng = np.random.default_rng([*size, CLOSURES.index(closure)])
    for k in range(7):
        traits = Traits(
            elasticities=(1.0, 15.0) if k % 3 == 0 else (2.0, 8.0),
            value_added=(0.05, 0.4) if k % 4 == 1 else (0.3, 0.8),
            zero_flows=0.3 if k % 2 else 0.0,
            scale=LARGEST_SCALE if k == 3 else 0.0,
        )
        model = draw_model(rng, size, traits)
        config = TradeConfig(
            closure=closure,  # type: ignore[arg-type]
            competition="monopolistic" if traits.scale else "perfect",
            labour_elasticity=0.5 if k == 5 else 0.0,
        )
        shocks = with_transfers(rng, model, draw_hard_shock(rng, model), 0.02)
        many = solve_trade_many(model, shocks, config=config, throw=False)
        alone = [solve_trade(model, s, config=config, throw=False) for s in shocks]
        compare(many, alone)
        assert all(solution.status.ok for solution in many)


def test_elasticities_settings_and_tariffs_may_differ_by_member() -> None:
    rng = np.random.default_rng(4)
    model = draw_model(rng, (8, 6))
    models, shocks, configs = [], [], []
    for k in range(MEMBERS):
        tariff = np.array(model.tariff)
        tariff[2, :2] += 0.03 * k
        models.append(replace(model, elasticity=frozen(model.elasticity * (1 + 0.05 * k))))
        spending = 0.01 * k * np.full((8, 6), model.income.min() / 6) if k % 2 else None
        shocks.append(TradeShock(tariff=tariff, spending=spending))
        configs.append(TradeConfig(labour_elasticity=0.1 + 0.05 * k))
    members = [Member(*member) for member in zip(models, shocks, configs, strict=True)]
    rows = own_rows(members)
    assert rows is not None
    assert 2 in rows
    many = solve_trade_many(models, shocks, config=configs)
    alone = [solve_trade(m, s, config=c) for m, s, c in zip(models, shocks, configs, strict=True)]
    compare(many, alone)
    assert all(solution.model is model for solution, model in zip(many, models, strict=True))


def test_one_member_without_an_equilibrium_spoils_no_other() -> None:
    rng = np.random.default_rng(3)
    model = draw_model(rng, (8, 6))
    shocks = with_transfers(rng, model, TradeShock(), 0.02)
    receipts = np.zeros(8)
    receipts[:2] = -2.0 * model.value_added[0], 2.0 * model.value_added[0]
    shocks[4] = TradeShock(transfer=receipts)
    many = solve_trade_many(model, shocks, throw=False)
    compare(many, [solve_trade(model, shock, throw=False) for shock in shocks])
    assert [s.status for s in many].count(Status.NEGATIVE_INCOME) == 1
    with pytest.raises(SolveError, match=r"shocks\[4\]"):
        solve_trade_many(model, shocks)


def test_members_that_converge_cost_nothing_more() -> None:
    """One member far away and many that start solved: lanes step as often as that one alone."""
    rng = np.random.default_rng(3)
    model = draw_model(rng, (8, 6))
    config = TradeConfig()
    far = TradeShock(transfer=draw_transfer(rng, model, 0.3))
    members = [Member(model, far, config), *[Member(model, TradeShock(), config)] * 31]
    rows = own_rows(members)
    assert rows is not None
    kernel, start = stack(members, rows, 32)
    ended = solve_lanes(kernel, start, len(members), 5e-11, max_steps=600)
    steps = np.asarray(ended.steps)
    assert steps[0] > 10
    assert (steps[1:] == 1).all()
    assert int(ended.clock) == steps[0]


def test_members_of_other_elasticities_and_many_tariffs_are_taken_apart() -> None:
    rng = np.random.default_rng(4)
    model = draw_model(rng, (8, 6))
    other = replace(model, elasticity=frozen(model.elasticity * 1.1))
    shock = TradeShock(tariff=np.where(np.eye(8)[:, :, None] > 0, 0.0, model.tariff + 0.1))
    members = [Member(m, shock, TradeConfig()) for m in (model, other) for _ in range(5)]
    taken = list(portions(members))
    assert [positions for positions, _ in taken] == [[0, 1, 2, 3, 4], [5, 6, 7, 8, 9]]
    assert all(rows is not None for _, rows in taken)


def test_no_change_gives_exactly_ones_in_a_batch() -> None:
    model = draw_model(np.random.default_rng(3), (8, 6))
    for solution in solve_trade_many(model, [None] * 5):
        assert solution.stats.steps == 1
        assert (solution.value.wage_change == 1).all()
        assert (solution.value.price_change == 1).all()


def test_a_start_and_the_gradient_of_a_member() -> None:
    rng = np.random.default_rng(3)
    model = draw_model(rng, (8, 6))
    shocks = with_transfers(rng, model, TradeShock(), 0.02)
    cold = solve_trade_many(model, shocks)
    warm = solve_trade_many(model, shocks, start=cold[-1])
    compare(warm, list(cold))
    assert warm[-1].stats.steps == 1
    alone = solve_trade(model, shocks[1])
    gradient = welfare_gradient(cold[1], model.regions[0])
    np.testing.assert_allclose(gradient, welfare_gradient(alone, model.regions[0]), atol=1e-9)


def test_a_batch_may_be_empty() -> None:
    assert solve_trade_many(draw_model(np.random.default_rng(3), (5, 3)), []) == ()


def test_what_is_wrong_with_any_member_is_told_with_its_place() -> None:
    model = draw_model(np.random.default_rng(3), (5, 3))
    bad = TradeShock(tariff=np.full((5, 5, 3), -2.0))
    with pytest.raises(InputError) as caught:
        solve_trade_many(model, [None, bad, TradeShock(transfer=np.ones(5))])
    paths = [problem.path for problem in caught.value.problems]
    assert paths == ["shocks[1].tariff", "shocks[2].transfer"]
    with pytest.raises(InputError, match="2 are given for 3 shocks"):
        solve_trade_many([model] * 2, [None] * 3)
    with pytest.raises(InputError, match=r"config\[1\]"):
        _one_each("config", [TradeConfig(), 3], TradeConfig, 2)


def test_threads_change_no_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few members are solved alone, several at a time; the interpreter may switch anywhere."""
    rng = np.random.default_rng(11)
    model = draw_model(rng, (6, 4))
    shocks: list[TradeShock | None] = [
        replace(TradeShock(), tariff=frozen(model.tariff * (1 + 0.3 * k))) for k in range(WIDTH - 1)
    ]
    assert len(shocks) < FEWEST
    welfare = []
    for threads in (1, 3):
        monkeypatch.setattr(ahead, "_threads", threads)
        many = solve_trade_many(model, shocks, throw=False)
        welfare.append([solution.value.welfare for solution in many])
    np.testing.assert_array_equal(welfare[0], welfare[1])
    assert not np.array_equal(welfare[0][0], welfare[0][-1])
