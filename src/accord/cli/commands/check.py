"""The command `check`: every problem of a deal file, what it sets and commits, and warnings."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from accord.cases.shipped import find_deal_file
from accord.cli.headings import (
    CLAUSE_TARIFFS,
    CLAUSE_TAXES,
    COMMITMENT,
)
from accord.cli.options import (
    AsOf,
    WorldFile,
)
from accord.cli.printing import print_rows, say
from accord.cli.request import name_day, open_world
from accord.cli.sentences import (
    BETWEEN,
    COMMITMENTS,
    DEAL_SIZE,
    INCLUDES,
    KNOWN_ON,
    NO_PROBLEM,
    NOT_COUNTED,
    TARIFF_EFFECTS,
    TAX_EFFECTS,
    TAX_ON,
    TAX_TO,
    WARNING,
)
from accord.core.errors import InputError

if TYPE_CHECKING:
    from accord.assessment.snapshot.commitments import Commitment
    from accord.lowering.tariff_effects import TariffEffect
    from accord.lowering.taxes.effects import TaxEffect


def check_command(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A deal file, or a shipped case.")],
    *,
    as_of: AsOf = None,
    world: WorldFile = None,
) -> None:
    """List every problem in a deal file at once.

    It also prints the tariffs and the commitments of the deal. Warnings name what is probably not
    meant. The exit code is 0 where there are only warnings.

    Example: accord check my-deal.toml
    """
    if world is None:
        find_deal_file(file)  # before anything heavy is imported
    from accord.assessment.check import check
    from accord.deal.includes.replaced import between
    from accord.lowering.external import uncounted_clauses

    where = open_world(world)
    try:
        checked = check(file, world=where, as_of=as_of)
    except InputError as error:
        raise name_day(error) from None
    deal = checked.deal
    clauses = sum(len(deal.package(name).clause) for name in deal.package_names)
    say(NO_PROBLEM.format(file=file))
    say(DEAL_SIZE.format(title=deal.title, packages=len(deal.package_names), clauses=clauses))
    for background in deal.included:
        say(
            INCLUDES.format(
                name=background.given_as,
                title=background.title,
                as_of=background.as_of.isoformat(),
                count=background.count,
            )
        )
        laws = [
            f"{clause.id} ({clause.rule} {100 * clause.rate:g} %)"
            for clause in between(deal.background.clause, deal.parties)
            if clause.id in background.ids
        ]
        if laws:
            say(BETWEEN.format(laws=", ".join(laws)))
    if deal.as_known_on is not None:
        say(KNOWN_ON.format(day=deal.as_known_on.isoformat()))
    for name in deal.package_names:
        for clause in uncounted_clauses(deal, name, where):
            what = clause.title or clause.kind.replace("_", " ")
            say(NOT_COUNTED.format(what=what, package=name))
    print_tariffs(checked.tariffs)
    print_taxes(checked.taxes)
    print_commitments(checked.commitments)
    for notice in checked.notices:
        say(WARNING.format(notice=notice))


def print_tariffs(effects: Sequence["TariffEffect"]) -> None:
    """Print the tariff before and after each tariff clause; nothing where there is none.

    A clause with steps has a row for each of them, which names the clause in the first one only.
    """
    if not effects:
        return
    rows = [
        [
            *(
                [effect.package, effect.title, f"{effect.importer} on {effect.exporters}"]
                if number == 0
                else ["", "", ""]
            ),
            stage.day.isoformat(),
            f"{effect.trade:.3g}" if number == 0 else "",
            f"{100 * stage.before:.1f}",
            f"{100 * stage.after:.1f}",
        ]
        for effect in effects
        for number, stage in enumerate(effect.stages)
    ]
    print_rows(TARIFF_EFFECTS, CLAUSE_TARIFFS, rows, numeric=3)


def print_taxes(effects: Sequence["TaxEffect"]) -> None:
    """Print the rate before and after each clause on a tax; nothing where there is none."""
    if not effects:
        return
    rows = []
    for effect in effects:
        what = (TAX_TO if effect.buyers else TAX_ON).format(
            region=effect.region, base=effect.on, buyers=effect.buyers
        )
        numbers = (f"{effect.value:.3g}", f"{100 * effect.before:.1f}", f"{100 * effect.after:.1f}")
        rows.append([effect.package, effect.title, what, effect.day.isoformat(), *numbers])
    print_rows(TAX_EFFECTS, CLAUSE_TAXES, rows, numeric=3)


def print_commitments(commitments: Sequence["Commitment"]) -> None:
    """Print what becomes of each commitment on the central path; nothing where there is none."""
    from accord.assessment.snapshot.commitments import show_billions

    if not commitments:
        return
    rows = [
        [
            commitment.package,
            f"{commitment.title} ({commitment.payer} in {commitment.host})",
            show_billions(commitment.committed),
            show_billions(commitment.called),
            f"{commitment.last_call:%Y-%m}" if commitment.last_call else "never",
            show_billions(commitment.finished),
            f"{commitment.last_finish:%Y-%m}" if commitment.last_finish else "never",
        ]
        for commitment in commitments
    ]
    print_rows(COMMITMENTS, COMMITMENT, rows, numeric=5)
