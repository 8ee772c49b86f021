"""Writing header array files in the raw layout, and a made-up GTAP data base."""

import struct
from pathlib import Path

import numpy as np

REGIONS, GOODS, ACTORS = ("usa", "deu", "xrw"), ("wht", "mvh", "otp"), ("wht", "mvh", "otp")
MARGINS = ("otp",)


def record(content: bytes) -> bytes:
    size = struct.pack("<i", len(content))
    return size + content + size


def pad(text: str, width: int) -> bytes:
    return text.ljust(width).encode("ascii")


def write_array(name, values, sets, *, sparse=False) -> bytes:
    """Return the records of a real array; `sets` gives the name and labels of each axis."""
    shape = [*values.shape, *[1] * (7 - values.ndim)]
    head = b"    RE" + (b"SPSE" if sparse else b"FULL") + pad(f"array {name}", 70)
    parts = [record(pad(name, 4)), record(head + struct.pack("<8i", 7, *shape))]
    names = b"".join(pad(each, 12) for each, _ in sets)
    intro = b"    " + struct.pack("<3i", 1, -1, len(sets)) + pad(name, 12) + struct.pack("<i", -1)
    parts.append(record(intro + names + b"k" * len(sets) + bytes(4 * (len(sets) + 1))))
    for each, labels in dict(sets).items():
        count = len(labels)
        texts = b"".join(pad(label, 12) for label in labels)
        parts.append(record(b"    " + struct.pack("<3i", 1, count, count) + texts))
        assert each
    flat = values.astype("<f4").ravel(order="F")
    if sparse:
        places = np.flatnonzero(flat)
        parts.append(record(b"    " + struct.pack("<3i", places.size, 4, 4) + bytes(80)))
        for start in range(0, places.size, 5):
            here = places[start : start + 5]
            body = struct.pack("<3i", 1, places.size, here.size)
            at = (here + 1).astype("<i4").tobytes()
            parts.append(record(b"    " + body + at + flat[here].tobytes()))
        return b"".join(parts)
    parts.append(record(b"    " + struct.pack("<2i", 3, 7) + struct.pack("<7i", *shape)))
    bounds = [number for length in shape for number in (1, length)]
    parts.append(record(b"    " + struct.pack("<i", 2) + struct.pack("<14i", *bounds)))
    parts.append(record(b"    " + struct.pack("<i", 1) + flat.tobytes()))
    return b"".join(parts)


def draw_gtap(seed=7):
    """Return the arrays of a data base whose accounts hold, by name: sets and values."""
    random = np.random.default_rng(seed)
    goods, actors, regions = ("COMM", GOODS), ("ACTS", ACTORS), ("REG", REGIONS)
    fob = random.uniform(5, 20, (3, 3, 3))
    fob[:, np.arange(2), np.arange(2)] = 0.0  # only the rest of the world trades with itself
    carried = 0.1 * fob[None] * random.uniform(0.5, 1, (1, 3, 3, 3))
    cif = fob + carried.sum(axis=0)
    landed = cif * (1 + random.uniform(0, 0.2, (3, 1, 3)))
    share = random.dirichlet(np.ones(6), (3, 3)).transpose(0, 2, 1)  # good, agent, buyer
    abroad = share * landed.sum(axis=1)[:, None]
    home = random.uniform(10, 20, (3, 3, 3)) * 3
    supply = carried.sum(axis=(1, 2, 3))[:, None] * random.dirichlet(np.ones(3))
    final = random.uniform(200, 300, (3, 3, 3))  # good, use, region
    return {
        "VDFB": ((goods, actors, regions), home), "VMFB": ((goods, actors, regions), abroad[:, :3]),
        **{name: ((goods, regions), final[:, at])
           for at, name in enumerate(("VDPB", "VDGB", "VDIB"))},
        **{name: ((goods, regions), abroad[:, 3 + at])
           for at, name in enumerate(("VMPB", "VMGB", "VMIB"))},
        "VFOB": ((goods, regions, regions), fob), "VCIF": ((goods, regions, regions), cif),
        "VMSB": ((goods, regions, regions), landed),
        "VST": ((("MARG", MARGINS), regions), supply),
        "VTWR": ((("MARG", MARGINS), goods, regions, regions), carried),
    }  # fmt: skip


def write_gtap(arrays, path: Path, *, sparse=False) -> Path:
    """Return the path of a file with the arrays."""
    path.write_bytes(b"".join(
        write_array(name, values, sets, sparse=sparse and values.ndim > 2)
        for name, (sets, values) in arrays.items()
    ))  # fmt: skip
    return path
