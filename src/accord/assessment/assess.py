"""Assessing a deal: from a deal and a world to an assessment."""

from collections.abc import Callable, Sequence

from accord.assessment.facade import Assessment
from accord.assessment.reproduce import reproduce
from accord.assessment.result import AssessmentData
from accord.assessment.settings import AssessSettings
from accord.assessment.snapshot.packages import solve_packages
from accord.assessment.valuation.welfare.node_cache import NodeCache
from accord.assessment.views.rule import build_view
from accord.core.arguments import check_kind, public
from accord.core.errors import InputError, Problem
from accord.data.store import load_world
from accord.data.world import World
from accord.deal.deal import Deal
from accord.deal.load import check_deal, load_deal

FindProblems = Callable[[Sequence[str], Sequence[str]], list[Problem]]


@public
def assess(
    deal: Deal,
    *,
    world: World | None = None,
    settings: AssessSettings | None = None,
    cache: NodeCache | None = None,
    throw: bool = True,
) -> Assessment:
    """Return what every package does to every region, against no deal and the baseline.

    Args:
        deal: A deal, as `load_deal` gives it.
        world: The baseline; if left out, what the deal needs of the embedded world (its view). Give
            `ac.load_world()` for all of it.
        settings: Closure, market structure, labour, elasticities, and events declared to have
            happened.
        cache: Equilibria solved so far, to share between assessments; a new one if left out.
        throw: Raise when an equilibrium is not found, rather than return its status; figures that
            rest on it are then NaN.

    Raises:
        InputError: The deal names something the world lacks, or a setting is unknown.
        SolveError: An equilibrium was not found and `throw` is true.
    """
    check_kind("deal", deal, Deal, "Load it first: ac.load_deal(name or path)")
    world = _find_world(deal, world)
    settings = AssessSettings() if settings is None else settings
    check_kind("settings", settings, AssessSettings, 'Give ac.AssessSettings(closure="share", ...)')
    settings = settings.for_world(world, deal.triggers)
    deal = check_deal(deal, world)
    snapshot = solve_packages(deal, world, settings, throw=throw)
    data = AssessmentData(deal, world, settings, reproduce(deal, world, settings), snapshot)
    return Assessment(data, NodeCache() if cache is None else cache)


def assessment_of(
    deal: Assessment | Deal | str, world: World | None, find_problems: FindProblems
) -> Assessment:
    """Return an assessment as it is, or that of a deal, a shipped case's name or a file's path.

    Args:
        deal: What a study was asked of.
        world: The baseline of a deal; what it needs of the embedded world if left out.
        find_problems: Returns what is wrong with the other arguments of the study, given names of
            packages and regions. It is asked before anything is solved.

    Raises:
        InputError: The deal cannot be found or read, or anything in it or in the call is wrong.
        SolveError: An equilibrium was not found.
    """
    wanted = 'Give ac.assess(...), ac.load_deal(...), or a name: "us-korea-2025"'
    check_kind("deal", deal, (Assessment, Deal, str), wanted)
    if isinstance(deal, str):
        deal = load_deal(deal, load_world() if world is None else world)
    if isinstance(deal, Assessment):
        packages, regions = deal.packages, deal.world.regions
    else:
        world = _find_world(deal, world)
        packages, regions = deal.package_names, world.regions
    problems = find_problems(packages, regions)
    if problems:
        raise InputError(problems, "the call")
    return deal if isinstance(deal, Assessment) else assess(deal, world=world)


def _find_world(deal: Deal, world: World | None) -> World:
    """Return the world that was given, or the view of the embedded one that a deal needs."""
    if world is None:
        whole = load_world()
        world = build_view(check_deal(deal, whole), whole).world
    check_kind("world", world, World, "Give ac.load_world() or an ac.World of your own")
    return world
