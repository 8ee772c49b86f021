"""How results show themselves in a notebook."""

from html import escape


class Shown:
    """A result that a notebook shows as text: its summary where it has one, else its one line."""

    def _repr_html_(self) -> str:
        """Return the text as HTML, its letters as they are."""
        summary = getattr(self, "summary", None)
        return f"<pre>{escape(summary() if callable(summary) else repr(self))}</pre>"
