"""What a person reads while Loopcard starts: whole lines, in the order in which things happen."""

import subprocess
from pathlib import Path

import pytest

from hiring.config import ROOT

# Stands in for Python: the database is current, and set-up says something on both ways out.
PYTHON = """#!/bin/sh
case "$*" in
    *machine.database*) echo current ;;
    *set-up*) echo "$SAID" >&2; echo "Sign in at here"; exit "$CODE" ;;
esac
"""
SCRIPT = """
set -eu
. machine/telling.sh
. machine/server.sh
step "3/4 Database"
prepare_database
printf '%s\\n' "$sign_in" >&2
"""
LOADED = "The tech-lead bank is loaded.\nA sample opening is loaded."
STARTS = {
    "a first start": (LOADED, 0, f"3/4 Database ... ready\n{LOADED}\nSign in at here\n"),
    "a start that fails": (
        "Traceback: the disk is full",
        1,
        "3/4 Database ... failed\n\nTraceback: the disk is full\n\nThe installation can't be set up; the lines above say why.\n",
    ),
}


@pytest.mark.parametrize(("said", "code", "expected"), STARTS.values(), ids=STARTS)
def test_a_line_of_progress_stays_whole(tmp_path: Path, said: str, code: int, expected: str) -> None:
    python = tmp_path / "python"
    python.write_text(PYTHON)
    python.chmod(0o700)
    settings = {"PATH": "/usr/bin:/bin", "SAID": said, "CODE": str(code), "py": str(python), "TMPDIR": str(tmp_path)}
    done = subprocess.run(["/bin/sh", "-c", SCRIPT], cwd=ROOT, env=settings, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (code, expected)
    assert [path.name for path in tmp_path.iterdir()] == ["python"], "nothing is left lying about"
