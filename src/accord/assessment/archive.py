"""Assessments in a file: one archive that gives the same tables without solving again.

The archive (zip) holds `assessment.json` (format, versions, digests, settings, the deal's text),
the verdict's arrays, and every table as Parquet.
"""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from accord.assessment.explain.explain import Explanation, explain, find_unknown
from accord.assessment.settings import AssessSettings
from accord.assessment.valuation.sensitivity import Driver, Sensitivity, Swing, Threshold
from accord.assessment.valuation.surface import Effort
from accord.assessment.valuation.uncertainty import Inputs
from accord.assessment.valuation.verdict import Verdict
from accord.core.errors import InputError, Problem
from accord.core.files import write_atomically
from accord.data.store import load_world
from accord.data.world import World
from accord.deal.deal import Deal
from accord.deal.load import read_deal
from accord.lowering.tariff_path import TIMELINES, Timeline

if TYPE_CHECKING:
    from accord.assessment.result import Assessment

FORMAT = 1
HEAD, ARRAYS, TABLES_AT = "assessment.json", "verdict/", "tables/"
SETTINGS = tuple(item.name for item in fields(AssessSettings) if item.init)
EPOCH = (1980, 1, 1, 0, 0, 0)  # of every member, so that the same result is the same file


@dataclass(frozen=True, eq=False)
class SavedAssessment:
    """An assessment read from its file: tables and verdict as they were, nothing solved again."""

    deal: Deal
    settings: AssessSettings
    packages: tuple[str, ...]
    verdict: Verdict
    reproduce: Mapping[str, Any]
    text: str
    frames: Mapping[str, pd.DataFrame]

    def __repr__(self) -> str:
        """One line: deal, packages, version it was made with."""
        versions = self.reproduce["versions"]
        return (
            f"SavedAssessment({self.deal.name!r}: {len(self.packages)} packages, "
            f"made with accord {versions['accord']})"
        )

    @cached_property
    def world(self) -> World:
        """The baseline it was made with.

        Raises:
            InputError: The embedded world is another one by now.
        """
        world, wanted = load_world(), self.reproduce["world"]
        if world.sha256 != wanted["sha256"]:
            remedy = "Assess the deal again, or use the version of Accord that made the file"
            message = f"was {wanted['name']} ({wanted['sha256'][:12]}), which is not embedded here"
            raise InputError([Problem("world", message, remedy)], "the saved assessment")
        return world

    def to_frame(self, name: str = "welfare") -> pd.DataFrame:
        """Return one of the tables.

        Raises:
            InputError: There is no such table.
        """
        if name not in self.frames:
            raise InputError(find_unknown("table", name, tuple(self.frames)), "the request")
        return self.frames[name].copy(deep=False)

    def summary(self) -> str:
        """Return who gains, and how much, in a few lines of text."""
        return self.text

    def explain(
        self, figure: str, region: str, *, package: str, timeline: Timeline = "dated"
    ) -> Explanation:
        """Return the tree behind a number: see `Assessment.explain`."""
        return explain(self, figure, region, package=package, timeline=timeline)


