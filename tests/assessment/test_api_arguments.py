"""Wrong arguments of the public functions: a message with a remedy, not an error of Python.

The calls run in a process of their own, where no type checker of the tests comes first.
"""

import subprocess
import sys

import pytest

SETUP = """
import numpy as np
import accord as ac

deal = ac.load_deal("us-korea-2025")
world = ac.load_world()
flows = np.array([[[80.0], [20.0]], [[20.0], [80.0]]])
arrays = dict(
    flows=flows,
    value_added_share=np.ones((2, 1)),
    input_share=np.zeros((2, 1, 1)),
    elasticity=np.array([5.0]),
)
model = ac.TradeModel.from_arrays(tariff=np.zeros_like(flows), **arrays)
high = np.zeros_like(flows)
high[0, 1] = high[1, 0] = 15.0
"""
CALLS = {
    "ac.assess('us-korea-2025')": ("deal: is of type str, not Deal", "ac.load_deal"),
    "ac.assess(deal, settings={'closure': 'share'})": ("settings: is of type dict", "ac.AssessSet"),
    "ac.assess(deal, world='world-2022')": ("world: is of type str", "ac.load_world()"),
    "ac.brief(deal)": ("assessment: is of type Deal", "ac.assess(deal)"),
    "ac.brief(None)": ("assessment: is None", "ac.assess(deal)"),
    "ac.load_deal(None)": ("name_or_path: is None, not str or Path", "us-korea-2025"),
    "ac.load_deal(deal)": ("name_or_path: is of type Deal", "path of a deal file"),
    "ac.load_deal('us-korea-2025', world='x')": ("world: is of type str", "ac.World"),
    "ac.solve_trade(model, flows)": ("shock: is of type ndarray", "ac.TradeShock(tariff=...)"),
    "ac.solve_trade(world)": ("model: is of type World", "ac.TradeModel.from_arrays"),
    "ac.TradeShock(tariff=[[1], [2, 3]])": ("shock.tariff: is no table of numbers", "equal length"),
    "ac.TradeShock(tariff='a', deficit='b')": ("shock.tariff", "shock.deficit"),
    "ac.best_response(world, 'USA')": ("model: is of type World", "ac.TradeModel.from_arrays"),
    "ac.best_response(model, 'region 1', shock=flows)": ("shock: is of type ndarray", "TradeShock"),
    "ac.best_response(model, 'region 1', start=model)": ("start: is of type", "ac.nash_tariffs"),
    "ac.best_response(model, 3)": ("party: 3 is no region or list", "Give regions"),
    "ac.nash_tariffs(model, None)": ("parties: is None", "Give regions"),
    "ac.nash_tariffs(model, ['region 1', 2])": ("party: 2 is no region or list", "Give regions"),
    "ac.nash_tariffs(model, 'region 1')": ("parties: is a string", "Give a list"),
    "ac.nash_tariffs(model, ['region 1'], over='all')": ("over: 'all' is not", "partner or mfn"),
    "ac.nash_tariffs(model, ['region 1'], options=3)": ("options: is of type int", "sectors"),
    "ac.nash_tariffs(model, ['region 1'], config='share')": ("config: is of type", "TradeConfig"),
    "ac.solve_trade(model, config={'closure': 'share'})": (
        "config: is of type dict",
        "TradeConfig",
    ),
    "ac.solve_trade(model, throw='no')": ("throw: 'no' is not True or False", "throw=False"),
    "ac.assess(deal, throw=None)": ("throw: None is not True or False", "throw=False"),
    "ac.nash_tariffs(model, ['region 1'], options={'rises_only': 'yes'})": (
        "rises_only: 'yes' is not True or False",
        "leave it out",
    ),
    "ac.TradeConfig(max_steps='many', closure=3)": ("max_steps: 'many'", "closure: 3 is not a wo"),
    "ac.solve_trade(model, start=1)": ("start: is of type int", "ac.solve_trade"),
    "ac.solve_trade(model, shok=None)": ("shok: is no argument", "Did you mean shock?"),
    "ac.solve_trade()": ("missing a required argument", "It takes: model, shock"),
    "ac.load_world(3)": ("name: is of type int", "Leave it out"),
    "ac.load_world(['x'])": ("name: is of type list", "Leave it out"),
    "ac.load_assessment(3)": ("path: is of type int", "Assessment.save"),
    "ac.compare(deal)": ("results: is of type Deal", "ac.assess(deal)"),
    "ac.bargain(deal)": ("assessment: is of type Deal", "ac.assess(deal)"),
    "ac.explain(deal, 'payoff', 'KOR', package='signed')": ("result: is of type Deal", "ac.assess"),
    "ac.assess(deal, wrold=world)": ("wrold: is no argument", "Did you mean world?"),
    "ac.check(3)": ("deal: is of type int", "path of a deal file"),
    "ac.retaliate(model, 'region 1', None)": ("shock: is None", "ac.TradeShock"),
    "world.with_elasticities('fontaine')": ("unknown identifier", "Did you mean fontagne?"),
    "world.with_elasticities({'car': 3.0})": ("unknown identifier", "elasticities"),
    "world.with_elasticities({'food': 0.0})": ("elasticity[food]", "positive number"),
    "ac.TradeModel.from_arrays(tariff=high, **arrays)": ("tariff: the median", "Divide by 100"),
}
RUN = """
for call in {calls!r}:
    try:
        eval(call)
    except ac.InputError as error:
        print(repr(str(error)))
    except Exception as error:
        print(repr(f"RAW {{type(error).__name__}}: {{error}}"))
    else:
        print(repr("accepted"))
"""


