"""The example, built once in a worker for every test that only reads it."""

from functools import cache

from tests.golden.example import ExampleAssessment, build_example


@cache
def shared_example() -> ExampleAssessment:
    """Return the made-up assessment as it is."""
    return build_example()
