"""Tutorials and replications are scripts in percent format; here they become pages."""

import re

from sphinx.application import Sphinx

CELL = re.compile(r"^# %%(?P<kind>.*)$", re.MULTILINE)


def build_page(script: str) -> str:
    """Return the Markdown of a percent-format script: prose from its comments, code as blocks."""
    parts = CELL.split(script)[1:]
    page = []
    for kind, body in zip(parts[::2], parts[1::2], strict=True):
        if "[markdown]" in kind:
            page.append(re.sub(r"^# ?", "", body.strip("\n"), flags=re.MULTILINE))
        elif body.strip():
            page.append("```python\n" + body.strip("\n") + "\n```")
    return "\n\n".join(page) + "\n"


def read_tutorial(app: Sphinx, name: str, source: list[str]) -> None:
    """Replace the text of a tutorial or a replication by its page."""
    if name.startswith(("tutorials/", "replications/")) and str(app.env.doc2path(name)).endswith(
        ".py"
    ):
        source[0] = build_page(source[0])


def setup(app: Sphinx) -> dict[str, bool]:
    """Read every tutorial through `build_page`."""
    app.connect("source-read", read_tutorial)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
