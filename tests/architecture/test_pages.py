"""The pages of the documentation: numbered without gaps, linked, one heading for each kind."""

import re
from pathlib import Path

import pytest

from tests.architecture.repository import PACKAGE, ROOT, relative

DOCS = ROOT / "docs"
DECISIONS = DOCS / "decisions"
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")
LONGEST_SENTENCE = 35  # words
READ_BY_USERS = [
    *sorted(DOCS.glob("*.md")), *sorted((DOCS / "how-to").glob("*.md")),
    *sorted((DOCS / "theory").glob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md",
    *sorted(PACKAGE.glob("cases/**/*.md")),
]  # fmt: skip
THEORY = [page for page in sorted((DOCS / "theory").glob("*.md")) if page.stem != "index"]
KINDS = ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security")


def decision_pages():
    """Return the numbered pages, in order."""
    return sorted(DECISIONS.glob("[0-9]*.md"))


def test_decisions_are_numbered_without_gaps():
    numbers = [int(page.name.split("-")[0]) for page in decision_pages()]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("page", decision_pages(), ids=lambda page: page.stem)
def test_a_decision_carries_its_number_in_its_title(page):
    number = int(page.name.split("-")[0])
    assert page.read_text(encoding="utf-8").startswith(f"# {number}. ")


def test_every_link_between_pages_leads_somewhere():
    pages = [*DOCS.rglob("*.md"), *ROOT.glob("*.md")]
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        if "_build" not in page.parts
        for target in LINK.findall(page.read_text(encoding="utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert broken == []


def read_sentences(text):
    """Return the sentences of a page: no code, no tables, no equations; a formula is one word."""
    text = re.sub(r"```.*?```|<!--.*?-->", "", text, flags=re.DOTALL)
    text = re.sub(r"\$\$.*?\$\$", "\n\n", text, flags=re.DOTALL)
    text = re.sub(r"^(?:\||#).*$", "\n", text, flags=re.MULTILINE)
    text = re.sub(r"\$[^$]*\$|`[^`]*`", "X", text)
    text = re.sub(r"\]\([^)]*\)", "]", text)
    for block in re.split(r"\n\s*\n|\n(?=\s*(?:[-*]|\d+\.)\s)", text):
        sentences = re.split(r"(?<=[.!?:])\s+(?=[A-Z*\[(“])", " ".join(block.split()))
        yield from filter(None, sentences)


@pytest.mark.parametrize("page", READ_BY_USERS, ids=relative)
def test_no_sentence_of_a_page_is_long(page):
    long = [
        sentence
        for sentence in read_sentences(page.read_text(encoding="utf-8"))
        if len(sentence.split()) > LONGEST_SENTENCE
    ]
    assert long == []


def test_the_look_for_long_sentences_can_fail():
    words = " ".join(["word"] * 20)
    short, long = read_sentences(f"A {words} $x y z$ {words}. Now {words} {words}, {words}.")
    assert len(short.split()) == 42
    assert len(long.split()) == 61
    assert list(read_sentences("- First.\n- Second.\n\n| a | table |\n")) == [
        "- First.",
        "- Second.",
    ]


def listed_pages():
    """Return the pages that some table of contents names, without their suffix."""
    listed = set()
    for index in DOCS.rglob("index.md"):
        text = index.read_text(encoding="utf-8") if "_build" not in index.parts else ""
        for block in re.findall(r"```\{toctree\}\n(.*?)```", text, re.DOTALL):
            for name in block.split("\n"):
                if name and not name.startswith(":"):
                    listed |= {
                        path.with_suffix("")
                        for path in index.parent.glob(name.removesuffix("*") + "*")
                    }
    return listed


def test_every_page_is_in_a_table_of_contents():
    pages = {path.with_suffix("") for path in DOCS.rglob("*.md") if "_build" not in path.parts}
    assert pages - listed_pages() == {DOCS / "index"}


def read_releases():
    """Return the headings of kinds below each release of the changelog."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    releases = re.split(r"^## \[(.+?)\]", text, flags=re.MULTILINE)[1:]
    return {
        name: re.findall(r"^### (.+)$", body, re.MULTILINE)
        for name, body in zip(releases[::2], releases[1::2], strict=True)
    }


def test_the_changelog_has_one_heading_for_each_kind():
    releases = read_releases()
    assert releases
    for name, kinds in releases.items():
        assert len(kinds) == len(set(kinds)), f"{name} has a kind twice: {kinds}"
        assert kinds == [kind for kind in KINDS if kind in kinds], name


IN_THE_CODE = re.compile(
    r"^\| [^|]+ \| (?P<functions>[^|]+) \| `(?P<test>[^`]+)` \|$", re.MULTILINE
)


@pytest.mark.parametrize("page", THEORY, ids=relative)
def test_equations_lead_to_functions_and_tests_that_exist(page):
    """The table at the end of a page of theory."""
    end = page.read_text(encoding="utf-8").partition("## In the code")[2]
    rows = list(IN_THE_CODE.finditer(end))
    assert len(rows) >= 5
    for row in rows:
        for function in re.findall(r"`([\w.]+)`", row["functions"]):
            module, _, name = function.rpartition(".")
            text = (
                (PACKAGE / Path(*module.split("."))).with_suffix(".py").read_text(encoding="utf-8")
            )
            assert f"def {name}(" in text, f"{function} is not there"
        file, _, test = row["test"].partition("::")
        assert f"def {test}(" in (ROOT / "tests" / file).read_text(encoding="utf-8"), row["test"]
