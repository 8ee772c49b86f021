"""The content of an assessment, and what the rest of the room may ask of it."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from accord.assessment.settings import AssessSettings
from accord.assessment.snapshot.packages import Snapshot
from accord.assessment.snapshot.safe_amounts import SafeAmount
from accord.assessment.valuation.verdict import Verdict
from accord.assessment.valuation.welfare.node_cache import NodeCache
from accord.assessment.valuation.welfare.surface import Progress
from accord.core.status import Status
from accord.data.world import World
from accord.deal.deal import Deal


@dataclass(frozen=True, eq=False)
class AssessmentData:
    """What is known of an assessment; what is not is worked out when it is asked for.

    Attributes:
        deal: The deal.
        world: The baseline.
        settings: How it was solved, with a set of elasticities that the world has.
        reproduce: What it takes to get the same numbers again.
        snapshot: The packages, solved; None where they were not.
        verdict: The verdict; None where it was not worked out.
        tables: Tables that are known already, by name.
    """

    deal: Deal
    world: World
    settings: AssessSettings
    reproduce: Mapping[str, Any]
    snapshot: Snapshot | None = None
    verdict: Verdict | None = None
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)

    def __repr__(self) -> str:
        """One line: deal, world, what is known."""
        known = [
            *(["packages"] if self.snapshot else []), *(["verdict"] if self.verdict else []),
            *([f"{len(self.tables)} tables"] if self.tables else []),
        ]  # fmt: skip
        words = ", ".join(known) or "nothing solved"
        return f"AssessmentData({self.deal.name!r} in {self.world.name!r}: {words})"


class Assessed(ABC):
    """What the rest of the room may ask of an assessment, whatever is known of it already."""

    cache: NodeCache
    """Equilibria solved so far."""

    @property
    @abstractmethod
    def deal(self) -> Deal:
        """The deal."""

    @property
    @abstractmethod
    def world(self) -> World:
        """The baseline."""

    @property
    @abstractmethod
    def settings(self) -> AssessSettings:
        """How it was solved."""

    @property
    @abstractmethod
    def reproduce(self) -> Mapping[str, Any]:
        """What it takes to get the same numbers again."""

    @property
    @abstractmethod
    def packages(self) -> tuple[str, ...]:
        """Names of the packages, "no_deal" first."""

    @property
    @abstractmethod
    def snapshot(self) -> Snapshot:
        """The packages, solved."""

    @property
    @abstractmethod
    def statuses(self) -> dict[str, Status]:
        """The worst status behind each package."""

    @property
    @abstractmethod
    def verdict(self) -> Verdict:
        """The verdict."""

    @property
    @abstractmethod
    def safe_amounts(self) -> tuple[SafeAmount, ...]:
        """What each paying party can safely pay a year, by way of paying."""

    @abstractmethod
    def reach_verdict(self, progress: Progress) -> Verdict:
        """Return the verdict, telling what is being done while it is worked out."""

    @abstractmethod
    def to_frame(self, name: str = "welfare") -> pd.DataFrame:
        """Return one of the tables, long and tidy."""
