"""What holds for every test: checked shapes and types, no silent broadcasting, repeatable draws."""

import os

# Read by JAX when it is first imported, here and in the commands that tests start.
os.environ.setdefault("JAX_PLATFORMS", "cpu")
os.environ["JAX_NUMPY_RANK_PROMOTION"] = "raise"

import pytest
from hypothesis import HealthCheck, settings
from jaxtyping import install_import_hook

import tests.checked  # noqa: F401  (the hook below finds it by name)

# Before anything imports accord: every shape and type in a signature is checked at each call.
install_import_hook("accord", "tests.checked.check_types")

settings.register_profile(
    "accord",
    derandomize=True,
    deadline=None,
    max_examples=50,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "long", settings.get_profile("accord"), derandomize=False, max_examples=2500
)
settings.load_profile("accord")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--long`: fifty times as many examples, drawn afresh, and every extreme deal."""
    parser.addoption("--long", action="store_true", help="fifty times as many random examples")


def pytest_configure(config: pytest.Config) -> None:
    """Choose how many examples are drawn before any test is read."""
    if config.getoption("--long"):
        settings.load_profile("long")


@pytest.fixture
def long(request: pytest.FixtureRequest) -> bool:
    """Whether thousands of trials are asked for."""
    return bool(request.config.getoption("--long"))
