"""Solutions over lotteries of packages: linear programs, and the Nash product on their hull."""

import numpy as np

from accord.bargaining.equations import concave_chain
from accord.bargaining.plan import PackageParty, Party
from accord.core.arrays import Float

Lottery = Float[np.ndarray, " package"]
PAIR = 2  # parties, for which the best lottery is found without a solver
NEGLIGIBLE = 1e-9  # over the range of gains
EXACT = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}


def measure(gains: PackageParty) -> Party:
    """Return the largest gain or loss of each party, one where all are zero."""
    size = np.abs(gains).max(axis=0)
    return np.where(size > 0, size, 1.0)


def best_lottery(gains: PackageParty, reward: Party, floors: Party) -> Lottery | None:
    """Return the lottery with the largest weighted sum of gains, each at least its floor.

    None if no lottery reaches the floors.
    """
    from scipy.optimize import linprog  # slow to import

    rows = np.isfinite(floors)
    done = linprog(
        -gains @ reward, A_ub=-gains.T[rows], b_ub=-floors[rows],
        A_eq=np.ones((1, len(gains))), b_eq=[1.0], bounds=(0.0, None), options=EXACT,
    )  # fmt: skip
    return _clean(done.x) if done.status == 0 else None


def best_gains(gains: PackageParty, floors: Party) -> Party | None:
    """Return the most each party gains in a lottery that gives every party its floor."""
    if len(floors) == PAIR:
        tops = np.array([_most_of_two(gains, floors, party) for party in (0, 1)])
        return tops if (tops >= floors).all() else None
    most = []
    for reward in np.eye(gains.shape[1]):
        lottery = best_lottery(gains, reward, floors)
        if lottery is None:
            return None
        most.append(float(lottery @ gains @ reward))
    return np.array(most)


def _most_of_two(gains: PackageParty, floors: Party, party: int) -> float:
    """Return the most one of two parties gains where the other has its floor.

    Minus infinity if no lottery gives it that. The best lottery is a package, or a mix of two that
    leaves the other party at its floor.
    """
    mine, over = gains[:, party], gains[:, 1 - party] - floors[1 - party]
    kept, short = over >= 0, over < 0
    share = over[kept, None] / (over[kept, None] - over[None, short])
    mixed = mine[kept, None] + share * (mine[None, short] - mine[kept, None])
    return max((*mine[kept], *mixed.ravel()), default=-np.inf)


def least_first(gains: PackageParty, scale: Party, floors: Party) -> Lottery | None:
    """Return the lottery that makes the smallest gain over `scale` largest, then the next one.

    A column whose scale is zero only has to reach its floor. None if no lottery reaches the
    floors.
    """
    size = measure(gains)
    gains, floors, scale = gains / size, floors / size, scale / size
    free = scale > 0
    while free.any():
        level = best_level(gains, np.where(free, scale, 0.0), floors)
        if level is None:
            return None
        reached = np.where(free, np.maximum(floors, level * scale), floors)
        room = np.full(len(scale), np.inf)
        for party in np.flatnonzero(free):
            top = best_lottery(gains, np.eye(len(scale))[party], reached - NEGLIGIBLE / 10)
            room[party] = 0.0 if top is None else (top @ gains)[party] - reached[party]
        stuck = free & (room <= max(NEGLIGIBLE, float(room[free].min())))
        floors = np.where(stuck, reached, floors)
        free &= ~stuck
    return best_lottery(gains, np.ones(len(scale)), floors - NEGLIGIBLE / 10)


def largest_product(gains: PackageParty, weights: Party) -> Lottery | None:
    """Return the lottery with the largest weighted product of gains, no gain below zero.

    A party that cannot gain where none loses is left out of the product. None if no lottery is
    acceptable.
    """
    size = measure(gains)
    gains = gains / size
    most = best_gains(gains, np.zeros(len(weights)))
    if most is None or most.max() <= NEGLIGIBLE:
        return None
    counted = most > NEGLIGIBLE
    if counted.sum() == 1:
        return best_lottery(gains, counted.astype(float), np.zeros(len(weights)))
    if len(weights) == 2:
        return _product_on_chain(gains, weights / weights.sum())
    return _product_by_steps(gains, np.where(counted, weights, 0.0), most)


