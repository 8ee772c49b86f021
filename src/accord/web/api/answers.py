"""What a program gets: plain data, with nothing where there is no number."""

import json
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from starlette.responses import Response

if TYPE_CHECKING:
    from accord.assessment.facade import Assessment

TABLES = ("payoffs", "payoff_components", "chances", "welfare")


def answer(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return plain data as JSON."""
    text = json.dumps(plain(content), ensure_ascii=False, allow_nan=False)
    return Response(text, status, dict(headers or {}), media_type="application/json")


def plain(value: Any) -> Any:
    """Return data as JSON can hold it: no number is null, a day is its text."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, str) or value is None or isinstance(value, bool):
        return value
    if isinstance(value, Sequence | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if isinstance(value, int) else str(value)


def show_assessment(result: "Assessment") -> dict[str, Any]:
    """Return the tables of an assessment as `accord assess --format json` has them."""
    frames = {name: result.to_frame(name) for name in TABLES}
    return {
        "deal": result.deal.name,
        "world": result.world.name,
        "packages": list(result.packages),
        "reproduce": plain(dict(result.reproduce)),
        "tables": {name: frame.to_dict(orient="records") for name, frame in frames.items()},
    }
