"""The cache of solved equilibria: in memory within a run, in a folder between runs.

A file holds the nodes of one tariff regime, or what a party can safely pay. Its name is a digest of
everything they depend on, and it begins with a digest of that name, of their shape and type and of
their content. A file that does not match is solved again and overwritten. A folder that cannot be
written to is not an error: nodes are then solved again in the next run.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TypeVar, cast

import numpy as np

from accord.core.arrays import Float
from accord.core.errors import OutputError
from accord.core.files import cache_directory, write_atomically
from accord.core.precision import tell_full

FORMAT = "2"
MAGIC = b"accord nodes 2\n"
KIND = np.dtype("<f8")
SEAL = 32  # bytes of the digest
SUFFIX = ".nodes"
MOST_FILES = 400  # of some tens of kilobytes each

Nodes = Float[np.ndarray, "mix node region"]
Region = Float[np.ndarray, " region"]
Thing = TypeVar("Thing")


@dataclass
class Effort:
    """What was spent: equilibria solved, nodes found in the cache, seconds inside the solver."""

    solved: int = 0
    kept: int = 0
    seconds: float = 0.0


class NodeCache:
    """Equilibria solved so far, to be passed to whatever may need them again.

    Nothing that is kept here changes a number: what is found is what would be solved.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """Keep nodes in a folder between runs.

        Args:
            folder: Where; "nodes" in the user's cache folder if left out.
        """
        self._folder = folder
        self._gains: dict[bytes, Region] = {}
        self._nodes: dict[str, Nodes] = {}
        self._others: list[tuple[tuple[object, ...], object]] = []

    def __repr__(self) -> str:
        """One line: how much is remembered, and where it is kept."""
        return (
            f"NodeCache({len(self._gains)} equilibria and {len(self._nodes)} sets of nodes "
            f"in memory; {self.folder})"
        )

    @property
    def folder(self) -> Path:
        """The folder that nodes are kept in between runs."""
        return self._folder or cache_directory() / "nodes"

    def known(self, keys: Iterable[bytes]) -> dict[bytes, Region]:
        """Return what every region gains in those equilibria, of the ones asked for, in memory."""
        return {key: self._gains[key] for key in keys if key in self._gains}

    def store_gains(self, gains: Mapping[bytes, Region]) -> None:
        """Remember what every region gains in equilibria that were solved."""
        self._gains |= gains

    def nodes(
        self,
        key: str,
        shape: tuple[int, int, int],
        solve: Callable[[], Nodes],
        effort: Effort,
    ) -> Nodes:
        """Return nodes from memory or from the folder, or solve them and write them there.

        Args:
            key: Digest of everything the nodes depend on.
            shape: Mixtures, amounts and regions.
            solve: Solves them.
            effort: Counts what was found in the folder.
        """
        nodes, from_folder = self._keep(key, shape, solve)
        if from_folder:
            effort.kept += shape[0] * shape[1]
        return nodes

    def numbers(
        self, described: str, shape: tuple[int, int, int], work_out: Callable[[], Nodes]
    ) -> Nodes:
        """Return other numbers from memory or from the folder, or work them out and write them.

        Args:
            described: Everything the numbers depend on, in words that differ where it differs.
            shape: Of the numbers.
            work_out: Makes them.
        """
        return self._keep(digest_of(described, {}), shape, work_out)[0]

    def _keep(
        self, key: str, shape: tuple[int, int, int], work_out: Callable[[], Nodes]
    ) -> tuple[Nodes, bool]:
        """Return numbers, and whether they were found in the folder."""
        if key in self._nodes:
            return self._nodes[key], False
        path = self.folder / f"{key[:32]}{SUFFIX}"
        numbers = _read(path, key, shape)
        was_there = numbers is not None
        if numbers is None:
            numbers = work_out()
            self._write(path, key, numbers)
        self._nodes[key] = numbers
        return numbers, was_there

    def remembers(self, key: tuple[object, ...]) -> bool:
        """Whether something was made under an equal key before."""
        return any(known == key for known, _ in self._others)

    def remember(self, key: tuple[object, ...], make: Callable[[], Thing]) -> Thing:
        """Return what was made under an equal key before, or make it."""
        for known, thing in self._others:
            if known == key:
                return cast("Thing", thing)
        made = make()
        self._others.append((key, made))
        return made

    def _write(self, path: Path, key: str, nodes: Nodes) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, _pack(key, nodes))
            files = sorted(path.parent.glob("*"), key=lambda file: file.stat().st_mtime)
            for file in files[:-MOST_FILES]:
                file.unlink(missing_ok=True)
        except (OSError, OutputError) as error:
            tell_full(path.parent, error)


@cache
def _version() -> str:
    return metadata.version("accord-workbench")


def digest_of(words: str, arrays: Mapping[str, np.ndarray]) -> str:
    """Return a digest of settings in words and of arrays, with the version of Accord."""
    digest = hashlib.sha256(f"{FORMAT} {_version()} {words}".encode())
    for name, array in arrays.items():
        digest.update(f"{name} {array.shape}".encode())
        digest.update(np.ascontiguousarray(array, dtype=np.float64).tobytes())
    return digest.hexdigest()


def _seal(key: str, shape: tuple[int, ...], body: bytes) -> bytes:
    digest = hashlib.sha256(f"{key} {KIND.str} {shape} ".encode())
    digest.update(body)
    return digest.digest()


def _pack(key: str, nodes: Nodes) -> bytes:
    body = np.ascontiguousarray(nodes, dtype=KIND).tobytes()
    return MAGIC + _seal(key, nodes.shape, body) + body


def _read(path: Path, key: str, shape: tuple[int, int, int]) -> Nodes | None:
    """Return the nodes of a file, or None where there is none or it is not what was written."""
    size = len(MAGIC) + SEAL + int(np.prod(shape)) * KIND.itemsize
    try:
        if path.stat().st_size != size:
            return None
        content = path.read_bytes()
    except OSError:
        return None
    head, body = content[: len(MAGIC) + SEAL], content[len(MAGIC) + SEAL :]
    if head != MAGIC + _seal(key, shape, body):
        return None
    return np.frombuffer(body, dtype=KIND).reshape(shape).astype(np.float64)