def product_gap(gains: PackageParty, at: Party, weights: Party) -> float:
    """Return by how much the logarithm of the Nash product may still rise, at most.

    The product is largest if no package p has `Σ_i α_i g_pi / g_i > Σ_i α_i`, the condition that
    no small shift of probability towards it helps; on a convex set that is enough.
    """
    counted = at > NEGLIGIBLE * measure(gains)
    if not counted.any():
        return 0.0
    alpha = weights[counted] / weights[counted].sum()
    allowed = gains if counted.all() else gains[(gains[:, ~counted] >= 0).all(axis=1)]
    return max(0.0, float((allowed[:, counted] @ (alpha / at[counted])).max(initial=0.0) - 1.0))


def best_level(gains: PackageParty, scale: Party, floors: Party) -> float | None:
    """Return the largest `s` such that some lottery gives every party `s scale` and its floor."""
    from scipy.optimize import linprog  # slow to import

    count, parties = gains.shape
    rows = np.concatenate([
        np.concatenate([-gains.T, scale[:, None]], axis=1)[scale > 0],
        np.concatenate([-gains.T, np.zeros((parties, 1))], axis=1)[np.isfinite(floors)],
    ])  # fmt: skip
    bounds = np.concatenate([np.zeros((scale > 0).sum()), -floors[np.isfinite(floors)]])
    done = linprog(
        np.append(np.zeros(count), -1.0), A_ub=rows, b_ub=bounds,
        A_eq=np.append(np.ones(count), 0.0)[None, :], b_eq=[1.0],
        bounds=[*[(0.0, None)] * count, (None, None)], options=EXACT,
    )  # fmt: skip
    return float(done.x[-1]) if done.status == 0 else None


def _product_on_chain(gains: PackageParty, alpha: Float[np.ndarray, " 2"]) -> Lottery:
    """Return the largest product of two parties, exactly: the best point of each edge in turn."""
    chain = concave_chain(gains)
    best, lottery = -np.inf, np.zeros(len(gains))
    for first, last in zip(chain, [*chain[1:], chain[-1]], strict=True):
        start, step = gains[first], gains[last] - gains[first]
        shares = {0.0}
        if step.all():
            share = -(alpha[0] * step[0] * start[1] + alpha[1] * step[1] * start[0])
            shares.add(float(np.clip(share / (step[0] * step[1]), 0.0, 1.0)))
        for share in shares:
            point = start + share * step
            score = float(alpha @ np.log(point)) if (point > 0).all() else -np.inf
            if score > best:
                best, lottery = score, np.zeros(len(gains))
                lottery[last] += share
                lottery[first] += 1.0 - share
    return lottery


def _product_by_steps(gains: PackageParty, weights: Party, most: Party) -> Lottery | None:
    """Return the largest product of several parties, by sequential quadratic programming."""
    from scipy.optimize import minimize  # slow to import

    counted = weights > 0
    start = least_first(gains, np.where(counted, most, 0.0), np.zeros(len(weights)))
    if start is None:
        return None
    alpha, pool = weights[counted] / weights.sum(), gains[:, counted]
    others = gains[:, ~counted]
    low = 1e-3 * float((start @ pool).min())

    def fall(lottery: np.ndarray) -> tuple[float, np.ndarray]:
        gain = np.maximum(lottery @ pool, low)
        return -float(alpha @ np.log(gain)), -pool @ (alpha / gain)

    conditions = [
        {"type": "eq", "fun": lambda x: x.sum() - 1.0, "jac": lambda x: np.ones((1, len(x)))},
        {"type": "ineq", "fun": lambda x: x @ others, "jac": lambda _: others.T},
    ]
    done = minimize(
        fall, start, jac=True, method="SLSQP", bounds=[(0.0, 1.0)] * len(start),
        constraints=conditions if others.shape[1] else conditions[:1],
        options={"ftol": 1e-16, "maxiter": 500},
    )  # fmt: skip
    # The gains of the optimum are unique; of the lotteries that give them, take a plain one.
    target = _clean(np.clip(done.x, 0.0, None)) @ gains
    plain = best_lottery(gains, np.ones(len(weights)), target - NEGLIGIBLE / 10)
    return plain if plain is not None else _clean(done.x)


def _clean(lottery: np.ndarray) -> Lottery:
    """Return probabilities without the dust of a solver."""
    kept = np.where(lottery > 1e-12, lottery, 0.0)
    return np.asarray(kept / kept.sum())
