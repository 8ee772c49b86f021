"""One zip file with named contents, and a digest over all of them.

Whatever was not written by `pack` is refused before it is unpacked: more members than there can be,
sizes that no compression of ours reaches, contents that do not match the digest.
"""

import hashlib
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

SEAL = "sha256"  # the member that holds the digest of all others
EPOCH = (1980, 1, 1, 0, 0, 0)  # of every member, so that the same contents are the same file
MOST_MEMBERS = 256
MOST_BYTES = 1 << 30  # of a file
ROOM = 1 << 25  # bytes that members may hold in all, and
RATIO = 40  # bytes more for every byte of the file
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


class DamagedError(Exception):
    """Raised for a file that is not what `pack` wrote; the text says in which way."""


def pack(members: Mapping[str, bytes]) -> bytes:
    """Return a zip file of the members, the same bytes for the same members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**members, SEAL: _digest(members).encode()}.items():
            member = zipfile.ZipInfo(name, EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, content)
    return buffer.getvalue()


def read_member(path: Path, name: str, most: int) -> bytes:
    """Return one member of a file, unverified.

    Raises:
        DamagedError: There is no such member, or it is larger than `most` bytes.
        OSError: The file cannot be read.
        zipfile.BadZipFile: It is no zip file.
    """
    with zipfile.ZipFile(path) as archive:
        try:
            member = archive.getinfo(name)
        except KeyError as error:
            raise DamagedError(f"it holds no {name}") from error
        if member.file_size > most:
            raise DamagedError(f"its {name} is larger than it can be")
        return archive.read(member)


def unpack(path: Path) -> dict[str, bytes]:
    """Return the members of a file, every byte checked against the digest.

    Raises:
        DamagedError: It is not what `pack` wrote.
        OSError: The file cannot be read.
        zipfile.BadZipFile: It is no zip file.
    """
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise DamagedError(f"it is larger than {MOST_BYTES >> 30} GiB")
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        names = [member.filename for member in members]
        if len(members) > MOST_MEMBERS or len(set(names)) < len(names):
            raise DamagedError("it holds other members than it can")
        if sum(member.file_size for member in members) > ROOM + RATIO * size:
            raise DamagedError("its members are larger than they can be")
        if any(member.compress_type not in METHODS for member in members):
            raise DamagedError("it is compressed in another way")
        held = {member.filename: archive.read(member) for member in members}
    seal = held.pop(SEAL, b"")
    if seal != _digest(held).encode():
        raise DamagedError("its contents do not match their digest")
    return held


def _digest(members: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name in sorted(members):
        digest.update(f"{len(name)} {name} {len(members[name])} ".encode())
        digest.update(members[name])
    return digest.hexdigest()
