"""What an assessment compiles: a solve by itself is one program, whatever is asked of it."""

from accord.assessment.assess import assess
from accord.assessment.settings import AssessSettings
from accord.assessment.valuation.verdict import build_verdict
from accord.assessment.valuation.welfare.node_cache import NodeCache
from accord.data.store import load_world
from accord.deal.load import read_deal
from accord.trade.iteration.methods import _fast
from tests.architecture.test_memory import programs_of
from tests.assessment.verdicts import DEAL


def test_all_single_solves_of_an_assessment_are_one_program(tmp_path):
    """Packages, nodes and paths of slow trade differ in numbers alone: compiling takes seconds."""
    world = load_world()
    _fast.clear_cache()  # type: ignore[attr-defined]
    settings = AssessSettings(draws=4, paths=100)
    snapshot = assess(read_deal(DEAL, world=world), settings=settings).snapshot
    assert programs_of(_fast) == 1
    verdict = build_verdict(snapshot, NodeCache(tmp_path))
    assert verdict.effort.solved > 0
    assert programs_of(_fast) == 1
