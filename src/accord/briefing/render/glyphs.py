"""Which letters the fonts that come with Accord have."""

import struct
from functools import cache
from pathlib import Path

from accord.briefing.render.drawings import FONTS

IGNORED = frozenset("\n\t\u200b\u200c\u200d\ufe0e\ufe0f\ufeff")


def find_missing(text: str) -> tuple[str, ...]:
    """Return the letters of a text that no font of Accord has, each once, in their order."""
    known = known_letters()
    return tuple(dict.fromkeys(letter for letter in text if ord(letter) not in known))


@cache
def known_letters() -> frozenset[int]:
    """Return the code points that the fonts have, and those that draw nothing."""
    fonts = sorted(path for path in FONTS.iterdir() if path.stem.endswith("Regular"))
    codes = (code for path in fonts for code in _read_codes(path))
    return frozenset([*codes, *map(ord, IGNORED)])


def _read_codes(path: Path) -> set[int]:
    """Return the code points in the character map of a font: its segments, format 4."""
    data = path.read_bytes()
    tables = struct.unpack_from(">H", data, 4)[0]
    records = (struct.unpack_from(">4sIII", data, 12 + 16 * at) for at in range(tables))
    start = next(offset for tag, _, offset, _ in records if tag == b"cmap")
    count = struct.unpack_from(">H", data, start + 2)[0]
    places = {start + struct.unpack_from(">I", data, start + 8 + 8 * at)[0] for at in range(count)}
    codes: set[int] = set()
    for place in sorted(places):
        if struct.unpack_from(">H", data, place)[0] == 4:
            codes |= _read_segments(data, place)
    return codes


def _read_segments(data: bytes, place: int) -> set[int]:
    pairs = struct.unpack_from(">H", data, place + 6)[0]
    ends = struct.unpack_from(f">{pairs // 2}H", data, place + 14)
    starts = struct.unpack_from(f">{pairs // 2}H", data, place + 16 + pairs)
    last = 0xFFFF
    return {
        code
        for low, high in zip(starts, ends, strict=True)
        for code in range(low, high + 1)
        if code != last
    }
