"""The result of a study of supply chains: its figures, and the tables made of them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from accord.assessment.chains.figures import ChainsFigures
from accord.assessment.chains.tables import CHAINS_TABLES, build_table
from accord.core.errors import InputError, Problem
from accord.core.words import propose

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False, repr=False)
class ChainsStudy(ChainsFigures):
    """What packages do to supply chains, manufacturing and jobs, with the tables of it."""

    def to_frame(self, table: str = "aims") -> "pd.DataFrame":
        """Return a table: "aims", "matrix", "sectors", "exports", "dependence" or "sources".

        Money is bn USD a year, persons thousands, shares fractions. Changes are against no deal;
        `low` and `high` are the lowest and highest over the sets of elasticities.

        Raises:
            InputError: There is no such table.
        """
        for name in CHAINS_TABLES:
            if name == table:
                return build_table(self, name)
        problem = Problem("table", f"{table!r} is not known", propose(table, CHAINS_TABLES))
        raise InputError([problem], "the call")