def save_assessment(result: "Assessment", path: Path | str) -> Path:
    """Write an assessment with its verdict to one file; a failure leaves an old file intact.

    Raises:
        OutputError: The file cannot be written.
        SolveError: An equilibrium was not found.
    """
    from accord.assessment.tables.tables import TABLES

    verdict = result.verdict
    head = {
        "format": FORMAT,
        "deal": result.deal.text,
        "settings": {name: getattr(result.settings, name) for name in SETTINGS},
        "packages": result.packages,
        "parties": verdict.parties,
        "regions": verdict.regions,
        "years": verdict.years,
        "reproduce": dict(result.reproduce),
        "summary": result.summary(),
        "sensitivity": asdict(verdict.sensitivity),
        "effort": asdict(verdict.effort),
        "seconds": verdict.seconds,
    }
    arrays: dict[str, np.ndarray] = {"factors": verdict.factors}
    for timeline in TIMELINES:
        arrays[f"yearly_{timeline}"] = verdict.yearly[timeline]
        arrays[f"sample_{timeline}"] = verdict.sample[timeline]
    for item in fields(Inputs):
        arrays[f"inputs_{item.name}"] = getattr(verdict.inputs, item.name)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, HEAD, json.dumps(head, indent=1, ensure_ascii=False).encode())
        for name, array in arrays.items():
            content = io.BytesIO()
            np.save(content, array, allow_pickle=False)
            _add(archive, f"{ARRAYS}{name}.npy", content.getvalue())
        for name in TABLES:
            table = io.BytesIO()
            result.to_frame(name).to_parquet(table, index=False)
            _add(archive, f"{TABLES_AT}{name}.parquet", table.getvalue())
    return write_atomically(path, buffer.getvalue())


def load_assessment(path: Path | str) -> SavedAssessment:
    """Return an assessment from the file `Assessment.save` wrote, without solving anything.

    Raises:
        InputError: There is no such file, it is no saved assessment, it is damaged, or its format
            is newer than this version of Accord reads.
    """
    given = Path(path)
    try:
        with zipfile.ZipFile(given) as archive:
            head = json.loads(archive.read(HEAD))
            _check_format(head, given)
            held = {name: io.BytesIO(archive.read(name)) for name in archive.namelist()}
            arrays = {
                Path(name).stem: np.load(content, allow_pickle=False)
                for name, content in held.items()
                if name.startswith(ARRAYS)
            }
            frames = {
                Path(name).stem: pd.read_parquet(content)
                for name, content in held.items()
                if name.startswith(TABLES_AT)
            }
    except FileNotFoundError as error:
        remedy = "Give the path that `result.save(path)` wrote"
        raise InputError(
            [Problem("path", f"there is no file {given}", remedy)], str(given)
        ) from error
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        remedy = "Give a file that `result.save(path)` or `accord assess --save` wrote"
        message = f"is not a saved assessment, or is damaged ({error})"
        raise InputError([Problem("file", message, remedy)], str(given)) from error
    return SavedAssessment(
        deal=read_deal(head["deal"]),
        settings=AssessSettings(
            **{**head["settings"], "triggered": tuple(head["settings"]["triggered"])}
        ),
        packages=tuple(head["packages"]),
        verdict=_verdict(head, arrays),
        reproduce={**head["reproduce"], "python": tuple(head["reproduce"]["python"])},
        text=head["summary"],
        frames=frames,
    )


def _check_format(head: Mapping[str, Any], path: Path) -> None:
    if head["format"] > FORMAT:
        made = head.get("reproduce", {}).get("versions", {}).get("accord", "a later one")
        message = f"is of format {head['format']}; this version of Accord reads up to {FORMAT}"
        remedy = f"Update Accord (the file was made with {made})"
        raise InputError([Problem("format", message, remedy)], str(path))


def _verdict(head: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> Verdict:
    found = head["sensitivity"]
    return Verdict(
        packages=tuple(head["packages"]),
        parties=tuple(head["parties"]),
        regions=tuple(head["regions"]),
        years=tuple(head["years"]),
        yearly={timeline: arrays[f"yearly_{timeline}"] for timeline in TIMELINES},
        factors=arrays["factors"],
        sample={timeline: arrays[f"sample_{timeline}"] for timeline in TIMELINES},
        inputs=Inputs(**{item.name: arrays[f"inputs_{item.name}"] for item in fields(Inputs)}),
        sensitivity=Sensitivity(
            tuple(Driver(**row) for row in found["drivers"]),
            tuple(Swing(**row) for row in found["swings"]),
            tuple(Threshold(**row) for row in found["thresholds"]),
        ),
        seconds=head["seconds"],
        effort=Effort(**head["effort"]),
    )


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    member = zipfile.ZipInfo(name, EPOCH)
    member.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(member, content)
