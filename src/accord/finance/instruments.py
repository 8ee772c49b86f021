"""The terms of each instrument, apart from how it is valued."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from accord.finance.rates import RateTerms

Amortisation = Literal["equal", "annuity", "bullet"]


@dataclass(frozen=True)
class Equity:
    """Money paid in for a share of what the projects earn.

    Attributes:
        amount: Commitment, bn USD.
        share: Share of the cash flow that is the payer's where no split says otherwise.
    """

    amount: float
    share: float = 1.0


@dataclass(frozen=True)
class Direct:
    """Investment by the payer's own firms, who own all of what they build.

    Attributes:
        amount: Commitment, bn USD.
    """

    amount: float


@dataclass(frozen=True)
class Loan:
    """Money lent to projects and repaid from what they earn, as far as that reaches.

    Attributes:
        amount: Commitment, bn USD.
        interest: Fixed or floating interest.
        years: Life of each drawing, grace included.
        grace: Years after a drawing in which nothing is repaid; interest is added to the debt.
        amortisation: "equal" instalments of principal, a level "annuity", or all at the end.
    """

    amount: float
    interest: RateTerms
    years: float = 20.0
    grace: float = 5.0
    amortisation: Amortisation = "equal"


@dataclass(frozen=True)
class Guarantee:
    """A promise to pay what a third party's loan to projects is not served, up to its face.

    Attributes:
        debt: The loan that is guaranteed; its `amount` is the face.
        fee: Yearly fee on the debt outstanding, a fraction.
        default_rate: Chance a year that a guaranteed borrower defaults, for the actuarial value.
        recovery: Share of a defaulted debt that is recovered, for the actuarial value.
    """

    debt: Loan
    fee: float = 0.0
    default_rate: float = 0.0
    recovery: float = 0.0

    @property
    def amount(self) -> float:
        """Face of the guarantee, bn USD."""
        return self.debt.amount


@dataclass(frozen=True)
class PurchaseCommitment:
    """A promise to buy.

    Attributes:
        amount: Money to be spent, bn USD.
        first: First year of delivery, counted from the start of the plan (0 is its first year).
        last: Last year of delivery, the same way.
        premium: How far the price lies above that of the next best seller, a fraction.
        buyer_pays: Whether the payer of the plan is the buyer (else the host is).
    """

    amount: float
    first: int
    last: int
    premium: float = 0.0
    buyer_pays: bool = True


Instrument: TypeAlias = Equity | Direct | Loan | Guarantee
