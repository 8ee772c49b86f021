"""`accord assess`: what it opens with."""

from typer.testing import CliRunner

from accord.assessment import assess
from accord.cli.main import app
from accord.cli.printing import print_years
from accord.deal import load
from tests.assessment.parties import HEAD, assessed, tariff
from tests.assessment.verdicts import small_result


def test_an_assessment_opens_with_its_verdict(monkeypatch):
    result = small_result()
    monkeypatch.setattr(load, "load_deal", lambda *_: result.deal)
    monkeypatch.setattr(assess, "assess", lambda *_, **__: result)
    done = CliRunner().invoke(app, ["assess", "small", "--draws", "64"])
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith(result.summary())
    words = (
        result.verdict.headline(result.deal.focus), "Payoffs against no deal", "\nAgainst no deal",
        "Welfare, bn USD a year",
    )  # fmt: skip
    places = [done.stdout.index(word) for word in words]
    assert places == sorted(places)


def test_a_deal_between_unions_prints_the_trade_of_their_members(capsys):
    """Tables are by region of the world, and a union is none of them."""
    pact = HEAD.format(parties='"EU", "PACT"', second="EU").replace("USA = 0.045, ", "")
    text = pact + '[groups]\nPACT = ["USA"]\n[no_deal]\n[[package]]\nname = "signed"\n'
    text += tariff("package", 0.0, '"EU"', "PACT", rule="level", basis="FTA")
    print_years(assessed(text), None)
    told = capsys.readouterr().out
    assert "Exports by sector" in told
    assert "Solves" in told
