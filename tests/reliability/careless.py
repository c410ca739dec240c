"""gunicorn's settings for the control of the power cuts: SQLite with synchronous=NORMAL, which the app itself refuses.

gunicorn reads this before it forks, so that its workers find the table of settings changed.
"""

from hiring.sqlite import PRAGMAS

PRAGMAS["synchronous"] = ("NORMAL", 1)
