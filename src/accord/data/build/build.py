"""Building the embedded world from the folder of raw files; the same files give the same bytes."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, astuple, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from accord.core.arrays import Bool, Float
from accord.core.files import write_atomically
from accord.data.accounts import build_absorption, build_final_demand, build_sales
from accord.data.build import readers
from accord.data.build.adjustments import build_adjustments
from accord.data.build.classify import CATEGORY_OF_GROUP, CATEGORY_OF_TABLE
from accord.data.build.elasticities import (
    DEFAULT_SET,
    build_elasticities,
    build_scale_elasticities,
)
from accord.data.build.external import EWN_FILE, build_external
from accord.data.build.frames import check_extra, check_files
from accord.data.build.macro import build_deficits, build_growth, build_macro
from accord.data.build.preferences import add_preferences, read_preferences
from accord.data.build.rebase import Rebased, Target, rebase_flows
from accord.data.build.tariffs import CorrectedTariffs, correct_tariffs
from accord.data.build.us_lines import IMPORTER, build_us_lines
from accord.data.files.saving import pack_arrays
from accord.data.labels import REGION_NAMES, SECTOR_NAMES, SECTORS
from accord.data.lines.lines import GROUPS
from accord.data.lines.packing import PackedLines, unpack_lines
from accord.data.records import Adjustment, Check
from accord.data.store import OLDER_WORLD, RATE_STEP, build_from_store, insert_lines

Cube = Float[np.ndarray, "importer exporter sector"]
FINAL_FLOOR = 1e-4
"""Final demand under this share of spending is replaced by the final column of the raw table."""
CATEGORY_TOLERANCE = 0.001
"""bn USD: one million."""

RAW_FILES = (
    readers.WIOD_FILE,
    readers.CENSUS_FILE,
    readers.CATEGORY_FILE,
    readers.MFN_FILE,
    readers.GTAP_FILE,
    readers.FONTAGNE_FILE,
    readers.CP2015_FILE,
    readers.ECB_FILE,
    readers.FRED_FILE,
    EWN_FILE,
)


@dataclass(frozen=True)
class BuildReport:
    """What a build wrote and found: files, size in bytes, digest, checks, adjustments."""

    files: tuple[Path, ...]
    size: int
    sha256: str
    steps: int
    residual: float
    checks: tuple[Check, ...]
    adjustments: tuple[Adjustment, ...]
    notes: tuple[str, ...]

    def text(self) -> str:
        """Return the report as plain lines."""
        lines = [f"wrote {path.name}" for path in self.files]
        lines.append(f"{self.size:,} bytes, sha256 {self.sha256}")
        lines.append(f"rebased in {self.steps} steps, relative residual {self.residual:.1e}")
        lines += [
            f"{'ok  ' if row.ok else 'FAIL'} {row.name}: {row.value:.2e} ({row.tolerance:.0e})"
            for row in self.checks
        ]
        for row in self.adjustments:
            where = " ".join(part for part in (row.region, row.sector) if part)
            lines.append(f"{row.what} {where}: {row.before:.6g} -> {row.after:.6g} {row.unit}")
        return "\n".join([*lines, *self.notes])


def build_world(raw: Path, out: Path, name: str = OLDER_WORLD) -> BuildReport:
    """Return the report of building the embedded world from the raw folder into `out`.

    Raises:
        InputError: Raw files are missing, or the extra `build` is not installed.
        OutputError: `out` cannot be written.
    """
    check_extra()
    check_files(raw, RAW_FILES)
    wiod = readers.read_wiod_2014(raw / readers.WIOD_FILE)
    figures = readers.read_figures()
    growth = build_growth(wiod.regions, figures)
    packed = build_us_lines(raw, wiod, growth)
    stored_lines = packed.pack()
    corrected = add_preferences(correct_tariffs(wiod), wiod, read_preferences())
    deficit = build_deficits(wiod.regions, figures)
    target, notes = build_target(wiod, growth, deficit, stored_lines, corrected=corrected)
    rebased = rebase_flows(target)
    sets, set_notes = build_elasticities(raw, wiod)
    arrays = {**_store_arrays(wiod, target, rebased), **stored_lines}
    meta = _build_meta(name, wiod, sets, notes + set_notes)
    macro = (*build_macro(raw, wiod.regions, figures), *build_external(raw))
    meta["macro"] = [asdict(row) for row in macro]
    world = build_from_store(meta, arrays)
    home = wiod.regions.index(IMPORTER)
    rows = build_adjustments(wiod, target.prior, world, home, corrected=corrected.adjustments)
    meta["adjustments"] = [list(astuple(row)) for row in rows]
    data = pack_arrays(arrays)
    meta["arrays_sha256"] = hashlib.sha256(data).hexdigest()
    meta["sha256"] = world.sha256
    text = json.dumps(meta, ensure_ascii=False, indent=None, separators=(",", ":")) + "\n"
    files = (
        write_atomically(out / f"{name}.npz", data),
        write_atomically(out / f"{name}.json", text.encode()),
    )
    return BuildReport(
        files=files,
        size=len(data) + len(text.encode()),
        sha256=world.sha256,
        steps=rebased.steps,
        residual=rebased.residual,
        checks=(*world.checks(), *check_categories(raw, packed)),
        adjustments=rows,
        notes=tuple(meta["notes"]),
    )


def build_target(
    wiod: readers.Wiod,
    growth: Float[np.ndarray, " region"],
    deficit: Float[np.ndarray, " region"],
    stored_lines: Mapping[str, np.ndarray],
    *,
    corrected: CorrectedTariffs,
) -> tuple[Target, list[str]]:
    """Return what the rebased flows must satisfy (bn USD), and notes on what was replaced."""
    tariff = corrected.tariff.copy()
    sales = build_sales(wiod.flows)
    spending = build_absorption(wiod.flows, tariff)
    final = build_final_demand(spending, wiod.input_share, sales)
    weak = (final <= FINAL_FLOOR * spending) & (spending > 0)
    final = np.where(weak, np.minimum(wiod.final.sum(axis=1), spending), final)
    prior = wiod.flows * np.sqrt(growth[:, None] * growth[None, :])[:, :, None]
    lines = unpack_lines(stored_lines, IMPORTER)
    insert_lines(prior, tariff, lines, regions=wiod.regions, sectors=SECTORS)
    target = Target(
        prior=prior,
        final_prior=final * growth[:, None],
        fixed=_fixed_cells(wiod.regions),
        tariff=tariff,
        beta=wiod.value_added_share,
        gamma=wiod.input_share,
        value_added=(wiod.value_added_share * sales).sum(axis=1) * growth,
        deficit=deficit,
    )
    cells = [f"{wiod.regions[n]} {SECTORS[j]}" for n, j in np.argwhere(weak)]
    return target, [
        *corrected.notes,
        "final demand not positive in 2014, prior taken from the final column of the table: "
        + ", ".join(cells),
    ]


def _fixed_cells(regions: tuple[str, ...]) -> Bool[np.ndarray, "importer exporter sector"]:
    home = regions.index(IMPORTER)
    fixed = np.zeros((len(regions), len(regions), len(SECTORS)), dtype=bool)
    fixed[home, :, : SECTORS.index("services")] = True
    fixed[home, home] = False
    return fixed


def _store_arrays(wiod: readers.Wiod, target: Target, rebased: Rebased) -> dict[str, np.ndarray]:
    home = wiod.regions.index(IMPORTER)
    flows, tariff = rebased.flows.copy(), target.tariff.copy()
    from_lines = target.fixed
    flows[from_lines], tariff[from_lines] = 0.0, 0.0
    tariff[home, home] = 0.0
    mix = np.divide(
        wiod.input_share,
        wiod.input_share.sum(axis=1, keepdims=True),
        out=np.zeros_like(wiod.input_share),
        where=wiod.input_share.sum(axis=1, keepdims=True) > 0,
    )
    return {
        "flows": flows.astype(np.float32),
        "tariff": np.rint(tariff / RATE_STEP).astype(np.int32),
        "value_added_share": wiod.value_added_share.astype(np.float32),
        "input_mix": mix.astype(np.float32),
    }


def _build_meta(
    name: str, wiod: readers.Wiod, sets: Mapping[str, np.ndarray], notes: list[str]
) -> dict[str, Any]:
    return {
        "name": name,
        "base_year": 2014,
        "price_year": 2024,
        "regions": list(wiod.regions),
        "sectors": list(SECTORS),
        "region_names": {region: REGION_NAMES[region] for region in wiod.regions},
        "sector_names": dict(SECTOR_NAMES),
        "lines_importer": IMPORTER,
        "default_elasticities": DEFAULT_SET,
        "elasticities": {key: values.tolist() for key, values in sets.items()},
        "scale_elasticity": build_scale_elasticities(wiod).tolist(),
        "sources": [asdict(source) for source in readers.read_sources()],
        "notes": [*notes, *NOTES],
        "adjustments": [],
    }


NOTES: tuple[str, ...] = tuple(
    """\
