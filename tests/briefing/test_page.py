"""The page: same bytes, nothing from elsewhere, readable without eyes, refused when unsolved."""

import datetime as dt
import itertools
import os
import re
from html.parser import HTMLParser

import pytest

from accord.briefing.brief import Briefing, brief
from accord.briefing.document.blocks import Bullets, Chart, Column, Paragraph, Row, RowGroup, Table
from accord.briefing.document.facts import Fact, sentence
from accord.briefing.sections.published import read_comparators
from accord.briefing.view import BriefingView
from accord.core.errors import OutputError, SolveError
from accord.core.status import Status
from tests.golden.example import build_example

DATE = dt.date(2026, 11, 24)
VOID = {"meta", "link", "br", "img", "hr", "input"}


def number(cell) -> float:
    """The number in a cell."""
    assert isinstance(cell, Fact)
    return cell.number


CHARTS = 13


@pytest.fixture(scope="module")
def briefing() -> Briefing:
    return brief(build_example(), date=DATE, length="full")


class Tags(HTMLParser):
    """Every tag with its attributes, and whether the tags close in order."""

    def __init__(self, page):
        super().__init__()
        self.tags = []
        self.open = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def of(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def test_same_inputs_same_bytes(briefing):
    again = brief(build_example(), date=DATE, length="full").html
    assert again.encode() == briefing.html.encode()


def test_only_the_date_changes_with_the_date(briefing):
    later = brief(build_example(), date=dt.date(2027, 1, 2), length="full").html
    assert later != briefing.html
    back = later.replace("2027-01-02", "2026-11-24").replace("2 January 2027", "24 November 2026")
    assert back.replace("2\u00a0January\u00a02027", "24\u00a0November\u00a02026") == briefing.html


def test_well_formed_and_self_contained(briefing):
    page = Tags(briefing.html)
    assert page.open == []
    for tag, attributes in page.tags:
        assert tag not in ("script", "iframe", "object", "embed", "base")
        address = attributes.get("src") or (attributes.get("href") if tag == "link" else None)
        assert address is None or address.startswith("data:")
        assert not any(name.startswith("on") for name in attributes)
    (css,) = re.findall(r"<style>(.*?)</style>", briefing.html, re.DOTALL)
    assert "url(" not in css
    assert "@import" not in css


def test_ids_are_unique_and_anchors_lead_somewhere(briefing):
    page = Tags(briefing.html)
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    anchors = [link["href"][1:] for link in page.of("a") if link["href"].startswith("#")]
    assert len(anchors) > 10
    assert set(anchors) <= set(ids)
    for attributes in (attributes for _, attributes in page.tags):
        for name in attributes.get("aria-labelledby", "").split():
            assert name in ids


def test_headings_never_skip_a_level(briefing):
    levels = [int(tag[1]) for tag, _ in Tags(briefing.html).tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_every_drawing_has_words_and_a_table(briefing):
    page = Tags(briefing.html)
    assert page.of("html")[0]["lang"] == "en"
    drawings = [tag for tag in page.of("svg") if "aria-labelledby" in tag]
    assert len(drawings) == len(page.of("svg")) == 2 * CHARTS
    assert all(drawing["role"] == "img" for drawing in drawings)
    assert len(page.of("title")) == 1 + 2 * CHARTS
    assert len(page.of("desc")) == 2 * CHARTS
    assert len(page.of("figure")) == CHARTS
    assert briefing.html.count("The numbers behind this chart") == CHARTS


def test_text_from_the_deal_file_is_escaped_and_only_web_links_are_links(briefing):
    assert "<Federal>" not in briefing.html
    assert "&lt;Federal&gt;" in briefing.html
    links = [link["href"] for link in Tags(briefing.html).of("a")]
    assert "https://example.org/notice?a=1&b=2" in links
    assert not any("javascript" in link for link in links)


def test_weak_sources_are_flagged_where_they_are_used(briefing):
    assert 'class="flag" title="grade C: single secondary copy' in briefing.html
    assert briefing.html.count('class="flag"') >= 4


def test_it_says_what_is_not_priced_before_the_ledger(briefing):
    page = briefing.html
    assert page.index("What is not counted") < page.index('id="ledger"')
    for words in ("only the risk of a currency crash", "no country retaliates", "not a loss"):
        assert words.lower() in page.lower()


def test_three_to_five_key_points_made_from_facts(briefing):
    points = briefing.document.key_points
    assert 3 <= len(points) <= 5
    assert all(point.facts for point in points)
    assert briefing.document.standfirst.facts
    assert 1 <= briefing.document.minutes.number <= 15


def test_numbers_reach_prose_only_as_facts_or_names(briefing):
    points = [point.whole for point in briefing.document.key_points]
    for prose in (briefing.document.headline, briefing.document.standfirst, *points):
        for piece in prose.pieces:
            if piece.fact is None and any(letter.isdigit() for letter in piece.text):
                raise AssertionError(piece)


def test_our_export_change_stands_beside_the_published_one(briefing):
    section = next(part for part in briefing.document.sections if part.id == "comparison")
    table = next(block for block in section.blocks if isinstance(block, Table))
    published, ours, _ = table.groups[0].rows
    assert number(published.cells[1]) == -12.5
    expected = build_example().world.flows[0, 1, 2] * (0.31 - 0.62)
    assert number(ours.cells[1]) == pytest.approx(expected)


def test_comparators_need_exactly_these_parties():
    assert read_comparators(["KOR", "USA"])[0].who.startswith("Dean Baker")
    assert read_comparators(["USA", "JPN"]) == ()
    assert read_comparators(["USA", "KOR", "JPN"]) == ()


def test_the_ledger_holds_the_assessment_and_adds_up(briefing):
    section = next(part for part in briefing.document.sections if part.id == "ledger")
    table = next(block for block in section.blocks if isinstance(block, Table))
    frame = build_example().to_frame("welfare")
    keys = {"package": "signed", "against": "no_deal", "region": "KOR"}
    for key, name in keys.items():
        frame = frame[frame[key] == name]
    rows = {str(row.heading): row for row in table.groups[0].rows}
    signed = rows["The memorandum of 14 November 2025"].cells
    expected = frame.iloc[0]
    assert [number(cell) for cell in signed[:4]] == pytest.approx(
        [expected["tariff_part"], expected["transfer_part"], expected["ev"], expected["change"]]
    )
    assert number(signed[0]) + number(signed[1]) == pytest.approx(number(signed[2]))
    assert isinstance(signed[2], Fact)
    assert signed[2].interval == pytest.approx((expected["low"], expected["high"]))
    assert rows["No deal"].cells[:4] == (None,) * 4


def test_charts_keep_the_numbers_of_their_tables(briefing):
    charts = [briefing.document.picture, *briefing.document.balance]
    charts += [
        block
        for section in briefing.document.sections
        for block in section.blocks
        if isinstance(block, Chart)
    ]
    assert [chart.id for chart in charts] == [
        "bargain-plane",
        "balance-kor",
        "balance-usa",
        "verdict-payoffs",
        "verdict-tornado",
        "welfare",
        "sectors",
        "origins",
        "money-bridge",
        "money-cash",
        "currency-dollar",
        "currency-capacity",
        "gains-map",
    ]
    for chart in charts:
        values = [number(cell) for group in chart.table.groups for row in group.rows
                  for cell in row.cells if cell is not None]  # fmt: skip
        drawn = {repr(value) for shown in values for value in (shown, 100 * shown)}
        assert any(value in chart.wide for value in drawn)
        assert any(value in chart.narrow for value in drawn)


def test_the_european_union_is_one_exporter():
    view = BriefingView(build_example())
    assert view.origins == ("KOR", "JPN", "MEX", "ROW", "EU")
    assert view.exports("baseline", "EU", "motor_vehicles") == pytest.approx(42.0)


@pytest.mark.parametrize("status", [Status.MAX_STEPS.name, Status.DIVERGED.name.lower()])
def test_an_unconverged_result_is_refused(status):
    with pytest.raises(SolveError, match="no briefing is written") as caught:
        brief(build_example(status=status), date=DATE)
    assert not caught.value.status.ok


def test_a_result_with_nan_is_refused():
    def change(name, frame):
        if name == "welfare":
            frame["ev"] = float("nan")
        return frame

    with pytest.raises(ValueError, match="finite"):
        brief(build_example(change=change), date=DATE)


def test_signs_choose_the_words():
    def change(name, frame):
        if name == "welfare":
            frame[["tariff_part", "ev"]] *= -1.0
            frame["transfer_part"] = 0.0
            frame["low"] = frame["ev"]
            frame["high"] = frame["ev"]
        return frame

    year = str(year_points(brief(build_example(change=change), date=DATE))[0])
    assert year.startswith("South Korea: the deal brings +5.8\u00a0bn\u00a0USD a year")
    assert "transfer" not in year


def year_points(briefing):
    ledger = next(section for section in briefing.document.sections if section.id == "ledger")
    return next(block for block in ledger.blocks if isinstance(block, Bullets)).items


def test_the_headline_says_who_gains_and_loses():
    def lose(name, frame):
        if name == "payoffs":
            korea = frame["region"] == "KOR"
            frame.loc[korea, ["payoff", "low", "high", "gain_chance"]] = [-7.0, -9.0, 2.0, 0.05]
        return frame

    headline = str(brief(build_example(change=lose), date=DATE).document.headline)
    assert headline == "Washington gains from the deal; Seoul loses"


def test_parts_of_the_verdict_add_up_in_its_table(briefing):
    verdict = next(section for section in briefing.document.sections if section.id == "verdict")
    table = next(block for block in verdict.blocks if isinstance(block, Table))
    for group in table.groups:
        for row in group.rows:
            payoff, _, *parts = row.cells
            assert sum(map(number, parts)) == pytest.approx(number(payoff))


def test_save_writes_the_page(briefing, tmp_path):
    path = briefing.save(tmp_path / "page.html")
    assert path.read_text(encoding="utf-8") == briefing.html


def test_a_full_disk_leaves_the_old_page(briefing, tmp_path, monkeypatch):
    path = tmp_path / "page.html"
    path.write_text("old", encoding="utf-8")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space left"):
        briefing.save(path)
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_folder_is_a_clear_error(briefing, tmp_path):
    with pytest.raises(OutputError, match="cannot write"):
        briefing.save(tmp_path / "none" / "page.html")


def test_a_table_with_a_missing_cell_is_refused():
    row = Row(sentence("a"), ())
    with pytest.raises(ValueError, match="0 cells for 1 columns"):
        Table("t", "T", sentence("u"), (Column("a"), Column("b")), (RowGroup(None, (row,)),))


def test_a_notebook_shows_the_page_in_a_frame(briefing):
    shown = briefing._repr_html_()
    assert shown.startswith("<iframe srcdoc=")
    assert "<!DOCTYPE" not in shown


def test_reading_time_counts_words(briefing):
    words = sum(len(str(prose).split()) for prose in briefing.document.prose())
    assert briefing.document.minutes.number == -(-words // 220)
    assert any(isinstance(b, Paragraph) for s in briefing.document.sections for b in s.blocks)
