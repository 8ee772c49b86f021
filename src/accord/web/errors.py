"""What a request asks of something that is not there, or not in a state for it."""

from accord.core.errors import InputError


class MissingError(InputError):
    """Raised when an address names something that is not there; answered with 404."""


class NotNowError(InputError):
    """Raised when what an address names is in a state that does not allow it; answered with 409."""
