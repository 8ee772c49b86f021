"""The share of duties that is collected: drawn over its range, and in the middle at the centre."""

from dataclasses import replace

import numpy as np
import pytest

from accord.assessment.valuation.equations import COMPONENTS
from accord.assessment.valuation.valuation import build_valuation
from accord.assessment.valuation.welfare.node_cache import NodeCache
from accord.deal.clauses.tariff import TariffClause
from accord.deal.fields import Spread
from accord.lowering.tariff_path import tariff_path
from tests.assessment.verdicts import small_result

RANGE = Spread(low=0.6, mode=0.7, high=0.9)
TARIFF = COMPONENTS.index("tariff")
KOREA = "KOR"


def with_shares(package, share):
    clauses = tuple(
        c.model_copy(update={"take_up": share}) if isinstance(c, TariffClause) else c
        for c in package.clause
    )
    return package.model_copy(update={"clause": clauses})


def valuation_of(share):
    """Return the valuation of the small deal whose duties are collected at a share or range."""
    snapshot = small_result().snapshot
    deal = snapshot.deal
    changed = replace(
        deal,
        no_deal=with_shares(deal.no_deal, share),
        packages=tuple(with_shares(package, share) for package in deal.packages),
    )
    return build_valuation(replace(snapshot, deal=changed), NodeCache())


@pytest.fixture(scope="module")
def ranged():
    return valuation_of(RANGE)


def gain(valuation, quantiles, timeline="dated"):
    """Return Korea's gain from tariffs by quantile of the share collected and year, bn USD."""
    inputs = valuation.centre.with_values(take_up=np.asarray(quantiles, dtype=float))
    package = valuation.packages[1]
    parts = valuation.components(package, inputs, timeline, exact=True, regions=(KOREA,))
    return parts[:, TARIFF, :, 0]


def test_the_centre_is_the_middle_of_the_range(ranged):
    middle = float(RANGE.quantile(np.array([0.5]))[0])
    np.testing.assert_allclose(gain(ranged, [0.5]), gain(valuation_of(middle), [0.5]), rtol=1e-9)


@pytest.mark.parametrize("quantile", [0.0, 0.2, 1.0])
def test_a_quantile_is_the_deal_with_that_share_collected(ranged, quantile):
    """To the error of two speeds in place of every year: less than a tenth of the change."""
    share = float(RANGE.quantile(np.array([quantile]))[0])
    drawn, solved = gain(ranged, [quantile]).sum(), gain(valuation_of(share), [0.5]).sum()
    middle = gain(ranged, [0.5]).sum()
    assert abs(solved - middle) > 1e-4
    assert drawn - middle == pytest.approx(solved - middle, rel=0.1)


def test_a_number_and_a_range_of_no_width_are_not_drawn():
    for share in (0.75, Spread(low=0.75, mode=0.75, high=0.75)):
        valuation = valuation_of(share)
        assert all(package.ends is None for package in valuation.packages)
        low, high = gain(valuation, [0.05, 0.95])
        np.testing.assert_array_equal(low, high)


def test_the_ends_of_a_path_are_those_of_its_ranges():
    deal = small_result().deal
    package = with_shares(deal.packages[0], RANGE)
    deal = replace(deal, packages=(package, *deal.packages[1:]))
    world = small_result().world
    base = np.asarray(world.tariff)
    low, middle, high = (
        tariff_path(deal, package.name, world, "frozen", collected=at).regimes[0].tariff - base
        for at in (0.0, None, 1.0)
    )
    assert (low <= middle).all()
    assert (middle <= high).all()
    charged = high > 1e-9
    np.testing.assert_allclose(low[charged] / high[charged], 0.6 / 0.9)
