"""`accord new` for given parties: the file and its schema, accepted as written."""

from typer.testing import CliRunner

from accord.cli.main import app


def run(*words):
    return CliRunner().invoke(app, list(words))


def test_a_file_for_given_parties_passes_the_check(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = run("new", "us-swiss", "--parties", "USA, CHE")
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["deal.schema.json", "us-swiss.toml"]
    checked = run("check", "us-swiss.toml")
    assert checked.exit_code == 0, checked.output
    assert "no problem found" in checked.stdout
    assert "warning" not in checked.stdout
    assert "KOR" not in checked.stdout


def test_a_party_that_is_not_known_is_told_and_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = run("new", "us-swiss", "--parties", "USA,CHF")
    assert done.exit_code == 2
    assert "CHF" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_parties_by_other_names_are_read_and_said(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = run("new", "uk-mercosur", "--parties", "UK,Mercosur")
    assert done.exit_code == 0, done.output
    assert "UK is read as GBR (United Kingdom)" in done.stderr
    assert "Mercosur is read as Mercosur=ARG+BRA; BOL" in done.stderr
    text = (tmp_path / "uk-mercosur.toml").read_text(encoding="utf-8")
    assert 'parties = ["GBR", "Mercosur"]' in text
    assert 'Mercosur = ["ARG", "BRA"]' in text
    assert run("check", "uk-mercosur.toml").exit_code == 0
