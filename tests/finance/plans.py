"""Plans for the tests of the finance engine: a plain one, and random ones."""

from typing import Any

import numpy as np

from accord.finance.construction.projects import (
    Absence,
    LabourSupply,
    Phase,
    ProjectKind,
    RandomQuantity,
    Visas,
)
from accord.finance.instruments import Direct, Equity, Guarantee, Loan
from accord.finance.plan import Facility, FinancePlan, Pace, ProfitSplit
from accord.finance.rates import RateTerms, ReferenceRate

PHASES = (Phase("design", 1.0, 0.1), Phase("civil works", 1.5, 0.4),
          Phase("installation", 1.5, 0.5, 800.0))  # fmt: skip
KIND = ProjectKind(
    "energy", 10.0, PHASES, 0.09, 0.08,
    earning=RandomQuantity(1.0, 0.4), overrun=RandomQuantity(0.3, 0.3),
    delay=RandomQuantity(0.3, 0.3),
    failure=0.1, salvage=0.3, ramp_up=2.0, life=25.0, delay_cost=0.1,
)  # fmt: skip
SPLIT = ProfitSplit(0.5, 0.1, RateTerms(0.01, "ust20"), review=20.0, covers=("cash",))
UST20 = ReferenceRate("ust20", 0.047, 0.0083, 0.15)


def cash_plan(**changes) -> FinancePlan:
    """Return 200 bn in cash at 20 bn a year, split 50:50 and then 10:90."""
    pace = Pace(0.0, 3.05, 0.18, annual_cap=20.0)
    given: dict[str, Any] = {
        "first_year": 2026, "years": 35,
        "facilities": (Facility("cash", Equity(200.0), pace, {"energy": 1.0}),),
        "kinds": (KIND,), "discount": (0.05, 0.047), "split": SPLIT, "references": (UST20,),
        "inflation": 0.02,
    }  # fmt: skip
    return FinancePlan(**(given | changes))


def pick(rng: np.random.Generator, *options: Any) -> Any:
    """Return one of the options."""
    return options[rng.integers(len(options))]


def draw_plan(seed: int) -> FinancePlan:
    """Return a plan with any instruments, pace, split, installers and luck."""
    rng = np.random.default_rng(seed)
    facilities = tuple(draw_facility(rng, at) for at in range(rng.integers(1, 4)))
    covers = tuple(f.name for f in facilities if not isinstance(f.instrument, Guarantee))
    plant = ProjectKind(
        "plant", rng.uniform(2.0, 30.0), (Phase("all", rng.choice([0.0, 2.0, 6.0]), 1.0),),
        rng.uniform(0.0, 0.2), 0.08, earning=RandomQuantity(1.0, rng.uniform()),
        overrun=RandomQuantity(rng.uniform(), rng.uniform()), failure=rng.choice([0.0, 0.2, 1.0]),
    )  # fmt: skip
    labour = LabourSupply(
        pick(rng, None, 0.3, 1.2),
        ((Visas(2.0, 500.0),) if rng.uniform() < 0.5 else ()),
        ((Absence(3.0, 0.25, 317.0),) if rng.uniform() < 0.5 else ()),
    )
    return cash_plan(
        facilities=facilities, kinds=(KIND, plant), labour=labour,
        split=draw_split(rng, covers) if covers and rng.uniform() < 0.7 else None,
        inflation=rng.uniform(0.0, 0.05),
    )  # fmt: skip


def draw_facility(rng: np.random.Generator, at: int) -> Facility:
    """Return a facility of any instrument and pace."""
    start = rng.uniform(0.0, 3.0)
    pace = Pace(
        start, start + rng.choice([0.0, 1.0, 4.0]), rng.uniform(),
        None if rng.uniform() < 0.3 else rng.uniform(1.0, 60.0), up_front=bool(rng.uniform() < 0.3),
    )  # fmt: skip
    amount, grace = rng.uniform(5.0, 200.0), rng.choice([0.0, 1.0, 5.0])
    terms = RateTerms(rng.uniform(0.0, 0.08))
    kind = pick(rng, "equal", "annuity", "bullet")
    loan = Loan(amount, terms, grace + rng.uniform(1.0, 20.0), grace, kind)
    made = (Equity(amount, rng.uniform()), Direct(amount), loan, Guarantee(loan, 0.01, 0.01, 0.5))
    mix = {"energy": 1.0} if rng.uniform() < 0.5 else {"energy": 0.4, "plant": 0.6}
    owner = pick(rng, "payer", "host")
    return Facility(f"part {at}", made[rng.integers(4)], pace, mix, owner)


def draw_split(rng: np.random.Generator, covers: tuple[str, ...]) -> ProfitSplit:
    """Return any split of the facilities covered."""
    return ProfitSplit(
        rng.uniform(), rng.uniform(),
        RateTerms(rng.uniform(0.0, 0.03), "ust20", "fixed" if rng.uniform() < 0.5 else "floating"),
        counts="share" if rng.uniform() < 0.5 else "whole", pooled=bool(rng.uniform() < 0.5),
        review=pick(rng, None, 10.0, 20.0), reviewed_share=pick(rng, None, 0.7),
        covers=covers,
    )  # fmt: skip
