"""The verb of the assessment room: a deal and a world in, an assessment out, in one explicit order.

For each package: the money clauses become plans, which are solved first; what they pay in an
average year and the tariffs become a shock, which is solved with its transfer and without it (so
that each has its own part of the result), then again with every other elasticity set.
"""

import shlex
import sys
from dataclasses import replace
from functools import partial
from importlib import metadata
from typing import NamedTuple

import numpy as np

from accord.assessment.result import Assessment, PackageResult
from accord.assessment.settings import AssessSettings
from accord.assessment.snapshot.external import solve_package_external
from accord.assessment.snapshot.finance import solve_package_finance
from accord.core.arguments import check_kind
from accord.core.errors import SolveError
from accord.core.status import Status
from accord.data.store import load_world
from accord.data.world import World
from accord.deal.deal import Deal
from accord.deal.load import check_deal, given_as
from accord.lowering.trade import build_trade_model, lower_package, with_elasticity
from accord.lowering.transfers import yearly_transfers
from accord.trade.model import TradeModel
from accord.trade.solver import solve_trade


def assess(
    deal: Deal,
    *,
    world: World | None = None,
    settings: AssessSettings | None = None,
    throw: bool = True,
) -> Assessment:
    """Return what every package does to every region, against no deal and the baseline.

    Args:
        deal: A deal, as `load_deal` gives it.
        world: The baseline; the embedded world of 2024 if left out.
        settings: Closure, market structure, labour, elasticities, and events declared to have
            happened.
        throw: Raise when an equilibrium is not found, rather than return its status; figures that
            rest on it are then NaN.

    Raises:
        InputError: The deal names something the world lacks, or a setting is unknown.
        SolveError: An equilibrium was not found and `throw` is true.
    """
    check_kind("deal", deal, Deal, "Load it first: ac.load_deal(name or path)")
    world = load_world() if world is None else world
    check_kind("world", world, World, "Give ac.load_world() or an ac.World of your own")
    settings = AssessSettings() if settings is None else settings
    check_kind("settings", settings, AssessSettings, 'Give ac.AssessSettings(closure="share", ...)')
    settings = settings.for_world(world, deal.triggers)
    check_deal(deal, world)
    model = build_trade_model(world, str(settings.elasticities))
    if settings.closure == "balanced":
        model = _balance(model, settings, throw=throw)
    others = [name for name in world.elasticities if name != settings.elasticities]
    variants = tuple(
        with_elasticity(model, world.elasticities[name])
        for name in (others if settings.ranges and settings.competition == "perfect" else ())
    )
    run = _Run(deal, world, settings, model, variants, throw)
    results = tuple(_assess_package(run, name) for name in deal.package_names)
    return Assessment(deal, world, settings, model, results, _reproduce(deal, world, settings))


def _balance(model: TradeModel, settings: AssessSettings, *, throw: bool) -> TradeModel:
    """Return the baseline of every table and every variant: the model with its deficits closed.

    If there is none and errors are not wanted, the model itself: no package solves from it.
    """
    try:
        return model.balance(settings.trade)
    except SolveError:
        if throw:
            raise
        return model


class _Run(NamedTuple):
    deal: Deal
    world: World
    settings: AssessSettings
    model: TradeModel
    variants: tuple[TradeModel, ...]
    throw: bool


def _assess_package(run: _Run, name: str) -> PackageResult:
    finance = solve_package_finance(run.deal, [name], run.settings.finance)
    external = solve_package_external(
        run.deal, [name], run.world, money=finance, config=run.settings.external
    )
    transfers = tuple(
        transfer
        for one in finance
        for transfer in yearly_transfers(one.pair, one.solution, run.deal.window)
    )
    shock = lower_package(run.deal, name, run.world, transfers, triggered=run.settings.triggered)
    solve = partial(solve_trade, config=run.settings.trade, throw=run.throw)
    solution = solve(run.model, shock)
    whole = (solution, *(solve(model, shock) for model in run.variants))
    alone = whole
    if shock.transfer is not None:
        bare = replace(shock, transfer=None)
        alone = tuple(solve(model, bare) for model in (run.model, *run.variants))
    gains, tariff_gains = (
        np.stack([one.value.welfare * one.model.income for one in group])
        for group in (whole, alone)
    )
    status = next((one.status for one in (*whole, *alone) if not one.status.ok), Status.CONVERGED)
    return PackageResult(
        name, finance, external, transfers, solution, alone[0], gains, tariff_gains, status
    )


def _reproduce(deal: Deal, world: World, settings: AssessSettings) -> dict[str, object]:
    """Return what it takes to get the same numbers again."""
    words = {
        "elasticities": settings.elasticities, "closure": settings.closure,
        "competition": settings.competition, "labour": settings.labour,
        "scale_strength": settings.scale_strength, "paths": settings.paths,
        "draws": settings.draws, "seed": settings.seed,
    }  # fmt: skip
    standard = AssessSettings().for_world(world)
    changed: dict[str, object] = {
        key: value for key, value in words.items() if getattr(standard, key) != value
    }
    options = "".join(f" --{key.replace('_', '-')} {value}" for key, value in changed.items())
    options += "".join(f" --trigger {shlex.quote(name)}" for name in settings.triggered)
    if not settings.ranges:
        changed["ranges"] = False
    if settings.triggered:
        changed["triggered"] = settings.triggered
    given = ", ".join(f"{key}={value!r}" for key, value in changed.items())
    argument = f", settings=ac.AssessSettings({given})" if given else ""
    case, own = given_as(deal), world != load_world()
    passed = ", world=world" if own else ""
    lines = ["import accord as ac"]
    if own:
        lines.append(f"# world: the one passed by you, {world.name}")
    lines.append(
        f"# deal: the one passed by you, {deal.name}"
        if case is None
        else f"deal = ac.load_deal({case!r}{passed})"
    )
    lines.append(f"result = ac.assess(deal{passed}{argument})")
    command = f"accord assess {shlex.quote(case or '')}{options}"
    return {
        **({} if own or case is None or not settings.ranges else {"command": command}),
        "python": (*lines, "print(result.summary())"),
        "deal sha256": deal.sha256,
        "world": {"name": world.name, "sha256": world.sha256},
        "versions": {
            "accord": metadata.version("accord-workbench"),
            "jax": metadata.version("jax"),
            "numpy": metadata.version("numpy"),
            "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        },
    }
