"""Writing an assessment with its verdict to one file.

The archive (zip) holds `assessment.json` (format, versions, settings, the text of the deal and of
the backgrounds it includes), the arrays of the verdict, every table as Parquet, the world, and a
digest over all of it.
"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from accord.assessment.archive.container import pack
from accord.assessment.archive.contents import known_fields, write_array, write_table, write_world
from accord.assessment.result import Assessed
from accord.assessment.settings import AssessSettings
from accord.assessment.tables.tables import TABLES
from accord.assessment.valuation.uncertainty import Inputs
from accord.core.errors import InputError, Problem
from accord.core.files import write_atomically
from accord.deal.deal import Deal
from accord.deal.load import read_deal
from accord.lowering.tariff_path import TIMELINES

FORMAT = 4
HEAD, ARRAYS, TABLES_AT = "assessment.json", "verdict/", "tables/"


def save_assessment(result: Assessed, path: Path | str) -> Path:
    """Write an assessment with its verdict to one file; a failure leaves an old file intact.

    Raises:
        InputError: The deal was changed in Python and no text says it.
        OutputError: The file cannot be written.
        SolveError: An equilibrium was not found.
    """
    _check_text(result.deal, result)
    verdict, known = result.verdict, result.deal.as_known_on
    head: dict[str, Any] = {
        "format": FORMAT,
        "deal": result.deal.text,
        "included": result.deal.included_texts,
        **({} if known is None else {"as_of": known.isoformat()}),
        "settings": {name: getattr(result.settings, name) for name in known_fields(AssessSettings)},
        "packages": result.packages,
        "parties": verdict.parties,
        "regions": verdict.regions,
        "years": verdict.years,
        "reproduce": dict(result.reproduce),
        "sensitivity": asdict(verdict.sensitivity),
        "effort": asdict(verdict.effort),
        "seconds": verdict.seconds,
    }
    arrays = {"factors": verdict.factors}
    for timeline in TIMELINES:
        arrays[f"yearly_{timeline}"] = verdict.yearly[timeline]
        arrays[f"sample_{timeline}"] = verdict.sample[timeline]
    for name in known_fields(Inputs):
        arrays[f"inputs_{name}"] = getattr(verdict.inputs, name)
    members = {HEAD: json.dumps(head, indent=1, ensure_ascii=False).encode()}
    members |= {f"{ARRAYS}{name}.npy": write_array(array) for name, array in arrays.items()}
    members |= {f"{TABLES_AT}{name}.parquet": write_table(result.to_frame(name)) for name in TABLES}
    return write_atomically(path, pack({**members, **write_world(result.world)}))


def _check_text(deal: Deal, result: Assessed) -> None:
    """Check that the text of a deal says what the deal says: the file keeps the text."""
    written = read_deal(deal.text, world=result.world, included=deal.included_texts)
    if deal.as_known_on is not None:
        written = written.as_of(deal.as_known_on)
    same = (
        written.packages == deal.packages
        and written.no_deal == deal.no_deal
        and written.background == deal.background
        and written.settings == deal.settings
        and written.parties == deal.parties
    )
    if not same:
        message = "was changed in Python, and a saved assessment keeps the text of a deal file"
        remedy = "Write the changes to a deal file and assess that"
        raise InputError([Problem("deal", message, remedy)], "the assessment to save")
