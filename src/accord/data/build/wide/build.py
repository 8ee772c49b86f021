"""Building the world of 80 economies, the rest of the world and 50 industries from raw files."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, astuple, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from accord.core.arrays import Float
from accord.core.files import write_atomically
from accord.data.build import build, readers
from accord.data.build.elasticities import DEFAULT_SET
from accord.data.build.external import build_external
from accord.data.build.frames import check_extra, check_files
from accord.data.build.macro import build_deficits, build_macro
from accord.data.build.preferences import add_preferences, read_preferences
from accord.data.build.tariffs import correct_tariffs
from accord.data.build.us_lines import (
    IMPORTER,
    REGION_OF_PARTNER,
    LineTable,
    find_members,
    pack_table,
    read_line_table,
)
from accord.data.build.wide.bridge import build_frame
from accord.data.build.wide.elasticities import build_wide_elasticities
from accord.data.build.wide.figures import (
    by_region,
    latest_by_region,
    read_wide_figures,
    read_wide_sources,
)
from accord.data.build.wide.final_demand import (
    HUBS,
    FinalDemand,
    UsImports,
    estimate_final_demand,
)
from accord.data.build.wide.move import Moved, MoveTarget, move_world
from accord.data.build.wide.prior import build_prior
from accord.data.build.wide.report import Steps, build_rows, describe_blocks
from accord.data.build.wide.table import ICIO_FILE, Icio, read_icio_2022
from accord.data.build.wide.tariffs import agreements, build_tariffs
from accord.data.build.wide.technology import WorldOf2022, build_structure
from accord.data.files.saving import pack_arrays
from accord.data.industries import (
    ALL_REGION_NAMES,
    INDUSTRIES,
    INDUSTRY_GROUPS,
    INDUSTRY_NAMES,
    REST,
    SERVICE_INDUSTRIES,
)
from accord.data.labels import SECTOR_NAMES
from accord.data.lines.packing import PackedLines
from accord.data.records import MacroFigure
from accord.data.store import DEFAULT_WORLD, RATE_STEP, build_from_store

RAW_FILES = (*build.RAW_FILES, ICIO_FILE)
Cube = Float[np.ndarray, "importer exporter industry"]
Tell = Callable[[str], None] | None


@dataclass(frozen=True, eq=False)
class Base:
    """What was read: tables, figures, labels, and the lines of US imports."""

    icio: Icio
    wiod: readers.Wiod
    figures: tuple[MacroFigure, ...]
    regions: tuple[str, ...]
    lines: LineTable

    @property
    def usa(self) -> int:
        """Position of the United States."""
        return self.regions.index(IMPORTER)

    def gdp(self, year: int) -> Float[np.ndarray, " region"]:
        """Return GDP of a year by region, bn USD."""
        return by_region(self.figures, self.regions, "gdp", year)


def build_wide_world(
    raw: Path, out: Path, name: str = DEFAULT_WORLD, tell: Tell = None
) -> build.BuildReport:
    """Return the report of building the world of 80 economies from the raw folder into `out`.

    Raises:
        InputError: Raw files are missing, or the extra `build` is not installed.
        OutputError: `out` cannot be written.
    """
    check_extra()
    check_files(raw, RAW_FILES)
    base = read_base(raw)
    counted = count_imports(base)
    estimate, imports = _estimate(base, counted, tell)
    tariff, notes = _build_tariffs(base, counted)
    older = np.isin(base.icio.economies, base.wiod.regions).astype(float)
    structure = build_structure(base.icio, estimate, tariff, base.gdp(2022), older=older)
    packed = _pack_lines(base, estimate)
    aim = _build_aim(base, structure, tariff, packed)
    moved = move_world(aim, tell)
    sets, scale, set_notes = build_wide_elasticities(raw, base.wiod)
    arrays = {**_store_arrays(aim, moved), **packed.pack()}
    steps = Steps(base.icio, imports, estimate, structure, aim, moved)
    blocks = describe_blocks(steps)
    meta = _build_meta(name, base, sets, scale, notes=[*blocks, *notes, *set_notes])
    meta["macro"] = [asdict(row) for row in _build_macro(raw, base)]
    rows = build_rows(steps, base.regions, base.gdp(2024), _published(base))
    meta["adjustments"] = [list(astuple(row)) for row in rows]
    world = build_from_store(meta, arrays)
    data = pack_arrays(arrays)
    meta |= {"arrays_sha256": hashlib.sha256(data).hexdigest(), "sha256": world.sha256}
    text = json.dumps(meta, ensure_ascii=False, indent=None, separators=(",", ":")) + "\n"
    return build.BuildReport(
        files=(
            write_atomically(out / f"{name}.npz", data),
            write_atomically(out / f"{name}.json", text.encode()),
        ),
        size=len(data) + len(text.encode()),
        sha256=world.sha256,
        steps=estimate.nearest.steps + moved.nearest.steps,
        residual=float(np.maximum(estimate.nearest.residual, moved.nearest.residual)),
        checks=(*world.checks(), *build.check_categories(raw, packed)),
        adjustments=rows,
        notes=tuple(meta["notes"]),
    )


def read_base(raw: Path) -> Base:
    """Return the raw tables, figures and lines that the world is made of."""
    icio = read_icio_2022(raw / ICIO_FILE)
    regions = (*icio.economies, REST)
    return Base(
        icio=icio,
        wiod=readers.read_wiod_2014(raw / readers.WIOD_FILE),
        figures=read_wide_figures(),
        regions=regions,
        lines=read_line_table(raw, build_frame(regions, REGION_OF_PARTNER)),
    )


def count_imports(base: Base) -> tuple[np.ndarray, np.ndarray]:
    """Return US imports and duty of 2024 by partner and industry, the Union in front (bn USD)."""
    shape = (len(base.regions) + 1, len(INDUSTRIES))
    value, duty = np.zeros(shape), np.zeros(shape)
    cells = (base.lines.place + 1, base.lines.sector)
    np.add.at(value, cells, base.lines.imports)
    np.add.at(duty, cells, base.lines.duty)
    return value, duty


def _estimate(
    base: Base, counted: tuple[np.ndarray, np.ndarray], tell: Tell
) -> tuple[FinalDemand, UsImports]:
    exports, bought = (
        by_region(base.figures, base.icio.economies, what, 2022) for what in ("exports", "imports")
    )
    later = by_region(base.figures, base.icio.economies, "imports", 2024)
    value = counted[0] * bought[base.usa] / later[base.usa]
    single = np.flatnonzero(value[1:-1].sum(axis=1) > 0)
    imports = UsImports(single, value[single + 1], find_members(base.regions), value[0], value[-1])
    rest_share = base.gdp(2022)[-1] / older_total(base, 2022)[-1]
    growth = older_total(base, 2022) / older_total(base, 2014)
    prior = build_prior(base.icio, base.wiod, growth, rest_share)
    return estimate_final_demand(
        base.icio, prior, imports, exports=exports, balance=exports - bought, tell=tell
    ), imports


def older_total(base: Base, year: int) -> Float[np.ndarray, " older"]:
    """Return GDP by region of the table of 2014, whose rest of the world is many here, bn USD."""
    gdp = dict(zip(base.regions, base.gdp(year).tolist(), strict=True))
    apart = [gdp[region] for region in base.wiod.regions[:-1]]
    return np.array([*apart, sum(gdp.values()) - sum(apart)])


def _build_tariffs(base: Base, counted: tuple[np.ndarray, np.ndarray]) -> tuple[Cube, list[str]]:
    """Return tariffs: US duty over value as counted, the others of 2014 with agreements."""
    corrected = add_preferences(correct_tariffs(base.wiod), base.wiod, read_preferences())
    tariff = build_tariffs(corrected.tariff, base.wiod, base.regions)
    value, duty = counted
    rate = np.divide(duty, value, out=np.zeros_like(duty), where=value > 0)
    paid = rate[1:].copy()
    paid[find_members(base.regions)] = rate[0]
    unnamed = _unnamed(base, value)
    paid[unnamed] = rate[-1]
    goods = _goods()
    tariff[base.usa][:, goods] = paid[:, goods]
    tariff[base.usa, base.usa] = 0.0
    names = ", ".join(np.array(base.regions)[unnamed & (np.arange(paid.shape[0]) != base.usa)])
    return tariff, [
        *corrected.notes,
        "further agreements in force in 2024, from memory: " + ", ".join(agreements()),
        f"no US import lines, duty that of the other partners outside the table: {names}",
    ]


def _unnamed(base: Base, value: np.ndarray) -> np.ndarray:
    """Return which regions the Census table does not name, alone or as members of the Union."""
    named = value[1:].sum(axis=1) > 0
    named[find_members(base.regions)] = True
    return np.asarray(~named)


def _goods() -> np.ndarray:
    return np.array([name not in SERVICE_INDUSTRIES for name in INDUSTRIES])


def _pack_lines(base: Base, estimate: FinalDemand) -> PackedLines:
    """Return the lines, the Union's split by the US imports of the estimate."""
    members = find_members(base.regions)
    weight = base.icio.trade[base.usa, members] + estimate.final[base.usa, members]
    return pack_table(base.lines, members, weight)


