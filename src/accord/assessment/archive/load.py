"""Reading an assessment from its file, without solving anything."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from accord.assessment.archive.container import DamagedError, read_member, unpack
from accord.assessment.archive.contents import known_fields, read_array, read_table, read_world
from accord.assessment.archive.former import name_default, rename_former
from accord.assessment.archive.save import ARRAYS, FORMAT, HEAD, TABLES_AT
from accord.assessment.result import AssessmentData
from accord.assessment.settings import MOST_DRAWS, AssessSettings
from accord.assessment.tables.verdict import build_payoffs
from accord.assessment.valuation.equations import COMPONENTS
from accord.assessment.valuation.sensitivity import Sensitivity
from accord.assessment.valuation.uncertainty import Inputs, find_parameters
from accord.assessment.valuation.verdict import Verdict
from accord.assessment.valuation.welfare.node_cache import Effort
from accord.core.errors import InputError, Problem
from accord.data.world import World
from accord.deal.deal import Deal
from accord.deal.load import read_deal
from accord.lowering.roles import region_axis
from accord.lowering.tariff_path import TIMELINES

MOST_HEAD = 1 << 24  # bytes
REMEDY = "Give a file that `result.save(path)` or `accord assess --save` wrote"


class Head(BaseModel):
    """What `assessment.json` holds."""

    model_config = ConfigDict(extra="forbid", strict=True)

    format: int
    deal: str
    included: dict[str, str] = {}
    as_of: str | None = None
    settings: dict[str, Any]
    packages: tuple[str, ...]
    parties: tuple[str, ...]
    regions: tuple[str, ...]
    years: tuple[int, ...]
    reproduce: dict[str, Any]
    sensitivity: Sensitivity
    effort: Effort
    seconds: float


def read_assessment(path: Path | str) -> AssessmentData:
    """Return what a file that `save_assessment` wrote holds.

    Raises:
        InputError: There is no such file, it is no saved assessment, it is damaged, or its format
            is not the one this version of Accord reads.
    """
    given = Path(path)
    try:
        _check_format(given)
        return _read(unpack(given))
    except InputError:
        raise
    except FileNotFoundError as error:
        remedy = "Give the path that `result.save(path)` wrote"
        problem = Problem("path", f"there is no file {given}", remedy)
        raise InputError([problem], str(given)) from error
    except Exception as error:
        reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        message = f"is not a saved assessment, or is damaged ({reason})"
        raise InputError([Problem("file", message, REMEDY)], str(given)) from error


def _check_format(path: Path) -> None:
    head = json.loads(read_member(path, HEAD, MOST_HEAD))
    form = head.get("format") if isinstance(head, dict) else None
    if not isinstance(form, int):
        raise DamagedError("it does not say its format")
    if form == FORMAT:
        return
    made = head.get("reproduce", {}).get("versions", {}).get("accord", "another one")
    remedy = "Assess the deal again" if form < FORMAT else "Update Accord"
    message = f"is of format {form}; this version of Accord reads format {FORMAT}"
    told = f"{remedy} (the file was made with {made})"
    raise InputError([Problem("format", message, told)], str(path))


def _read(members: Mapping[str, bytes]) -> AssessmentData:
    head = Head.model_validate_json(members[HEAD])
    world = rename_former(read_world(members))
    deal = read_deal(head.deal, world=world, included=head.included)
    if head.as_of is not None:
        deal = deal.as_of(head.as_of)
    triggered = tuple(head.settings.pop("triggered"))
    named = head.settings.pop("sets", None)
    sets = None if named is None else tuple(named)
    settings = AssessSettings(**head.settings, triggered=triggered, sets=sets)
    settings = settings.for_world(world, deal.triggers)
    if (deal.package_names, deal.parties, region_axis(deal, world)) != (
        head.packages, head.parties, head.regions,
    ):  # fmt: skip
        raise DamagedError("its verdict is of another deal")
    verdict = _verdict(head, deal, members)
    tables = {
        Path(name).stem: read_table(content)
        for name, content in members.items()
        if name.startswith(TABLES_AT)
    }
    if not tables["payoffs"].equals(build_payoffs(verdict)):
        raise DamagedError("its payoffs are not those of its verdict")
    return AssessmentData(
        deal=deal,
        world=world,
        settings=settings,
        reproduce=_reproduce(head, world),
        verdict=verdict,
        tables=tables,
    )


def _reproduce(head: Head, world: World) -> dict[str, Any]:
    return name_default({**head.reproduce, "python": tuple(head.reproduce["python"])}, world)


def _verdict(head: Head, deal: Deal, members: Mapping[str, bytes]) -> Verdict:
    arrays = {
        Path(name).stem: read_array(content)
        for name, content in members.items()
        if name.startswith(ARRAYS)
    }
    inputs = Inputs(**{name: arrays[f"inputs_{name}"] for name in known_fields(Inputs)})
    kept = len(head.packages), len(COMPONENTS)
    years, regions, draws = len(head.years), len(head.regions), len(inputs)
    wanted: dict[str, tuple[int, ...]] = {"factors": (years, regions)}
    for timeline in TIMELINES:
        wanted[f"yearly_{timeline}"] = (*kept, years, regions)
        wanted[f"sample_{timeline}"] = (draws, *kept, regions)
    if draws > MOST_DRAWS or any(arrays[name].shape != shape for name, shape in wanted.items()):
        raise DamagedError("its arrays are not of the size of its verdict")
    return Verdict(
        packages=head.packages,
        parties=head.parties,
        regions=head.regions,
        years=head.years,
        yearly={timeline: arrays[f"yearly_{timeline}"] for timeline in TIMELINES},
        factors=arrays["factors"],
        sample={timeline: arrays[f"sample_{timeline}"] for timeline in TIMELINES},
        inputs=inputs,
        parameters=find_parameters(deal),
        sensitivity=head.sensitivity,
        seconds=head.seconds,
        effort=head.effort,
    )


__all__ = ["read_assessment"]
