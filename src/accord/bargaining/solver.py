"""Solving a bargain: from a problem and a rule to an agreement."""

from accord.bargaining.config import (
    RULE_MEANING,
    Rule,
    SearchConfig,
    SearchStats,
    check_weights,
)
from accord.bargaining.over_packages.choose import choose_lottery, choose_whole
from accord.bargaining.over_terms.agree import agree_on_terms
from accord.bargaining.over_terms.search import Search
from accord.bargaining.plan import BargainingProblem
from accord.bargaining.solution import BargainSolution
from accord.core.arguments import check_kind, public
from accord.core.errors import InputError, Problem, SolveError
from accord.core.status import Status
from accord.core.words import propose


@public
def solve_bargain(
    problem: BargainingProblem,
    rule: Rule = "nash",
    *,
    weights: tuple[float, ...] | None = None,
    lotteries: bool = False,
    rational: bool = False,
    config: SearchConfig | None = None,
    throw: bool = True,
) -> BargainSolution:
    """Return the agreement that a rule picks.

    Where nothing is acceptable to all, the status is `NO_AGREEMENT` and payoffs are NaN: that is an
    answer, and never raises.

    Args:
        problem: Parties, payoffs without an agreement, packages or terms.
        rule: See `RULE_MEANING`.
        weights: Bargaining power of each party, ones by default. Nash: exponents of the product.
            Egalitarian: proportions of the gains. Kalai–Smorodinsky: proportions of the shares of
            the best. Utilitarian: weights in the sum.
        lotteries: Whether parties may agree on a lottery over packages.
        rational: Whether the utilitarian rule must leave nobody worse off than no agreement. The
            others always do.
        config: How terms are searched for.
        throw: Raise `SolveError` when the tolerance is not met, rather than return the status.

    Raises:
        InputError: With everything wrong in the call.
        SolveError: If no optimum was found and `throw` is true.

    Examples:
        >>> problem = BargainingProblem.from_packages([[5, 1], [3, 3], [1, 4]], [0, 1])
        >>> solve_bargain(problem, "nash").value.payoffs.tolist()
        [3.0, 3.0]
        >>> pie = BargainingProblem.from_terms(lambda t: [t[0], 30 - t[0]], [[0, 30]], [0, 10])
        >>> solve_bargain(pie, weights=(3.0, 1.0)).value.payoffs.round(4).tolist()
        [15.0, 15.0]
    """
    check_kind("problem", problem, BargainingProblem, "Make one: BargainingProblem.from_packages")
    config = SearchConfig() if config is None else config
    check_kind("config", config, SearchConfig, "Give SearchConfig(samples=128), or leave it out")
    power, problems = check_weights(weights, len(problem.parties))
    if rule not in RULE_MEANING:
        remedy = propose(str(rule), RULE_MEANING)
        problems.append(Problem("rule", f"{rule!r} is not a rule", remedy))
    if lotteries and problem.terms is not None:
        remedy = "Trace the frontier, and make packages of its points"
        problems.append(Problem("lotteries", "are over packages, and here terms move", remedy))
    problems += config.problems()
    if problems:
        raise InputError(problems, "the call")
    stats = SearchStats()
    if problem.terms is not None:
        search = Search(problem.terms, problem.disagreement, config)
        value, status, residuals = agree_on_terms(search, rule, power, rational=rational)
        stats = search.cost()
    elif problem.packages is not None:
        choose = choose_lottery if lotteries else choose_whole
        gains = problem.packages.payoffs - problem.disagreement
        value, status, residuals = choose(
            gains, problem.disagreement, rule, power, rational=rational
        )
    solution = BargainSolution(problem, rule, value, status, residuals, stats)
    if throw and solution.status not in {Status.CONVERGED, Status.NO_AGREEMENT}:
        raise SolveError(solution.status, f"the {rule} agreement")
    return solution
