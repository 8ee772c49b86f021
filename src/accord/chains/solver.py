"""Solving the chains engine: from accounts to exposures, contents of trade and lengths."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np

from accord.chains import equations as eq
from accord.chains.config import ChainsConfig
from accord.chains.exports import CellAccounts, decompose_exports
from accord.chains.plan import ChainsPlan
from accord.chains.solution import ChainsOutcome, ChainsSolution, ChainsStats
from accord.core.arguments import check_kind, public
from accord.core.errors import SolveError
from accord.core.status import Status


@public
def solve_chains(
    plan: ChainsPlan, config: ChainsConfig | None = None, *, throw: bool = True
) -> ChainsSolution:
    """Return what stands behind each country's trade (docs/theory/chains.md).

    Args:
        plan: CellAccounts: a table, or `ChainsPlan.from_equilibrium` of a solved world.
        config: Largest residual of an identity that is accepted.
        throw: Raise `SolveError` where one is above it, rather than return the status.

    Raises:
        InputError: An argument is no plan or no configuration.
        SolveError: The accounts have no inverse and `throw` is true.
    """
    check_kind("plan", plan, ChainsPlan, "Make one: ChainsPlan.from_equilibrium(...)")
    config = ChainsConfig() if config is None else config
    check_kind("config", config, ChainsConfig, "Give ChainsConfig(tolerance=1e-9), or leave it")
    accounts = _read_accounts(plan)
    is_solved = bool(np.isfinite(accounts.inverse).all())
    value = _collect(plan, accounts if is_solved else _without_inputs(accounts))
    residuals = _find_residuals(plan, accounts, value)
    worst = float(np.max([*residuals.values()]))
    status = Status.CONVERGED if worst <= config.tolerance else Status.DIVERGED
    if not status.ok:
        if throw:
            raise SolveError(status, f"the chains (residual {worst:.1e})")
        value = _blank(value)
    stats = ChainsStats(len(plan.regions), len(plan.sectors), int((plan.output > 0).sum()))
    return ChainsSolution(plan, value, status, residuals, stats)


def _read_accounts(plan: ChainsPlan) -> CellAccounts:
    """Return the accounts by cell, their coefficients and the inverse."""
    regions, cells = len(plan.regions), plan.output.size
    output = plan.output.ravel()
    use = plan.use.reshape(cells, cells)
    coefficients = eq.input_coefficients(use, output)
    room = output - plan.inputs.ravel()
    made = room if plan.value_added is None else plan.value_added.ravel()
    share, left = (
        np.divide(money, output, out=np.zeros(cells), where=output > 0)
        for money in (made, room - made)
    )
    return CellAccounts(
        coefficients=coefficients,
        inverse=eq.leontief_inverse(coefficients),
        share=share,
        duty=left,
        final=plan.final.reshape(cells, regions),
        use=plan.use.sum(axis=3).reshape(cells, regions),
        regions=regions,
    )


def _without_inputs(accounts: CellAccounts) -> CellAccounts:
    """Return accounts of the same shape that have an inverse, to form a result of no numbers."""
    blank = np.zeros_like(accounts.coefficients)
    return accounts._replace(coefficients=blank, inverse=eq.leontief_inverse(blank))


def _collect(plan: ChainsPlan, accounts: CellAccounts) -> ChainsOutcome:
    regions, sectors = len(plan.regions), len(plan.sectors)
    cells = (regions, sectors)
    by_user = (regions, regions, sectors)
    imports = (accounts.use + accounts.final).reshape(regions, sectors, regions).transpose(2, 0, 1)
    imports = np.where(np.eye(regions, dtype=bool)[:, :, None], 0.0, imports)
    whole = imports.sum(axis=1, keepdims=True)
    share = np.divide(imports, whole, out=np.zeros_like(imports), where=whole > 0)
    weighted = (accounts.share[:, None] * accounts.inverse).reshape(regions, sectors, -1)
    paid = accounts.duty @ accounts.inverse
    return ChainsOutcome(
        output=plan.output,
        imports=imports,
        import_share=share,
        concentration=eq.concentration(share),
        direct=eq.direct_exposure(accounts.coefficients, regions).reshape(by_user),
        look_through=eq.look_through_exposure(accounts.inverse, regions).reshape(by_user),
        content=weighted.sum(axis=1).reshape(by_user),
        duty_content=paid.reshape(cells),
        value_added=eq.value_added_by_source(
            accounts.share, accounts.inverse, accounts.final
        ).reshape(regions, sectors, regions),
        duty=paid @ accounts.final,
        exports=decompose_exports(accounts),
        upstreamness=eq.upstreamness(accounts.inverse, plan.output.ravel()).reshape(cells),
        downstreamness=eq.downstreamness(accounts.inverse).reshape(cells),
        inverse=accounts.inverse.reshape(regions, sectors, regions, sectors),
    )


def _find_residuals(
    plan: ChainsPlan, accounts: CellAccounts, value: ChainsOutcome
) -> Mapping[str, float]:
    """Return by how much identities fail, as shares; an inverse has no negative entry."""
    output = plan.output.ravel()
    final = accounts.final.sum(axis=1)
    whole = max(float(output.sum()), 1e-300)
    absorbed = plan.final.sum(axis=(0, 1))
    named = value.value_added.sum(axis=(0, 1)) + value.duty
    gross = value.exports.gross.sum(axis=1)
    parts = value.exports
    split = [parts.kww, parts.by_source.total, parts.by_sink.total]
    return {
        "output covers every use": float(np.abs(accounts.inverse @ final - output).sum()) / whole,
        "no output is negative": max(0.0, -float(accounts.inverse.min())),
        "value added and duty are final use": float(np.abs(named - absorbed).sum()) / whole,
        "parts add up to exports": max(
            float(np.abs(terms.sum(axis=1) - gross).sum()) for terms in split
        ) / whole,
    }  # fmt: skip


def _blank(value: Any) -> Any:
    """Return a result with every number unknown."""
    changes = {
        item.name: _blank(old) if is_dataclass(old) else np.full_like(old, np.nan)
        for item in fields(value)
        for old in (getattr(value, item.name),)
    }
    return replace(value, **changes)
