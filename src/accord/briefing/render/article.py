"""The part of a briefing that follows its key points, to stand inside a page of another site."""

import re

from accord.briefing.document.blocks import Document
from accord.briefing.render.html import open_environment
from accord.core.text import printable

WIDTH = re.compile(r' style="max-width:(\d+(?:\.\d+)?)px"')


def render_article(document: Document) -> str:
    """Return picture, balance, what would change it, limits and terms as a part of a page.

    No element has a style of its own, which a page with a strict policy would refuse: drawings say
    their width as an attribute.
    """
    template = open_environment(document).get_template("article.html")
    return WIDTH.sub(r' width="\1"', printable(template.render(document=document)))
