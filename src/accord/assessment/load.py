"""Loading an assessment from its file: the same class, and the same answers, as a fresh one."""

from pathlib import Path

from accord.assessment.archive.load import read_assessment
from accord.assessment.facade import Assessment
from accord.assessment.valuation.welfare.node_cache import NodeCache
from accord.core.arguments import check_kind, public


@public
def load_assessment(path: Path | str, *, cache: NodeCache | None = None) -> Assessment:
    """Return an assessment from the file `Assessment.save` wrote, without solving anything.

    Its tables and its verdict are those of the file. What else it is asked, such as a bargain, is
    solved when it is asked.

    Args:
        path: The file.
        cache: Equilibria solved so far; a new one if left out.

    Raises:
        InputError: There is no such file, it is no saved assessment, it is damaged, or its format
            is not the one this version of Accord reads.
    """
    check_kind("path", path, (str, Path), "Give the path of a file that Assessment.save wrote")
    return Assessment(read_assessment(path), NodeCache() if cache is None else cache)
