"""Making the files of a shipped case, which a library has only a card of."""

from typing import TYPE_CHECKING

from accord.assessment.assess import assess
from accord.core.errors import InputError, Problem
from accord.deal.load import load_deal
from accord.library.library import Library
from accord.library.listing import Listing
from accord.library.publish import publish
from accord.library.shipped_cases import AUTHOR

if TYPE_CHECKING:
    from accord.assessment.settings import AssessSettings
    from accord.assessment.valuation.welfare.surface import Progress


def make_shipped(
    library: Library,
    case: str,
    *,
    settings: "AssessSettings | None" = None,
    progress: "Progress | None" = None,
) -> Listing:
    """Return a shipped case as listed after its files joined its card; at once where they have.

    Day and moment stay those of the card.

    Args:
        library: The library.
        case: Name of the case.
        settings: How it is assessed; as the commands do if left out.
        progress: Told what is being done, how much is done, and of how much.

    Raises:
        InputError: The library has no card of such a case.
        SolveError: An equilibrium was not found.
        LibraryError: The library cannot be written; nothing was changed.
    """
    listing = library.get(case)
    if not listing.is_bare:
        if listing.files:
            return listing
        raise InputError([Problem("case", f"{case} is no shipped case without files")], "library")
    library.check_writable()
    deal = load_deal(case)
    result = assess(deal) if settings is None else assess(deal, settings=settings)
    if progress is not None:
        result.reach_verdict(progress)
    return publish(
        result, library, author=AUTHOR, shipped=True, date=listing.content.day,
        now=listing.published_at,
    )  # fmt: skip