value added of 2024 is value added of 2014 times GDP of 2024 over GDP of 2014, current USD
trade deficits are imports less exports of 2024 (Taiwan: 2023); the rest of the world takes the rest
US imports from EU members but Slovakia: the EU total split by 2014 US imports times GDP growth
US imports under chapters 98 and 99 are spread over the manufactures of their exporter
tariffs of importers other than the United States: those of 2014, less the preferences named above
US GDP of 2024 is 29184.9 bn USD of the release of July 2025; later ones print 28751.0
Taiwan's GDP of 2024 (782.4 bn USD) was written from memory and is graded U
partners outside the table of 50 countries are missing from US imports: about 50 bn USD
""".splitlines()
)


def check_categories(raw: Path, packed: PackedLines) -> tuple[Check, ...]:
    """Return, by tariff category, how far the lines are from the precomputed table, bn USD."""
    wanted: dict[str, float] = {}
    for name, value in readers.read_census_categories(raw / readers.CATEGORY_FILE).items():
        category = CATEGORY_OF_TABLE.get(name, name)
        wanted[category] = wanted.get(category, 0.0) + value
    got = dict.fromkeys(wanted, 0.0)
    for place, group in enumerate(GROUPS):
        got[CATEGORY_OF_GROUP[group]] += float(packed.imports[packed.group == place].sum())
    return tuple(
        Check(
            f"lines agree with the category table: {category} (bn USD)",
            abs(got[category] - wanted[category]),
            CATEGORY_TOLERANCE,
            abs(got[category] - wanted[category]) <= CATEGORY_TOLERANCE,
        )
        for category in sorted(wanted)
    )
