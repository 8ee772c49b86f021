"""What holds for every test: checked shapes and types, no silent broadcasting, repeatable draws."""

import os

# Read by JAX when it is first imported, here and in the commands that tests start.
os.environ.setdefault("JAX_PLATFORMS", "cpu")
os.environ["JAX_NUMPY_RANK_PROMOTION"] = "raise"

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
settings.load_profile("accord")
