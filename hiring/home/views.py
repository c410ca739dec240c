"""The first page after signing in, the audit trail, health, and the bundled font."""

from flask import Blueprint, Response, current_app, render_template, request, send_file, url_for
from sqlalchemy import text

from hiring import audit
from hiring.db import db
from hiring.home import queries
from hiring.permissions import Can, ensure
from hiring.printing import find_web_font
from hiring.web import current_actor

blueprint = Blueprint("home", __name__)
FOR_EVER = 31_536_000
"""Seconds in a year: a font's address changes with its version."""


@blueprint.get("/")
def show_home() -> str:
    ensure(current_actor(), Can.USE)
    return render_template("home/show_home.html", waiting=queries.list_waiting(current_actor()))


@blueprint.get("/audit")
def list_audit() -> str:
    ensure(current_actor(), Can.READ_AUDIT)
    act = request.args.get("act", "").strip()
    before = request.args.get("before", type=int)
    if before is not None and not 0 <= before <= audit.HIGHEST_ID:
        before = None
    events = audit.list_events(act=act, before=before)
    return render_template("home/list_audit.html", events=events, act=act, before=before)


@blueprint.get("/health")
def health() -> tuple[dict[str, str], int]:
    db.session.execute(text("SELECT 1"))
    return {"status": "ok"}, 200


@blueprint.get("/font.css")
def font_css() -> Response:
    faces = [
        f'@font-face{{font-family:"Inter";font-style:{style};font-weight:100 900;font-display:swap;'
        f'src:url("{url_for("home.font", name=name)}") format("woff2")}}'
        for name, style in (("inter.woff2", "normal"), ("inter-italic.woff2", "italic"))
    ]
    return Response("\n".join(faces), mimetype="text/css", headers={"Cache-Control": f"public, max-age={FOR_EVER}"})


@blueprint.get("/font/<name>")
def font(name: str) -> Response:
    path = find_web_font(name, current_app.instance_path)
    return send_file(path, mimetype="font/woff2", max_age=FOR_EVER)
