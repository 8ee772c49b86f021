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
    "ac.assess(deal, world='world-2024')": ("world: is of type str", "ac.load_world()"),
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
