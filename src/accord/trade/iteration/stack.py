"""From the members of a batch to the arrays of its lanes.

Only importers whose trade costs differ among the members need cubes of their own. All others share
one, so that a product with it is one matrix product for all lanes.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np

from accord.core.arrays import Bool, Float, Int
from accord.core.precision import enter_solve
from accord.trade.config import TradeConfig
from accord.trade.economy import Economy
from accord.trade.iteration.prepare import form_cubes, money_of, prepare_baseline
from accord.trade.iteration.state import OWN, Baseline, Kernel, Lanes, MoneyChange, State
from accord.trade.iteration.taxes import read_taxes
from accord.trade.plan import TradeShock

ROWS = (2, 8)  # own rows of importers: few sizes, so that few programs are compiled

Row = Bool[np.ndarray, " importer"]


class Member(NamedTuple):
    """One equilibrium of a batch: its baseline, what changes, how it is solved, where it begins."""

    model: Economy
    shock: TradeShock
    config: TradeConfig
    start: State | None = None


def is_alike(member: Member, other: Member) -> bool:
    """Whether two members can be solved by one program, side by side.

    They have the shares of one world and settings of one kind. Their elasticities may differ, and
    so may their strength of scale economies and the elasticity of labour supply.
    """
    a, b = member.model, other.model
    same = all(
        _same(getattr(a, name), getattr(b, name))
        for name in ("final_share", "value_added_share", "input_share", "trade_share", "tariff")
    )
    kinds = _kind(member) == _kind(other)
    return same and _same(a.member, b.member) and kinds


def _kind(member: Member) -> tuple[object, ...]:
    config = member.config
    return (
        config.closure == "share", config.competition, config.scale_of,
        config.labour_elasticity > 0, config.tolerance, config.max_steps, _is_apart(member),
    )  # fmt: skip


def _is_apart(member: Member) -> bool:
    """Whether a member is solved apart.

    Lanes know neither taxes nor what revenue is for, duties only on prices with freight, and no
    fixed costs that are paid in markets.
    """
    taxed = read_taxes(member.model, member.shock) is not None
    config = member.config
    duties = config.charges_cost or config.customs_value == "fob"
    fixed_costs = member.model.substitution is not None
    return (
        taxed
        or duties
        or fixed_costs
        or member.model.labour_tax is not None
        or (config.revenue_use != "lump_sum")
    )


def _same(first: np.ndarray, second: np.ndarray) -> bool:
    return first is second or np.array_equal(first, second)


def portions(
    members: Sequence[Member],
) -> Iterator[tuple[list[int], Int[np.ndarray, " row"] | None]]:
    """Yield positions of members that share most of their cubes, and the rows that they do not.

    Members with other elasticities share the rows of importers whose trade costs are those of the
    baseline. If those are few, members of each elasticity are taken apart. Rows are None where
    members share too little to gain anything.
    """
    everyone = list(range(len(members)))
    rows = own_rows(members)
    if rows is not None:
        yield everyone, rows
        return
    by_elasticity: dict[bytes, list[int]] = {}
    for at, member in enumerate(members):
        by_elasticity.setdefault(member.model.elasticity.tobytes(), []).append(at)
    for some in by_elasticity.values():
        yield some, own_rows([members[at] for at in some]) if len(by_elasticity) > 1 else None


def own_rows(members: Sequence[Member]) -> Int[np.ndarray, " row"] | None:
    """Return the importers whose rows of the cubes differ among members; None where most do.

    Their number is padded with others, to one of a few.
    """
    first = members[0]
    if _is_apart(first):
        return None
    alike = all(_same(m.model.elasticity, first.model.elasticity) for m in members)
    reference = first.shock if alike else TradeShock()
    differs = np.zeros(len(first.model.regions), dtype=bool)
    seen: set[tuple[int, ...]] = set()
    for _, shock, _, _ in members:
        key = tuple(id(part) for part in (shock.tariff, shock.trade_cost, shock.productivity))
        if key not in seen:
            seen.add(key)
            differs |= _moved(first.model, shock, reference)
    for size in ROWS:
        if differs.sum() <= size < differs.size / 2:
            return np.sort(np.argsort(~differs, kind="stable")[:size])
    return None


def _moved(model: Economy, shock: TradeShock, other: TradeShock) -> Row:
    """Return the importers at which trade costs after one shock are not those after the other."""
    moved = np.zeros(len(model.regions), dtype=bool)
    still: dict[str, Any] = {"tariff": model.tariff, "trade_cost": 1.0, "productivity": 1.0}
    for name, baseline in still.items():
        a, b = (getattr(change, name) for change in (shock, other))
        if a is b:
            continue
        differs = np.not_equal(baseline if a is None else a, baseline if b is None else b)
        moved |= differs.any() if name == "productivity" else differs.any(axis=(1, 2))
    return moved


def stack(
    members: Sequence[Member], rows: Int[np.ndarray, " row"], room: int
) -> tuple[Kernel, Float[np.ndarray, "member state"]]:
    """Return the kernels of members side by side, and where each begins.

    Raises:
        InputError: In a process forked from one that has solved.
    """
    enter_solve()
    first = members[0]
    N, J = first.model.sales.shape
    A, B = (np.zeros((J, len(rows), N, room)) for _ in range(2))
    start = np.zeros((room, N + 2 * N * J))
    formed: dict[tuple[int, ...], tuple[np.ndarray, np.ndarray]] = {}
    for at, (model, shock, config, state) in enumerate(members):
        key = (id(model), id(shock.tariff), id(shock.trade_cost))
        if key not in formed:
            formed[key] = form_cubes(model, shock, rows=rows)
        A[..., at], B[..., at] = formed[key]
        start[at] = np.asarray(model.start(config) if state is None else state)
    shared_A, shared_B = form_cubes(first.model, first.shock)
    shared_A[:, rows] = shared_B[:, rows] = 0.0
    lanes = Lanes(
        jnp.asarray(A),
        jnp.asarray(B),
        place=jnp.asarray((np.arange(N)[:, None] == rows).astype(float)),
        sold=jnp.asarray(np.ascontiguousarray(shared_B.swapaxes(1, 2))),
        passed=jnp.asarray(np.ascontiguousarray(first.model.input_share.swapaxes(1, 2))),
    )
    base, change = _join(members, room)
    return Kernel(base, change, jnp.asarray(shared_A), jnp.asarray(shared_B), lanes), start


def _join(members: Sequence[Member], room: int) -> tuple[Baseline, MoneyChange]:
    """Return baselines and changes of money with the member as the last axis, padded to `room`."""
    made: dict[tuple[int, TradeConfig], Baseline] = {}
    for model, _, config, _ in members:
        if (id(model), config) not in made:
            made[id(model), config] = prepare_baseline(model, config)
    bases = [made[id(member.model), member.config] for member in members]
    own = {name: _beside([getattr(base, name) for base in bases], room) for name in OWN}
    first = bases[0]
    own["beta"] = first.beta[..., None]
    if first.m is not None:  # the share of wages, which markups decide
        own["beta"] = _beside([base.beta for base in bases], room)
    base = first._replace(alpha=first.alpha[..., None], **own)
    changes = [money_of(m.model, m.shock, m.config) for m in members]
    if any(placed is not None for _, _, placed in changes):
        none = np.zeros(first.Y.shape)
        changes = [
            (fixed, share, none if placed is None else placed) for fixed, share, placed in changes
        ]
    return base, MoneyChange(*(_beside(part, room) for part in zip(*changes, strict=True)))


def _beside(arrays: Sequence[Any], room: int) -> Any:
    """Return arrays side by side along a last axis, the last one repeated; None for none."""
    if arrays[0] is None:
        return None
    table = np.stack([np.atleast_1d(np.asarray(array)) for array in arrays], axis=-1)
    return jnp.asarray(
        np.pad(table, [(0, 0)] * (table.ndim - 1) + [(0, room - len(arrays))], mode="edge")
    )
