"""The terms of each instrument, apart from how it is valued.

Money that builds something (equity, direct investment, loans to projects and guarantees of such
loans) is repaid from what the projects earn. A refund guarantee and a buyer credit build nothing
here: they stand behind the buyers of ships, who default with a constant yearly chance.
"""

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
    """Investment by the payer's own firms, who own a share of what they build.

    Attributes:
        amount: Commitment, bn USD.
        share: Share of the cash flow that is theirs.
    """

    amount: float
    share: float = 1.0


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
        capital: Capital held against the debt outstanding, as a share of it.
        capital_cost: Yearly return on that capital above the payer's own rate, a fraction.
    """

    debt: Loan
    fee: float = 0.0
    default_rate: float = 0.0
    recovery: float = 0.0
    capital: float = 0.0
    capital_cost: float = 0.0

    @property
    def amount(self) -> float:
        """Face of the guarantee, bn USD."""
        return self.debt.amount


@dataclass(frozen=True)
class RefundGuarantee:
    """A promise to give the buyer of a ship its instalments back if the yard fails.

    Guarantees are written at an even pace, and each is outstanding from the instalments to the
    delivery of its ship; what falls away is written anew. They build nothing and own nothing.

    Attributes:
        amount: Ceiling on what is outstanding, as far as it is used, bn USD.
        fee: Yearly fee on what is outstanding, a fraction.
        default_rate: Chance a year that a yard fails.
        recovery: Share of what was refunded that the sale of the unfinished ship brings back.
        years: Years from the instalments to the delivery of a ship.
        capital: Capital held against what is outstanding, as a share of it.
        capital_cost: Yearly return on that capital above the payer's own rate, a fraction.
        borrowers: Yards of equal size; they fail independently of each other.
    """

    amount: float
    fee: float
    default_rate: float
    recovery: float
    years: float = 2.0
    capital: float = 0.0
    capital_cost: float = 0.0
    borrowers: int = 10


@dataclass(frozen=True)
class BuyerCredit:
    """Loans to the buyers of ships, who serve them from their own income.

    Attributes:
        debt: Terms of each loan; its `amount` is what is lent in all.
        default_rate: Chance a year that a buyer defaults on what it owes.
        recovery: Share of a defaulted debt that is recovered, by selling the ship.
        borrowers: Buyers of equal size; they default independently of each other.
    """

    debt: Loan
    default_rate: float
    recovery: float
    borrowers: int = 10

    @property
    def amount(self) -> float:
        """What is lent in all, bn USD."""
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


Building: TypeAlias = Equity | Direct | Loan | Guarantee
Instrument: TypeAlias = Building | RefundGuarantee | BuyerCredit
