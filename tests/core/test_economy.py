"""One validator at two doors: a world and a trade model take and refuse the same arrays."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from accord.core.boundary.conversion import read_array, read_labels
from accord.core.errors import InputError, Problem
from accord.data.world import World
from accord.trade.model import TradeModel

REGIONS, SECTORS = ("MEX", "USA"), ("food", "cars")


def arrays():
    flows = np.array([[[8.0, 4.0], [2.0, 1.0]], [[1.0, 2.0], [9.0, 7.0]]])
    return {
        "flows": flows,
        "tariff": np.where(np.eye(2)[:, :, None] > 0, 0.0, np.full((2, 2, 2), 0.1)),
        "value_added_share": np.full((2, 2), 0.6),
        "input_share": np.full((2, 2, 2), 0.2),
        "elasticity": np.array([4.0, 6.0]),
    }


def both(regions=REGIONS, sectors=SECTORS, **changes):
    """Return the paths and messages of either door, without the names of labels."""
    given = {**arrays(), **changes}
    told: list[Any] = []
    for door in (
        lambda: World.from_arrays(regions, sectors, **given),
        lambda: TradeModel.from_arrays(**given, labels=(regions, sectors)),
    ):
        try:
            told.append(door())
        except InputError as error:
            told.append([(p.path, p.message) for p in error.problems])
    return told


def spoil(name, place, value):
    array = arrays()[name].astype(object)
    array[place] = value
    return {name: array}


@pytest.mark.parametrize(
    ("changes", "path", "words"),
    [
        (spoil("flows", (0, 1, 0), "1,234"), "flows[0,1,0]", "is text"),
        (spoil("flows", (0, 1, 0), "12"), "flows[0,1,0]", "is text"),
        (spoil("flows", (0, 1, 0), None), "flows[MEX,USA,food]", "not finite"),
        (spoil("tariff", (0, 1, 0), pd.NA), "tariff[MEX,USA,food]", "not finite"),
        (spoil("flows", (0, 1, 0), pd.Timestamp("2024-01-01")), "flows[0,1,0]", "Timestamp"),
        ({"elasticity": np.array(["4", "6"])}, "elasticity[0]", "is text"),
        ({"elasticity": np.ma.masked_less(arrays()["elasticity"], 5.0)}, "elasticity", "masked"),
        ({"elasticity": np.array([4.0, 6.0 + 1j])}, "elasticity", "complex"),
        ({"elasticity": np.array(["2024", "2025"], "datetime64[Y]")}, "elasticity", "datetime"),
        ({"elasticity": [[4.0], [6.0, 7.0]]}, "elasticity", "no table of numbers"),
        ({"elasticity": None}, "elasticity", "is missing"),
        ({"elasticity": {"food": 4.0}}, "elasticity", "of type dict"),
        ({"elasticity": np.array([-4.0, 6.0])}, "elasticity[food]", "at or below 0"),
        ({"flows": pd.DataFrame(np.ones((2, 2)))}, "flows", "has shape (2, 2)"),
        (
            {"value_added_share": pd.DataFrame(0.6, index=["USA", "MEX"], columns=SECTORS)},
            "value_added_share",
            "another order",
        ),
        ({"value_added_share": np.full((2, 2), 0.5)}, "value_added_share[MEX,food]", "off by"),
    ],
)
def test_cells_that_are_no_numbers_are_refused_alike_by_name(changes, path, words):
    world, model = both(**changes)
    assert world == model
    assert any(place == path and words in message for place, message in world), world


@pytest.mark.parametrize(
    ("regions", "words"),
    [
        (["MEX", np.nan], "is missing"),
        (["MEX", None], "is missing"),
        (["MEX", ""], "empty"),
        (["MEX", 5], "not text"),
        (["MEX", "MEX"], "more than once"),
        (pd.MultiIndex.from_tuples([("MEX", 1), ("MEX", 2)]), "is a tuple"),
        ("MX", "not a list"),
        (7, "not a list"),
        ([], "no identifiers"),
    ],
)
def test_labels_that_are_no_names_are_refused_at_both_doors(regions, words):
    for told in both(regions=regions):
        assert any(words in message for _, message in told), told


def test_tables_of_pandas_are_taken_as_they_are():
    shares = pd.DataFrame(0.6, index=list(REGIONS), columns=list(SECTORS), dtype="Float64")
    world, model = both(pd.Index(REGIONS), value_added_share=shares)
    plain, _ = both()
    assert world == plain
    assert model.regions == REGIONS


def test_shares_as_a_file_prints_them_are_taken_at_both_doors():
    """Six digits add up to one within half a millionth or so: no share is wrong."""
    gamma = np.array([[[0.133333, 0.266667], [0.266666, 0.133334]]] * 2)
    world, model = both(input_share=gamma)
    total = world.value_added_share + world.input_share.sum(axis=1)
    assert np.abs(total - 1).max() < 1e-12
    np.testing.assert_allclose(model.input_share, world.input_share, rtol=1e-12)
    assert all(check.ok for check in world.checks())
    exact, _ = both()
    assert np.array_equal(exact.input_share, arrays()["input_share"])


def test_a_region_without_households_is_refused_at_both_doors():
    """The exporting firms that some tables split off Mexico or China serve no household."""
    own = np.array([[[1.0, 1.0], [0.0, 0.0]], [[4.0, 4.0], [9.0, 7.0]]])
    world, model = both(("MX2", "MEX"), flows=own * [[[0.4, 0.4], [1, 1]], [[1, 1], [1, 1]]])
    asked = ("flows", "the accounts hold if its first two axes are exchanged")
    assert [problem for problem in model if problem != asked] == world  # bare arrays may be turned
    assert ("flows[MX2,:,food]" in str(world)) or ("households" in str(world))


def test_what_a_caller_may_have_becomes_numbers_or_a_problem_and_nothing_else():
    odd = [object(), [object()], "x", b"x", {1: 2}, {1}, [None], [[1], [1, 2]], lambda: 1, [1j],
           np.datetime64("2024"), pd.Series(["a"]), pd.Categorical(["a"]), [10**400], True, [True],
           pd.DataFrame({"a": [1], "b": ["x"]}), np.ma.masked_array([1.0], [True])]  # fmt: skip
    for value in odd:
        problems: list[Problem] = []
        array = read_array("x", value, problems)
        assert (array is None) == bool(problems), value
        problems = []
        assert all(type(label) is str for label in read_labels("x", value, problems)), value
