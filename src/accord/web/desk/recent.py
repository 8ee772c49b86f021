"""The last things that were made, by key, and a draft as a deal in its world."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import numpy as np

from accord.core.arrays import Float
from accord.data.world import World
from accord.deal.deal import NO_DEAL, Deal
from accord.web.drafts.draft import Draft

Thing = TypeVar("Thing")
Components = Float[np.ndarray, "component region"]


@dataclass
class Recent(Generic[Thing]):
    """The last things that were made, by key.

    Attributes:
        most: How many are kept.
    """

    most: int
    _things: OrderedDict[Any, Thing] = field(default_factory=OrderedDict)

    def get(self, key: Any) -> Thing | None:
        """Return the thing of a key, or None."""
        if key in self._things:
            self._things.move_to_end(key)
            return self._things[key]
        return None

    def keeps(self, key: Any, thing: Thing) -> bool:
        """Return whether this very thing is kept; that does not count as a use of it."""
        return self._things.get(key) is thing

    def put(self, key: Any, thing: Thing) -> Thing:
        """Return a thing after keeping it; the one unused for longest goes."""
        self._things[key] = thing
        self._things.move_to_end(key)
        self.forget(self.most)
        return thing

    def forget(self, left: int) -> None:
        """Let go of all but the things used last, `left` of them."""
        while len(self._things) > left:
            self._things.popitem(last=False)

    def make(self, key: Any, make: Callable[[], Thing]) -> Thing:
        """Return the thing of a key, made if it is not there."""
        known = self.get(key)
        return self.put(key, make()) if known is None else known


@dataclass(frozen=True, eq=False)
class PricedDeal:
    """A draft as a deal, and the world it is priced in.

    Attributes:
        draft: The draft.
        deal: It as a deal, checked.
        world: The view of the default world that it needs.
        regions: All regions, then groups: the axis of its figures.
    """

    draft: Draft
    deal: Deal
    world: World
    regions: tuple[str, ...]

    @property
    def offers(self) -> tuple[str, ...]:
        """Names of the packages other than no deal."""
        return tuple(name for name in self.deal.package_names if name != NO_DEAL)
