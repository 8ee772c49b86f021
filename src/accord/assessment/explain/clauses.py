"""A clause and its sources as nodes of an explanation."""

from collections.abc import Sequence

from accord.assessment.explain.tree import Explanation
from accord.deal.clauses.base import ClauseBase
from accord.deal.deal import Deal


def explain_clause(clause: ClauseBase, deal: Deal) -> Explanation:
    """Return the node of a clause: its title and terms, its place in the file and its sources."""
    cited = ", ".join(f"{source} [{deal.source(source).grade}]" for source in clause.source_ids)
    title = clause.title or clause.kind_phrase()
    note = f"{clause.path}; {cited}" if cited else clause.path
    return Explanation(f"{title}: {_terms(clause)}", note=note)


def explain_sources(deal: Deal, clauses: Sequence[ClauseBase]) -> Explanation:
    """Return the sources that clauses cite, each once."""
    cited = dict.fromkeys(cite for clause in clauses for cite in clause.source_ids)
    nodes = []
    for source in (deal.source(cite) for cite in cited):
        words = ", ".join(text for text in (source.title, source.date, source.url) if text)
        nodes.append(Explanation(f"{source.id} [{source.grade}]", note=words))
    return Explanation("sources", children=tuple(nodes))


def _terms(clause: ClauseBase) -> str:
    """Return what a clause says, in its own figures."""
    shown = clause.model_dump(
        exclude={"kind", "title", "note", "source", "products", "exporters", "sectors"},
        exclude_defaults=True, by_alias=True,
    )  # fmt: skip
    words = []
    for name, value in shown.items():
        if isinstance(value, float) and abs(value) >= 1e6:
            words.append(f"{name} {value / 1e9:g} bn")
        elif not isinstance(value, dict | list | tuple):
            words.append(f"{name} {value}")
        elif isinstance(value, dict) and all(
            not isinstance(inner, dict) for inner in value.values()
        ):
            words.append(f"{name} " + " ".join(f"{key} {inner}" for key, inner in value.items()))
    return ", ".join(words)