def _build_aim(base: Base, structure: WorldOf2022, tariff: Cube, packed: PackedLines) -> MoveTarget:
    growth = base.gdp(2024) / base.gdp(2022)
    prior = structure.flows * np.sqrt(growth[:, None] * growth[None, :])[:, :, None]
    fixed = np.zeros(prior.shape, dtype=bool)
    goods, usa = _goods(), base.usa
    value = packed.by_cell(len(base.regions), len(INDUSTRIES))
    for seller in np.flatnonzero(value.sum(axis=1) > 0):
        fixed[usa, seller, goods] = True
        prior[usa, seller, goods] = value[seller, goods]
    deficit = build_deficits(base.regions, base.figures)
    exports = latest_by_region(base.figures, base.regions, "exports")
    exports[np.isin(base.regions, HUBS)] = np.nan
    return MoveTarget(
        prior=prior,
        final=structure.final * growth[:, None],
        fixed=fixed,
        tariff=tariff,
        beta=structure.beta,
        gamma=structure.gamma,
        value_added=structure.value_added * growth,
        deficit=deficit,
        exports=exports,
    )


def _published(base: Base) -> tuple[np.ndarray, np.ndarray]:
    exports, imports = (
        latest_by_region(base.figures, base.regions, what) for what in ("exports", "imports")
    )
    return exports, imports


