"""The schema and the reference page are those of the code."""

import json
import re
from pathlib import Path

from pydantic import BaseModel

from accord.deal.clauses.registry import CLAUSES
from accord.deal.deal import DealFile
from accord.deal.fields import describe_fields
from accord.deal.schema import deal_json_schema, read_shipped_schema, render_fields, render_schema

PAGE = Path(__file__).resolve().parents[2] / "docs" / "deal-file.md"
START, END = "<!-- fields: start -->", "<!-- fields: end -->"
REGENERATE = "regenerate it: uv run python tests/deal/test_schema.py"


def test_the_shipped_schema_is_current():
    assert read_shipped_schema() == render_schema(), REGENERATE


def test_the_reference_page_is_current():
    page = PAGE.read_text(encoding="utf-8")
    between = page.split(START, 1)[1].split(END, 1)[0]
    assert between.strip() == render_fields().strip(), REGENERATE


def test_the_schema_knows_every_kind_and_closes_every_table():
    schema = json.loads(json.dumps(deal_json_schema()))
    kinds = schema["$defs"]["Package"]["properties"]["clause"]["items"]["discriminator"]["mapping"]
    assert set(kinds) == set(CLAUSES)
    for name, table in {"DealFile": schema, **schema["$defs"]}.items():
        assert table["additionalProperties"] is False, name


def test_the_schema_uses_the_keys_of_the_file():
    tariff = deal_json_schema()["$defs"]["TariffClause"]["properties"]
    assert "from" in tariff
    assert "from_" not in tariff
    assert set(deal_json_schema()["required"]) == {
        "schema",
        "name",
        "title",
        "parties",
        "price_year",
        "no_deal",
        "package",
    }


def test_every_field_says_what_it_means():
    models: list[type[BaseModel]] = [DealFile, *CLAUSES.values()]
    silent = [
        f"{m.__name__}.{n}" for m in models for n, text in describe_fields(m).items() if not text
    ]
    assert silent == []
    assert not re.search(r"\| \|$", render_fields(), flags=re.MULTILINE)


def regenerate() -> None:
    """Write the schema file and the field tables of the reference page anew."""
    target = PAGE.parents[1] / "src" / "accord" / "deal" / "deal.schema.json"
    target.write_text(render_schema(), encoding="utf-8")
    page = PAGE.read_text(encoding="utf-8")
    head, rest = page.split(START, 1)
    tail = rest.split(END, 1)[1]
    PAGE.write_text(f"{head}{START}\n\n{render_fields()}\n{END}{tail}", encoding="utf-8")


if __name__ == "__main__":
    regenerate()
