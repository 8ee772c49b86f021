"""Commands about data and checks: `world`, `data build`, `selftest`."""

from pathlib import Path
from typing import Annotated

import typer


def world_command() -> None:
    """Print what the embedded world holds, and the names a deal file may use.

    Example: accord world
    """
    from accord.cli.printing import print_rows
    from accord.data.report import Label, world_report
    from accord.data.store import load_world
    from accord.deal.products import EVERYTHING, REGION_GROUPS

    world = load_world()
    report = world_report(world)
    importer = world.lines.importer if world.lines is not None else "no importer"
    typer.echo(f"{report.name}  sha256 {report.sha256}")
    print_rows("Dimensions", ["what", "value"], [[r.what, r.shown] for r in report.dimensions],
               numeric=1)  # fmt: skip
    together = [
        Label(name, f"{len(members)} regions: {' '.join(members)}")
        for name, members in REGION_GROUPS.items()
    ]
    for title, labels in (
        ("Regions", [*report.regions, *together, Label(EVERYTHING, "every region")]),
        ("Sectors", [*report.sectors, Label(EVERYTHING, "every sector but services")]),
        (f"Product groups, as HS codes for tariffs of {importer} only", report.groups),
    ):
        print_rows(title, ["id", "name"], [[one.id, one.name] for one in labels])
    print_rows(
        "Checks",
        ["identity", "ok", "largest violation", "tolerance"],
        [[c.name, yes_no(c.ok), f"{c.value:.1e}", f"{c.tolerance:.0e}"] for c in report.checks],
        numeric=2,
    )
    print_rows(
        "Sources",
        ["id", "title", "date", "licence", "grade"],
        [[s.id, s.title, s.date, s.licence, s.grade] for s in report.sources],
    )
    for note in report.notes:
        typer.echo(f"  {note}")
    if not all(check.ok for check in report.checks):
        raise typer.Exit(1)


def build_command(
    *,
    raw: Annotated[Path, typer.Option(metavar="DIR", help="Folder with the raw files.")],
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where to write; the package by default.")
    ] = None,
) -> None:
    """Build the embedded world from raw files.

    Example: accord data build --raw ../raw-data --out build
    """
    from importlib.resources import files

    from accord.cli.printing import print_rows
    from accord.data.build.build import build_world

    report = build_world(raw, out or Path(str(files("accord.data") / "embedded")))
    for path in report.files:
        typer.echo(path)
    typer.echo(f"{report.size / 1e6:.2f} MB, sha256 {report.sha256}")
    typer.echo(f"rebased in {report.steps} steps, largest residual {report.residual:.1e}")
    print_rows(
        "Checks",
        ["check", "ok", "largest violation", "tolerance"],
        [[c.name, yes_no(c.ok), f"{c.value:.1e}", f"{c.tolerance:.0e}"] for c in report.checks],
        numeric=2,
    )
    if not all(check.ok for check in report.checks):
        raise typer.Exit(1)


def selftest_command() -> None:
    """Check identities and published tables here.

    Example: accord selftest
    """
    from accord.cli.printing import print_rows
    from accord.selftest import selftest_rows

    rows = list(selftest_rows())
    print_rows(
        "Self-test",
        ["check", "source", "ok", "expected", "got", "tolerance"],
        [
            [row.name, row.source, yes_no(row.ok), f"{row.expected:.6g}", f"{row.got:.6g}",
             f"{row.tolerance:.1e}"]
            for row in rows
        ],
        numeric=3,
    )  # fmt: skip
    failed = [row.name for row in rows if not row.ok]
    if failed:
        typer.echo(f"{len(failed)} of {len(rows)} checks failed: {'; '.join(failed)}", err=True)
        raise typer.Exit(1)
    typer.echo(f"all {len(rows)} checks passed")


def yes_no(ok: bool) -> str:
    """Return the word for a check's outcome."""
    return "ok" if ok else "FAIL"
