"""Solving many equilibria of one world at once."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, TypeAlias, TypeVar, cast

import jax.numpy as jnp
import numpy as np

from accord.core.arguments import check_kind, public
from accord.core.arrays import Int
from accord.core.errors import InputError, Problem, SolveError
from accord.core.numerics.ahead import thread_count
from accord.trade.config import TradeConfig
from accord.trade.iteration.lanes import WIDTH, solve_lanes
from accord.trade.iteration.methods import MARGIN, is_met, most_steps, settle
from accord.trade.iteration.prepare import money_of
from accord.trade.iteration.stack import Member, is_alike, portions, stack
from accord.trade.iteration.state import MoneyChange, Sweep
from accord.trade.model import TradeModel
from accord.trade.plan import TradeShock
from accord.trade.solution import SolveStats, TradeSolution
from accord.trade.solver import find_scale_problems, find_shock_problems, solve_trade

FEWEST = WIDTH  # members that are worth a program of lanes, seconds to compile
ROOM = 4 * WIDTH  # members of one call of that program; several calls go at once
LARGE = 500_000  # trade flows of a world from which on one solve has work for all processors

Rows: TypeAlias = Int[np.ndarray, " row"]
Thing = TypeVar("Thing")


@public
def solve_trade_many(
    model: TradeModel | Sequence[TradeModel],
    shocks: Sequence[TradeShock | None],
    *,
    config: TradeConfig | Sequence[TradeConfig] | None = None,
    start: TradeSolution | None = None,
    throw: bool = True,
) -> tuple[TradeSolution, ...]:
    """Return the equilibrium after each of many shocks, in their order, solved side by side.

    Each is what `solve_trade` finds, within the tolerance, and has its own status, residual and
    count of steps. Members that converge make room for others. One whose accelerated steps do not
    reach the tolerance is solved again by `solve_trade`, which has other methods, and spoils no
    other.

    Args:
        model: The calibrated baseline; or one for each shock: the same world with other
            elasticities. Baselines of different worlds are solved apart.
        shocks: What changes; None for no change.
        config: Closure, market structure, labour supply, tolerance; or one for each shock.
        start: A solution of the same world, to begin from (a warm start).
        throw: Raise `SolveError` at the first member without an equilibrium, rather than return its
            status. The `value` of what is then returned for it is NaN throughout.

    Raises:
        InputError: With everything wrong in the shocks.
        SolveError: If some equilibrium was not found and `throw` is true.
    """
    members = _read(model, shocks, config, start)
    solutions: dict[int, TradeSolution] = {}
    for chunk in _chunks(members, start):
        solutions |= chunk
        for at in sorted(chunk) if throw else ():
            if not chunk[at].status.ok:
                what = f"the trade equilibrium of shocks[{at}]"
                detail = f"{what} (residual {chunk[at].residual:.1e})"
                raise SolveError(chunk[at].status, detail)
    return tuple(solutions[at] for at in range(len(members)))


def _read(
    model: TradeModel | Sequence[TradeModel],
    shocks: Sequence[TradeShock | None],
    config: TradeConfig | Sequence[TradeConfig] | None,
    start: TradeSolution | None,
) -> list[Member]:
    """Return the members of the batch, everything checked.

    Raises:
        InputError: With everything wrong in any of them; what occurs twice is looked at once.
    """
    check_kind("shocks", shocks, (list, tuple), "Give a list of TradeShock, or None for no change")
    count = len(shocks)
    models = _one_each("model", model, TradeModel, count)
    configs = _one_each("config", TradeConfig() if config is None else config, TradeConfig, count)
    if start is not None:
        check_kind("start", start, TradeSolution, "Give what ac.solve_trade returned, or None")
    nothing = TradeShock()
    members, problems, seen = [], list[Problem](), set[tuple[int, int, int]]()
    for at, (economy, shock, how) in enumerate(zip(models, shocks, configs, strict=True)):
        remedy = "Say what changes: ac.TradeShock(tariff=...)"
        check_kind(f"shocks[{at}]", shock, (TradeShock, type(None)), remedy)
        warm = None if start is None else start.state_under(how)
        member = Member(economy, nothing if shock is None else shock, how, warm)
        members.append(member)
        key = (id(economy), id(member.shock), id(how))
        if key in seen:
            continue
        seen.add(key)
        problems += [
            replace(problem, path=problem.path.replace("shock", f"shocks[{at}]", 1))
            for problem in find_shock_problems(economy, member.shock, how)
        ]
        problems += find_scale_problems(economy, how)
    if problems:
        raise InputError(problems, "the shocks")
    return members


def _one_each(name: str, given: Any, kind: type[Thing], count: int) -> list[Thing]:
    """Return one thing for each shock, from one for all of them or a list.

    Raises:
        InputError: It is neither, or the list has another length.
    """
    if not isinstance(given, (list, tuple)):
        check_kind(
            name, given, kind, f"Give one {kind.__name__}, or a list with one for each shock"
        )
        return [given] * count
    for at, thing in enumerate(given):
        check_kind(f"{name}[{at}]", thing, kind, f"Give a list of {kind.__name__}")
    if len(given) != count:
        message = f"{len(given)} are given for {count} shocks"
        remedy = f"Give one {kind.__name__} for each shock, or one for all"
        raise InputError([Problem(name, message, remedy)], "the call")
    return list(given)


def _chunks(
    members: Sequence[Member], start: TradeSolution | None
) -> Iterator[dict[int, TradeSolution]]:
    """Yield solutions by position of the member: what one program solves side by side, at once."""
    groups, lonely = list[list[int]](), list[int]()
    closed: dict[int, Member] = {}
    for at, member in enumerate(members):
        balanced = _close(member)
        if balanced is None:
            lonely.append(at)
            continue
        closed[at] = balanced
        alike = (group for group in groups if is_alike(closed[group[0]], closed[at]))
        group = next(alike, None)
        if group is None:
            groups.append([at])
        else:
            group.append(at)
    together = list[tuple[list[int], Rows]]()
    for group in groups:
        for portion, rows in portions([closed[at] for at in group]):
            some = [group[at] for at in portion]
            if rows is None or len(some) < FEWEST:
                lonely += some
                continue
            together += [(some[at : at + ROOM], rows) for at in range(0, len(some), ROOM)]

    def solve(some: list[int], rows: Rows) -> dict[int, TradeSolution]:
        reached = _side_by_side([closed[at] for at in some], rows)
        return {
            at: _alone(members[at], start) if solution is None else solution
            for at, solution in zip(some, reached, strict=True)
        }

    yield from _at_once(solve, together, threads=_threads_for(members))
    yield from _each_alone(members, lonely, start)


def _close(member: Member) -> Member | None:
    """Return a member whose deficits are closed, if its closure says so; None if none are found."""
    model, config = cast("TradeModel", member.model), member.config
    if config.closure == "balanced" and np.any(model.deficit != 0):
        try:
            return member._replace(model=model.balance(config))
        except SolveError:
            return None  # with its deficits a lane would find what nobody asked for
    return member


def _each_alone(
    members: Sequence[Member], lonely: Sequence[int], start: TradeSolution | None
) -> Iterator[dict[int, TradeSolution]]:
    """Yield the solutions of members that go side by side with no other, several at a time."""

    def solve(at: int) -> dict[int, TradeSolution]:
        return {at: _alone(members[at], start)}

    yield from _at_once(solve, [(at,) for at in lonely], threads=_threads_for(members))


def _threads_for(members: Sequence[Member]) -> int:
    """Return how many solves go at once; one in a large world has all processors to itself."""
    largest = max((member.model.flows.size for member in members), default=0)
    return 1 if largest > LARGE else thread_count()


def _at_once(
    solve: Callable[..., dict[int, TradeSolution]],
    jobs: Sequence[tuple[Any, ...]],
    *,
    threads: int,
) -> Iterator[dict[int, TradeSolution]]:
    """Yield what `solve` returns for each job, in order, several at a time.

    A solve lets go of the interpreter most of the time. No job depends on how many there are.
    """
    if min(threads, len(jobs)) < 2:
        yield from (solve(*job) for job in jobs)
        return
    with ThreadPoolExecutor(threads) as pool:
        yield from pool.map(lambda job: solve(*job), jobs)


def _alone(member: Member, start: TradeSolution | None) -> TradeSolution:
    """Return the solution of one member, with every method there is."""
    model = cast("TradeModel", member.model)
    return solve_trade(model, member.shock, config=member.config, start=start, throw=False)


def _side_by_side(members: Sequence[Member], rows: Rows) -> list[TradeSolution | None]:
    """Return the solutions of members that accelerated steps solve, and None for the others."""
    config = members[0].config
    kernel, start = stack(members, rows, ROOM)
    ended = solve_lanes(
        kernel, start, len(members), MARGIN * config.tolerance, max_steps=most_steps(config)
    )
    states, steps = np.asarray(ended.state), np.asarray(ended.steps)
    sweeps = [np.asarray(array) for array in ended.out]
    solutions: list[TradeSolution | None] = []
    for at, member in enumerate(members):
        parts = (_of_lane(array[at // WIDTH], at % WIDTH) for array in sweeps)
        out = Sweep(*parts)  # type: ignore[arg-type]
        change = MoneyChange(*money_of(member.model, member.shock, member.config))  # type: ignore[arg-type]
        if not bool(is_met(out, change, config.tolerance)):
            solutions.append(None)
            continue
        state = jnp.asarray(states[at])
        solutions.append(
            TradeSolution(
                model=member.model,
                shock=member.shock,
                config=member.config,
                status=settle(state, out, member.model, member.config),
                residual=float(out.residual),
                stats=SolveStats(int(steps[at]), "accelerated", 1),
                state=state,
                formed=None,
                sweep=out,
            )
        )
    return solutions


def _of_lane(array: np.ndarray, lane: int) -> np.ndarray:
    """Return the numbers of one lane; those that all lanes share, where there is one."""
    return np.asarray(array[..., lane if array.shape[-1] > 1 else 0])
