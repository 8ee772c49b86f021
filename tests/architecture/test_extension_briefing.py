"""A section is one file and a message, a metric one file and a message, a language one file."""

import datetime as dt
import shutil
from importlib import invalidate_caches, resources
from pathlib import Path

import pytest
from typer.testing import CliRunner

from accord.assessment import assess
from accord.briefing import metrics, sections
from accord.briefing.brief import Briefing, brief
from accord.briefing.document.blocks import Table
from accord.briefing.document.facts import number_words
from accord.briefing.view import BriefingView
from accord.briefing.words import templates
from accord.briefing.words.clause_titles import clause_title
from accord.cli.main import app
from accord.core.errors import InputError
from accord.deal import load
from accord.deal.clauses.investment import InvestmentClause
from tests.golden.example import build_example

DATE = dt.date(2026, 11, 24)
SECTION = '''"""A dummy section."""

from accord.briefing.document.blocks import Paragraph, Section

ORDER = 25


def build(view):
    """Return the section."""
    return Section("dummy", view.text("dummy.title"), (Paragraph(view.say("dummy.what")),))
'''
METRIC = '''"""A dummy metric."""

from accord.briefing.document.facts import Fact
from accord.briefing.metrics.metric import Metric

METRICS = (Metric("dummy", 15, lambda view, package, party: Fact(len(package), "count")),)
'''
MESSAGES = """
[dummy]
title = "A dummy section"
what = "It speaks of {payer}."
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder beside the package: what is put there counts as one more file of the room."""
    catalogue = tmp_path / "catalogue"
    shutil.copytree(Path(str(resources.files("accord.briefing.words") / "catalogue")), catalogue)
    monkeypatch.setattr(templates, "FOLDER", catalogue)
    for room in ("sections", "metrics"):
        (tmp_path / room).mkdir()
    monkeypatch.setattr(sections, "__path__", [*sections.__path__, str(tmp_path / "sections")])
    monkeypatch.setattr(metrics, "__path__", [*metrics.__path__, str(tmp_path / "metrics")])
    invalidate_caches()
    forget()
    yield tmp_path
    monkeypatch.undo()
    forget()


def forget():
    templates.read_templates.cache_clear()
    number_words.cache_clear()


def add_messages(folder: Path, text: str) -> int:
    """Add to the English catalogue: one file touched."""
    path = folder / "catalogue" / "en.toml"
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
    return 1


def page(**options) -> Briefing:
    return brief(build_example(), date=DATE, **{"length": "full", **options})


def test_a_section_is_a_file_and_its_messages(folder):
    touched = add_messages(folder, MESSAGES)
    (folder / "sections" / "dummy_section.py").write_text(SECTION, encoding="utf-8")
    touched += 1
    ids = [section.id for section in page().document.sections]
    assert ids[ids.index("dummy") - 1 : ids.index("dummy") + 2] == ["bargain", "dummy", "ledger"]
    assert "It speaks of South Korea." in page().html
    assert touched <= 3


def test_a_metric_is_a_file_and_its_heading(folder):
    touched = add_messages(folder, '\n[metric.dummy_group]\nunused = "-"\n')
    path = folder / "catalogue" / "en.toml"
    text = path.read_text(encoding="utf-8").replace("[metric]\n", '[metric]\ndummy = "Letters"\n')
    path.write_text(text, encoding="utf-8")
    (folder / "metrics" / "dummy_metric.py").write_text(METRIC, encoding="utf-8")
    touched += 1
    verdict = next(part for part in page().document.sections if part.id == "verdict")
    table = next(block for block in verdict.blocks if isinstance(block, Table))
    labels = [column.label for column in table.columns]
    assert labels[1:3] == ["Payoff", "Letters"]
    assert [str(row.cells[1]) for row in table.groups[0].rows] == ["6", "6"]
    assert touched <= 3


def test_a_language_is_one_file(folder):
    english = (folder / "catalogue" / "en.toml").read_text(encoding="utf-8")
    changed = english.replace('key_points = "Key points"', 'key_points = "Points clés"')
    changed = changed.replace('point = "."', 'point = ","').replace("January", "janvier")
    changed = changed.replace('money = "bn USD"', 'money = "Md USD"')
    (folder / "catalogue" / "fr.toml").write_text(changed, encoding="utf-8")
    shown = brief(build_example(), date=dt.date(2027, 1, 2), language="fr", length="full").html
    assert '<html lang="fr">' in shown
    assert "Points clés" in shown
    assert "2\u00a0janvier\u00a02027" in shown
    assert "5,8\u00a0Md\u00a0USD" in shown
    assert "bn\u00a0USD" not in shown
    assert "5.8\u00a0bn\u00a0USD" in page().html


def test_the_command_writes_the_page_in_any_language_that_has_a_catalogue(folder, monkeypatch):
    made = build_example()
    monkeypatch.setattr(load, "load_deal", lambda *_: made.deal)
    monkeypatch.setattr(assess, "assess", lambda *_, **__: made)
    monkeypatch.chdir(folder)
    messages = '[page]\nkey_points = "Xx points"\n'
    (folder / "catalogue" / "xx.toml").write_text(messages, encoding="utf-8")
    done = CliRunner().invoke(app, ["brief", "example", "--language", "xx"])
    assert done.exit_code == 0, done.output
    shown = (folder / "example.html").read_text(encoding="utf-8")
    assert '<html lang="xx">' in shown
    assert "Xx points" in shown
    assert "--language xx" in shown
    done = CliRunner().invoke(app, ["brief", "example", "--language", "yy"])
    assert done.exit_code == 2
    problem = "--language: there is no catalogue for 'yy'. Choose one of en, ko, xx"
    assert problem in done.stderr


def test_a_language_may_leave_messages_to_english(folder):
    (folder / "catalogue" / "xx.toml").write_text('[page]\nsources = "Xx"\n', encoding="utf-8")
    shown = page(language="xx").html
    assert ">Xx</a>" in shown
    assert "Key points" in shown


def test_a_language_may_translate_what_clauses_and_data_say_in_english(folder):
    assessment = build_example()
    sector = next(iter(assessment.world.sector_names.values()))
    lines = [
        "[translated]",
        '"investment of {payer} in {host}" = "Xx {payer} xx {host}"',
        f'"{sector}" = "Xx sector"',
        '"South Korea" = "Xx Korea"',
    ]
    (folder / "catalogue" / "xx.toml").write_text("\n".join(lines), encoding="utf-8")
    view = BriefingView(assessment, language="xx")
    assert view.sector(next(iter(assessment.world.sector_names))) == "Xx sector"
    assert view.region("KOR") == "Xx Korea"
    clause = InvestmentClause.model_validate(
        {"kind": "investment", "payer": "KOR", "host": "USA", "amount": 1e9, "instrument": "equity"}
    )
    assert str(clause_title(clause, view)) == "Xx Xx Korea xx the United States"
    english = clause_title(clause, BriefingView(assessment))
    assert str(english) == "Investment of South Korea in the United States"


def test_a_language_without_a_catalogue_is_refused_with_those_there_are():
    with pytest.raises(InputError, match=r"no catalogue for 'zz'.*en"):
        page(language="zz")