def _store_arrays(aim: MoveTarget, moved: Moved) -> dict[str, np.ndarray]:
    flows, tariff = moved.flows.copy(), aim.tariff.copy()
    flows[aim.fixed], tariff[aim.fixed] = 0.0, 0.0
    total = aim.gamma.sum(axis=1, keepdims=True)
    mix = np.divide(aim.gamma, total, out=np.zeros_like(aim.gamma), where=total > 0)
    return {
        "flows": flows.astype(np.float32),
        "tariff": np.rint(tariff / RATE_STEP).astype(np.int32),
        "value_added_share": aim.beta.astype(np.float32),
        "input_mix": mix.astype(np.float32),
    }


def _build_macro(raw: Path, base: Base) -> tuple[MacroFigure, ...]:
    known = (*base.wiod.regions, *OTHER_CURRENCIES)
    regions = tuple(region for region in base.regions if region in known)
    return (*build_macro(raw, regions, base.figures), *build_external(raw))


OTHER_CURRENCIES = ("HKG", "ISL", "ISR", "MYS", "NZL", "PHL", "SGP", "THA", "ZAF")
"""Economies outside the older table whose currency the European Central Bank quotes."""


def _build_meta(
    name: str,
    base: Base,
    sets: Mapping[str, np.ndarray],
    scale: np.ndarray,
    *,
    notes: list[str],
) -> dict[str, Any]:
    return {
        "name": name,
        "base_year": 2022,
        "price_year": 2024,
        "regions": list(base.regions),
        "sectors": list(INDUSTRIES),
        "services": list(SERVICE_INDUSTRIES),
        "sector_groups": {key: list(names) for key, names in INDUSTRY_GROUPS.items()},
        "region_names": {region: ALL_REGION_NAMES[region] for region in base.regions},
        "sector_names": {**INDUSTRY_NAMES, **{key: SECTOR_NAMES[key] for key in INDUSTRY_GROUPS}},
        "lines_importer": IMPORTER,
        "default_elasticities": DEFAULT_SET,
        "elasticities": {key: values.tolist() for key, values in sets.items()},
        "scale_elasticity": scale.tolist(),
        "sources": [asdict(source) for source in read_wide_sources()],
        "notes": [*notes, *NOTES],
        "adjustments": [],
    }


NOTES: tuple[str, ...] = tuple(
    """\
value added of 2024 is that of 2022 times GDP of 2024 over GDP of 2022, current USD
value added is at basic prices: taxes on final products are left out, so it is below GDP
trade deficits are imports less exports of 2024 (Taiwan: 2023); the rest of the world takes the rest
exports of 2024 count softly; those of places of transit (Hong Kong, Singapore, ...) do not count
US imports from EU members but Slovakia: the EU total split by the estimate for 2022
US imports under chapters 98 and 99 are spread over the manufactures of their exporter
sector households has no inputs and no output in ten economies; it is kept, and nobody trades it
Taiwan's GDP of 2024 (782.4 bn USD) was written from memory and is graded U
partners outside the table of 50 countries are missing from US imports of the rest of the world
""".splitlines()
)
