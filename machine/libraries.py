"""Loads what WeasyPrint and, for the tests, Playwright's driver load, and prints Debian's names of what can't be."""

import ctypes
import ctypes.util
import sys

PACKAGES = {
    "libpango-1.0-0": [("gobject-2.0", 0), ("pango-1.0", 0), ("harfbuzz", 0)],
    "libpangoft2-1.0-0": [("fontconfig", 1), ("pangoft2-1.0", 0)],
    "libharfbuzz-subset0": [("harfbuzz-subset", 0)],
}
PLAYWRIGHTS = {"libatomic1": [("atomic", 1)]}


def loads(name: str, version: int) -> bool:
    file = f"lib{name}.so.{version}" if sys.platform == "linux" else ctypes.util.find_library(name)
    try:
        return bool(file and ctypes.CDLL(file))
    except OSError:
        return False


wanted = PACKAGES | PLAYWRIGHTS if "tests" in sys.argv and sys.platform == "linux" else PACKAGES
print(*(package for package, files in wanted.items() if not all(loads(*file) for file in files)))
