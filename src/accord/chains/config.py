"""How the chains engine judges what it has solved."""

from dataclasses import dataclass

from accord.core.boundary.settings import make_plain
from accord.core.errors import InputError, Problem

LEAST, MOST = 1e-14, 1e-3


@dataclass(frozen=True)
class ChainsConfig:
    """Tolerance of a solve.

    Attributes:
        tolerance: Largest residual accepted of any identity, as a share of what it adds up to.
    """

    tolerance: float = 1e-9

    def __post_init__(self) -> None:
        """Check the tolerance."""
        problems = make_plain(self)
        if not problems and not LEAST <= self.tolerance <= MOST:
            message = f"{self.tolerance} is outside {LEAST:g} to {MOST:g}"
            problems = [Problem("tolerance", message, "Leave it out for the default")]
        if problems:
            raise InputError(problems, "the chains configuration")
