"""Parts of the world without trade between them, against SciPy's connected components."""

import numpy as np
import pytest
from scipy.sparse.csgraph import connected_components

from accord.trade.calibration import find_parts


@pytest.mark.parametrize("share", [0.0, 0.02, 0.05, 0.1, 0.5])
@pytest.mark.parametrize("seed", range(6))
def test_parts_are_connected_components_in_order(share, seed):
    tied = np.random.default_rng(seed).random((30, 30)) < share
    np.testing.assert_array_equal(find_parts(tied), connected_components(tied, directed=False)[1])
