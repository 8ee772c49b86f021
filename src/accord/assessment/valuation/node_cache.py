"""Solved nodes kept between runs, so that work that was stopped goes on where it ended.

A file holds the nodes of one tariff regime; its name is a digest of everything they depend on. An
unwritable cache folder is not an error: nodes are then solved again.
"""

import hashlib
import io
from collections.abc import Callable, Mapping
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float

from accord.core.errors import OutputError
from accord.core.files import write_atomically
from accord.core.precision import cache_directory

if TYPE_CHECKING:
    from accord.assessment.valuation.surface import Effort

FORMAT = "1"
MOST_FILES = 400  # of some tens of kilobytes each

Nodes = Float[np.ndarray, "mix node region"]


def keep(
    parts: Mapping[str, np.ndarray], words: str, solve: Callable[[], Nodes], effort: "Effort"
) -> Nodes:
    """Return nodes from the cache, or solve them and write them there.

    Args:
        parts: Every array the nodes depend on.
        words: Every other setting they depend on.
        solve: Solves them.
        effort: Counts what was found.
    """
    digest = hashlib.sha256(f"{FORMAT} {metadata.version('accord-workbench')} {words}".encode())
    for name, array in parts.items():
        digest.update(f"{name} {array.shape}".encode())
        digest.update(np.ascontiguousarray(array, dtype=np.float64).tobytes())
    folder = cache_directory() / "nodes"
    path = folder / f"{digest.hexdigest()[:32]}.npy"
    try:
        nodes = np.load(path, allow_pickle=False)
    except (OSError, ValueError):
        nodes = solve()
        _write(path, nodes)
    else:
        effort.kept += nodes.shape[0] * nodes.shape[1]
    return np.asarray(nodes)


def _write(path: Path, nodes: Nodes) -> None:
    buffer = io.BytesIO()
    np.save(buffer, nodes)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, buffer.getvalue())
        old = sorted(path.parent.glob("*.npy"), key=lambda one: one.stat().st_mtime)
        for one in old[:-MOST_FILES]:
            one.unlink(missing_ok=True)
    except (OSError, OutputError):
        return
