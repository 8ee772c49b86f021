"""The terms of a deal that may move, and the same deal with other values of them."""

from collections.abc import Mapping

from accord.deal.deal import Deal
from accord.deal.terms.entries import TermEntry
from accord.deal.terms.values import dump_clauses, read_value, terms_in


def terms_of(deal: Deal, package: str) -> tuple[TermEntry, ...]:
    """Return the terms that may move in a package, in the order of the file.

    Raises:
        KeyError: No package has this name.
    """
    return terms_in(package, deal.package(package).clause, deal.terms)


def current_terms(deal: Deal, package: str) -> dict[str, float]:
    """Return what every term of a package is now, in units of its field.

    Raises:
        KeyError: No package has this name.
    """
    clauses = dump_clauses(deal.package(package).clause)
    values = {term.name: read_value(term, clauses) for term in terms_of(deal, package)}
    return {name: value for name, value in values.items() if value is not None}


def apply_terms(deal: Deal, package: str, values: Mapping[str, float]) -> Deal:
    """Return the deal with terms of one package changed; what is not named stays.

    Args:
        deal: The deal; it is not changed.
        package: Name of the package.
        values: Value of each term, in units of its field (0.15 for 15 %, 20e9 for 20 bn).

    Raises:
        KeyError: No package has this name.
        InputError: A term is not known in this package or a value is outside its bounds, all at
            once.
    """
    return deal.vary(values, package=package)