def answer(code: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def answers() -> dict[str, str]:
    lines = answer(SETUP + RUN.format(calls=list(CALLS)))
    return dict(zip(CALLS, lines, strict=True))


@pytest.mark.parametrize("call", CALLS)
def test_a_wrong_argument_gets_a_message_and_a_remedy(answers, call):
    for words in CALLS[call]:
        assert words in answers[call]


def test_every_public_function_refuses_a_keyword_it_does_not_have():
    code = SETUP + (
        "import inspect\n"
        "functions = [n for n in ac.__all__ if inspect.isfunction(getattr(ac, n))]\n"
        "print(len(functions))\n"
        "for name in functions:\n"
        "    try:\n"
        "        getattr(ac, name)(nonsense=1)\n"
        "    except ac.InputError as error:\n"
        "        assert 'nonsense: is no argument of ' + name in str(error), error\n"
        "        assert 'It takes: ' in str(error)\n"
    )
    (count,) = answer(code)
    assert int(count) >= 14


def test_a_shock_takes_lists_of_numbers():
    code = SETUP + (
        "tariff = np.zeros_like(flows); tariff[0, 1] = 0.1\n"
        "one = ac.solve_trade(model, ac.TradeShock(tariff=tariff)).value.welfare\n"
        "two = ac.solve_trade(model, ac.TradeShock(tariff=tariff.tolist())).value.welfare\n"
        "print(bool(one[0] != 0), np.array_equal(one, two))"
    )
    assert answer(code) == ["True True"]


def test_what_a_call_returns_is_shown_in_a_line():
    code = SETUP + (
        "result = ac.assess(deal, settings=ac.AssessSettings(ranges=False, paths=50, draws=8))\n"
        "for shown in (deal, model, ac.solve_trade(model), result, ac.brief(result)):\n"
        "    print(repr(shown))"
    )
    shown = answer(code)
    assert [line.partition("(")[0] for line in shown] == [
        "Deal",
        "TradeModel",
        "TradeSolution",
        "Assessment",
        "Briefing",
    ]
    assert all(len(line) < 160 for line in shown)
    assert "'us-korea-2025'" in shown[0]
    assert "2 regions × 1 sector" in shown[1]
    assert "converged" in shown[2]
    assert "5 packages" in shown[3]
