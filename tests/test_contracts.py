"""Each import contract fails when it is broken on purpose: a contract that can't fail guards nothing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LINT = Path(sys.executable).parent / "lint-imports"

BREACHES = {
    "Features import downwards only": ("accounts/queries.py", "from hiring.debrief import rules as above"),
    "Inside a feature imports run from views to rules": ("bank/rules.py", "from hiring.bank import queries as above"),
    "Rules, solver, statistics, sheets and permissions are plain Python": ("scorecards/rules.py", "import sqlalchemy"),
    "Only the edges of the house touch Flask": ("openings/queries.py", "import flask"),
}


def lint(root: Path) -> str:
    environment = {**os.environ, "PYTHONPATH": str(root)}
    done = subprocess.run([LINT, "--no-cache"], cwd=root, env=environment, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


@pytest.mark.parametrize(("contract", "breach"), BREACHES.items(), ids=BREACHES)
def test_a_contract_fails_when_it_is_broken(tmp_path: Path, contract: str, breach: tuple[str, str]) -> None:
    shutil.copytree(ROOT / "hiring", tmp_path / "hiring", ignore=shutil.ignore_patterns("__pycache__", "content"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    path = tmp_path / "hiring" / breach[0]
    path.write_text(path.read_text() + f"\n{breach[1]}\n")
    assert f"{contract} BROKEN" in lint(tmp_path)


def test_a_drawer_that_no_contract_knows_is_refused(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "hiring", tmp_path / "hiring", ignore=shutil.ignore_patterns("__pycache__", "content"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "hiring" / "utils.py").write_text('"""A drawer for junk."""\n')
    assert "utils" in lint(tmp_path)
