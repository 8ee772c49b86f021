"""Checks of times against the horizon, and of the number of projects.

These checks read the file once its format is right, and speak of its fields where the engines
could only speak of their plans.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from accord.core.errors import Problem
from accord.data.world import World
from accord.deal.checks.text.as_written import show_number
from accord.deal.clauses.investment import InvestmentClause
from accord.deal.clauses.purchase import PurchaseClause
from accord.deal.deal import ClauseList, DealFile, first_year_of
from accord.deal.products import expand_regions
from accord.deal.projects import BASE_KIND, ProjectTable, read_project_table

DAYS = 365.25
SELECTION_YEARS = 3.0
BUSINESS_DAYS = 250  # in a year
MOST_OF_INCOME = 0.5  # of a payer's value added, a year: more leaves nothing to live on
BILLION = 1e9
MOST_PROJECTS = 1_000  # in a package, as many as the finance engine takes
COUNTABLE = 1e15
FARTHEST_PRICES = 30  # years between the prices of a file and its first year
LENGTHEN = "or lengthen `horizon` in [assessment]"


def check_durations(file: DealFile) -> Iterator[Problem]:
    """Yield every time of a file that lies beyond its horizon, and too many projects.

    Args:
        file: A file whose format is right.
    """
    first_year = first_year_of(file.assessment, (file.no_deal, *file.package), file.price_year)
    gap = first_year - file.price_year
    if abs(gap) > FARTHEST_PRICES:
        message = f"prices of {file.price_year} are {abs(gap)} years from the first year"
        remedy = f"did you mean {first_year - 1}? Amounts are read as prices of this year"
        yield Problem("price_year", message, remedy)
    table = read_project_table().extended(file.project, file.rate, ())
    groups: list[tuple[str, ClauseList]] = [
        ("background", file.background),
        ("no_deal", file.no_deal),
        *((f"package[{at}]", package) for at, package in enumerate(file.package, start=1)),
    ]
    for path, group in groups:
        projects = 0
        for at, clause in enumerate(group.clause, start=1):
            place = f"{path}.clause[{at}]"
            if isinstance(clause, InvestmentClause):
                for part in clause.parts:
                    where = f"{place}{part.path}"
                    yield from _check_investment(where, part, first_year, file.assessment.horizon)
                    projects += _count(part, table)
            elif isinstance(clause, PurchaseClause):
                yield from _check_purchase(place, clause, first_year, file)
        if projects > MOST_PROJECTS:
            message = f"{projects:,} projects are more than {MOST_PROJECTS:,}"
            remedy = (
                "the amount is divided by the `size` of its kinds of projects: correct either, "
                "both in units of the currency (5e9 is 5 billion)"
            )
            yield Problem(path, message, remedy)


def check_means(file: DealFile, world: World) -> Iterator[Problem]:
    """Yield each package in which a party invests more a year than it could pay.

    Args:
        file: A file whose format is right.
        world: Where the value added of the payers is looked up.
    """
    packages = [("no_deal", file.no_deal.clause)]
    packages += [
        (f"package[{at}]", package.clause) for at, package in enumerate(file.package, start=1)
    ]
    for path, clauses in packages:
        amounts: dict[str, float] = defaultdict(float)
        for clause in clauses:
            if isinstance(clause, InvestmentClause):
                amounts[clause.payer] += _most_in_a_year(clause)
        for payer, yearly in amounts.items():
            members = [
                world.regions.index(region) for region in expand_regions([payer], world.regions)
            ]
            means = MOST_OF_INCOME * float(world.value_added[members].sum()) * BILLION
            if members and yearly > means:
                message = (
                    f"{payer} would invest about {show_number(float(f'{yearly:.2g}'))} in a year, "
                    "more than half of its income"
                )
                remedy = "correct the amounts, in units of the currency, or give an `annual_cap`"
                yield Problem(path, message, remedy)


def _most_in_a_year(clause: InvestmentClause) -> float:
    """Return about the most that is called in one year: projects are selected over three."""
    if clause.up_front:
        return clause.amount
    spread = clause.amount / SELECTION_YEARS
    return spread if clause.annual_cap is None else min(spread, clause.annual_cap)


def _count(clause: InvestmentClause, table: ProjectTable) -> int:
    """Return the number of projects an amount is divided into; unknown kinds are told elsewhere.

    A part of a clause of several instruments counts with the whole amount, the most it can take.
    """
    if not clause.builds:
        return 0
    mix = clause.sectors or {BASE_KIND: 1.0}
    return sum(
        max(1, round(min(clause.amount * share / float(table.figure(name, "size")), COUNTABLE)))
        for name, share in mix.items()
        if share > 0 and name in table.kinds
    )


def _check_investment(
    path: str, clause: InvestmentClause, first_year: int, horizon: int
) -> Iterator[Problem]:
    start = dt.date(first_year, 1, 1)
    last_day = dt.date(first_year + horizon - 1, 12, 31)
    where = f"the horizon, which ends in {last_day.year}"
    begin = 0.0 if clause.from_ is None else max((clause.from_ - start).days / DAYS, 0.0)
    if clause.up_front or clause.select_until is None:
        end = begin if clause.up_front else begin + SELECTION_YEARS
    else:
        end = max((clause.select_until - start).days / DAYS, begin)
    if begin >= horizon and clause.from_ is not None:
        message = f"{clause.from_.isoformat()} lies beyond {where}"
        yield Problem(f"{path}.from", message, f"correct the year, {LENGTHEN}")
    elif end >= horizon and clause.select_until is None:
        message = f"is left out: three years of selection lie beyond {where}"
        yield Problem(f"{path}.select_until", message, f"add `select_until = …`, {LENGTHEN}")
    elif end >= horizon and clause.select_until is not None:
        message = f"{clause.select_until.isoformat()} lies beyond {where}"
        yield Problem(f"{path}.select_until", message, f"correct the year, {LENGTHEN}")
    notice = clause.notice_business_days
    if notice is not None and begin + notice / BUSINESS_DAYS >= horizon > begin:
        message = f"{notice:,} business days end beyond {where}"
        yield Problem(f"{path}.notice_business_days", message, f"shorten the notice, {LENGTHEN}")
    if clause.until is not None and clause.until < start:
        message = f"{clause.until.isoformat()} is before the first year, {first_year}"
        remedy = "nothing could be called: correct the year, or leave `until` out"
        yield Problem(f"{path}.until", message, remedy)


def _check_purchase(
    path: str, clause: PurchaseClause, first_year: int, file: DealFile
) -> Iterator[Problem]:
    horizon = file.assessment.horizon
    end = first_year + horizon - 1
    window = first_year + file.assessment.years - 1
    begins = max(clause.from_.year, first_year) if clause.from_ is not None else first_year
    ends = max(clause.until.year if clause.until is not None else window, begins)
    key = "from" if begins > end else "to"
    if ends > end:
        given = clause.from_ if begins > end else clause.until
        message = (
            f"{given.isoformat()} lies beyond"
            if given is not None
            else f"is left out: the {file.assessment.years} years of the window go beyond"
        )
        remedy = f"correct the date, {LENGTHEN}"
        yield Problem(f"{path}.{key}", f"{message} the horizon, which ends in {end}", remedy)
