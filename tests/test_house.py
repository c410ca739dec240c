"""The house keeps its own rules: sizes, names, places, and what each file may hold."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

ROOT = Path(__file__).resolve().parent.parent
FEATURES = ("accounts", "bank", "interviewers", "openings", "loops", "scorecards", "debrief", "home")
MIGRATIONS = ROOT / "hiring" / "migrations" / "versions"
LONGEST_FILE, LONGEST_FUNCTION, LONGEST_VIEW = 300, 40, 20
JUNK = {"utils", "util", "helpers", "common", "misc", "base", "core", "lib", "shared"}

CODE = sorted(path for folder in ("hiring", "tests") for path in (ROOT / folder).rglob("*.py")) + [ROOT / "app.py"]
OWN = [path for path in CODE if MIGRATIONS not in path.parents]
TEXTS = sorted(path for folder in ("templates", "static/css", "static/js") for path in (ROOT / folder).rglob("*") if path.is_file())
MACHINE = sorted(path for path in (ROOT / "machine").iterdir() if path.is_file())
CONTENT = sorted((ROOT / "hiring").rglob("*.yaml"))


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


@pytest.mark.parametrize("path", [*CODE, *TEXTS, *CONTENT, *MACHINE, ROOT / "run"], ids=name)
def test_no_file_is_longer_than_300_lines(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize("path", CODE, ids=name)
def test_no_function_is_longer_than_40_lines(path: Path) -> None:
    assert [node.name for node in functions(path) if length(node) > LONGEST_FUNCTION] == []


@pytest.mark.parametrize("path", sorted((ROOT / "hiring").rglob("*views.py")), ids=name)
def test_views_parse_ask_and_answer_in_20_lines(path: Path) -> None:
    body = {node.name: length(node) for node in functions(path) if node.decorator_list}
    assert {view: lines for view, lines in body.items() if lines > LONGEST_VIEW} == {}


@pytest.mark.parametrize("path", OWN, ids=name)
def test_every_module_says_in_one_sentence_what_it_is(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text()))


@pytest.mark.parametrize("path", OWN, ids=name)
def test_no_drawer_for_junk(path: Path) -> None:
    assert path.stem not in JUNK
    assert path.parent.name not in JUNK


@pytest.mark.parametrize("path", [path for path in CODE if "hiring" in path.parts], ids=name)
def test_no_first_party_import_hides_in_a_function(path: Path) -> None:
    hidden = [
        ast.unparse(inner)
        for node in functions(path)
        for inner in ast.walk(node)
        if isinstance(inner, ast.ImportFrom | ast.Import) and "hiring" in ast.unparse(inner)
    ]
    assert hidden == []


@pytest.mark.parametrize("path", [path for path in CODE if "hiring" in path.parts], ids=name)
def test_only_the_database_module_and_the_commands_commit(path: Path) -> None:
    if path == ROOT / "hiring" / "db.py":
        return
    assert ".commit(" not in path.read_text()


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.html")), ids=name)
def test_templates_hold_no_inline_script_or_style(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"\son[a-z]+=", text)
    if "pdf" not in path.parts:
        assert not re.search(r"<style|\sstyle=", text)


@pytest.mark.parametrize("path", [*sorted((ROOT / "templates").rglob("*.html")), *TEXTS], ids=name)
def test_pages_fetch_nothing_from_other_hosts(path: Path) -> None:
    if path.suffix not in {".html", ".css", ".js"}:
        return
    found = re.findall(r"(?:src|href|url\(|import)[=(\s\"']+https?://[^\s\"')]+", path.read_text())
    assert found == []


def test_a_view_is_named_like_its_endpoint_and_template(app: Flask) -> None:
    wrong = []
    for feature in FEATURES:
        for path in sorted((ROOT / "hiring" / feature).glob("*views.py")):
            rendered = set(re.findall(rf'"{feature}/([a-z_]+)\.html"', path.read_text()))
            endpoints = {rule.endpoint.split(".")[1] for rule in app.url_map.iter_rules() if rule.endpoint.startswith(feature + ".")}
            wrong += [f"{feature}/{one}" for one in rendered if not one.startswith("_") and one not in endpoints]
    assert wrong == []


def test_every_page_template_is_rendered_by_somebody() -> None:
    code = "".join(path.read_text() for path in (ROOT / "hiring").rglob("*.py"))
    templates = "".join(path.read_text() for path in (ROOT / "templates").rglob("*.html"))
    unused = [
        name(path) for path in (ROOT / "templates").rglob("*.html") if str(path.relative_to(ROOT / "templates")) not in code + templates
    ]
    assert unused == []


def test_undefined_names_in_templates_are_errors(app: Flask) -> None:
    assert app.jinja_env.undefined.__name__ == "StrictUndefined"


def test_the_web_process_does_not_load_what_lives_in_child_processes(tmp_path: Path) -> None:
    """Half a second and 90 MB that no page needs, and what a file can keep busy."""
    script = "import sys, app; print([m for m in ('ortools', 'weasyprint', 'numpy', 'icalendar') if m in sys.modules])"
    environment = {**os.environ, "LOOPCARD_INSTANCE": str(tmp_path)}
    out = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
