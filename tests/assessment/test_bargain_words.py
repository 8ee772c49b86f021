"""A bargain with one package, and with packages that change nothing: the sentences."""

import numpy as np
import pytest

from accord.assessment.bargain.bargain import Bargain, settle
from accord.cli.commands.bargain import bargain_tables
from tests.golden.example import build_example

DEAL = build_example().deal


def bargain(**payoffs: tuple[float, float]) -> Bargain:
    """Return a bargain over invented payoffs, with draws around them; nothing stays nothing."""
    means = np.array(list(payoffs.values()))
    spread = np.linspace(0.5, 1.5, 11)[:, None, None]
    return settle(DEAL, tuple(payoffs), means, means * spread, focus=next(iter(payoffs)))


def test_one_package_is_said_to_be_the_only_one() -> None:
    text = bargain(signed=(5.0, 2.0)).summary()
    assert "has only one package besides no deal, signed." in text
    assert "All parties accept signed." in text
    assert "only one package" not in bargain(signed=(5.0, 2.0), demand=(9.0, -4.0)).summary()


@pytest.mark.parametrize("names", [("signed",), ("signed", "demand")])
def test_packages_that_change_nothing_are_the_same_as_no_deal(names: tuple[str, ...]) -> None:
    text = bargain(**dict.fromkeys(names, (0.0, 0.0))).summary()
    assert f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'} the same as no deal" in text
    assert "There is nothing to choose between." in text
    for words in ("All parties gain", "accept", "side payment", "of 100 draws"):
        assert words not in text


@pytest.mark.parametrize("other", [(9.0, -4.0), (9.0, 4.0)])
def test_a_package_that_changes_nothing_is_set_apart(other: tuple[float, float]) -> None:
    result = bargain(signed=(0.0, 0.0), demand=other)
    text = result.summary()
    assert "signed is the same as no deal" in text
    no_other = "No other package is acceptable to all parties."
    accepted = "All parties accept demand." if min(other) > 0 else no_other
    assert accepted in text
    assert "draws under demand" in text
    assert "draws under signed" not in text
    assert "some package is acceptable" not in text
    assert "signed and demand" not in text
    same, changed = bargain_tables(result)[0].rows
    assert same[-3:] == ["", "", ""]
    assert "" not in changed[-3:]
