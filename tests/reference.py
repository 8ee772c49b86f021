"""The reference data that some tests read, kept beside the checkout and never in it."""

from pathlib import Path

import pytest

REFERENCE = Path(__file__).resolve().parents[2] / "shared" / "data"


def reference_file(relative: str) -> Path:
    """Return the path of a reference file, or skip the test where the folder is missing.

    A file missing from a folder that is there is a failure: the data set changed its shape.

    Args:
        relative: Path under the folder, such as "caliendo_parro_2015/T.txt".
    """
    if not REFERENCE.is_dir():
        pytest.skip("the reference data are not here (../shared/data, beside the checkout)")
    path = REFERENCE / relative
    assert path.exists(), f"../shared/data is here but holds no {relative}"
    return path
