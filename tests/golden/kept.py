"""Safe amounts of made-up examples, worked out once in a worker: most examples have the same."""

from collections.abc import Callable

from accord.assessment.snapshot.recall import Numbers
from accord.assessment.snapshot.safe_amounts import LIMITS, SafeAmount, find_safe_amounts
from accord.data.world import World
from accord.deal.deal import Deal
from accord.external.config import ExternalConfig

FEW = ExternalConfig(paths=100)
_kept: dict[str, Numbers] = {}


def find_few(deal: Deal, world: World) -> tuple[SafeAmount, ...]:
    """Return safe amounts of a few paths, at the usual limit and a bold one."""
    return find_safe_amounts(deal, world, limits=LIMITS[1:], config=FEW, recall=_recall)


def _recall(described: str, _: tuple[int, int, int], work_out: Callable[[], Numbers]) -> Numbers:
    if described not in _kept:
        _kept[described] = work_out()
    return _kept[described]
