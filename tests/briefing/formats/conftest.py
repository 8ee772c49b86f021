"""A saved assessment of a shipped case."""

import pytest

from tests.flagship import flagship


@pytest.fixture(scope="session")
def saved(tmp_path_factory):
    """The path of the flagship case, saved with its verdict."""
    result = flagship()
    result.reach_verdict(lambda *_: None)
    return result.save(tmp_path_factory.mktemp("saved") / "k.accord")
