"""What every request goes through: sign-in by default, CSRF, headers, error pages, can() for templates."""

import errno
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from flask import Flask, Response, current_app, g, redirect, render_template, request, session, url_for
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response as BaseResponse
from wtforms.fields import SelectChoice  # pyright: ignore[reportAttributeAccessIssue] - newer than its stubs

from hiring.db import SAFE_METHODS, db
from hiring.errors import Conflict, HiringError, Invalid, NotFound, Unavailable
from hiring.permissions import Actor, Can, allows

PUBLIC = {"accounts.sign_in", "accounts.sign_in_again", "accounts.accept_invitation", "home.health", "static", "home.font", "home.font_css"}
CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
RETRY_AFTER = 5
"""Seconds after which a browser or a script may try again what could not be done just now."""
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
"""No header takes a line break, and a browser skips a tab: /, tab, / would lead it to another host."""
csrf = CSRFProtect()
Loader = Callable[[str], Actor | None]


def current_actor() -> Actor:
    """Who is signed in; only for views that are not public."""
    actor: Actor | None = g.get("actor")
    if actor is None:
        raise NotFound
    return actor


def here(path: str | None) -> str | None:
    """`path` if it leads to a page of this app, else None: an open redirect helps nobody but a thief."""
    if not path or not path.startswith("/") or path.startswith(("//", "/\\")) or CONTROL.search(path):
        return None
    parts = _split(path)
    return path if parts and not parts.scheme and not parts.netloc else None


def page_here(path: str | None) -> str | None:
    """`path` if `here` accepts it and it answers a GET, as a browser that is sent there makes it."""
    found, adapter = here(path), current_app.create_url_adapter(request)
    if found is None or adapter is None:
        return None
    try:
        adapter.match(unquote(urlsplit(found).path), "GET")
    except RequestRedirect:  # only a slash is missing
        return found
    except HTTPException:
        return None
    return found


def _split(address: str) -> SplitResult | None:
    """The parts of an address; None where it can't be read as one."""
    try:
        return urlsplit(address)
    except ValueError:
        return None


def answer_form(template: str, form: FlaskForm, error: HiringError | None = None, **data: Any) -> tuple[str, int]:
    """The page of a form: 200 when it is opened, else 422 (or the error's status) with each fault at its field."""
    problem = ""
    if error is not None:
        db.session.rollback()
        problem = str(error)
        for name, sentence in getattr(error, "fields", {}).items():
            if name in form:
                form[name].errors = [*form[name].errors, sentence]
    status = error.status if error else (422 if form.is_submitted() else 200)
    return render_template(template, form=form, problem=problem, **data), status


def as_choices(labels: Mapping[Any, str]) -> list[SelectChoice]:
    """What a select field offers: value to label, in order."""
    return [SelectChoice(value, label) for value, label in labels.items()]


def wants_json() -> bool:
    """Whether the caller is one of our own scripts and not a page load."""
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def init_web(app: Flask, load_actor: Loader) -> None:
    """Guard `app`; `load_actor` tells whose token a cookie carries, so that this file needs to know no accounts."""
    csrf.init_app(app)

    def require_sign_in() -> BaseResponse | None:
        token = session.get("token")
        g.actor = load_actor(token) if isinstance(token, str) else None
        if g.actor is not None or request.endpoint in PUBLIC or request.endpoint is None:
            return None
        if wants_json():
            raise SignedOut
        session.pop("token", None)
        referrer = _split(request.referrer or "")
        wanted = request.full_path.rstrip("?") if request.method == "GET" else here(referrer.path if referrer else None)
        return redirect(url_for("accounts.sign_in", next=wanted), 303)

    app.before_request(require_sign_in)
    app.after_request(_set_headers)
    app.context_processor(lambda: {"actor": g.get("actor"), "can": _can, "Can": Can})
    app.register_error_handler(HiringError, _show_error)
    app.register_error_handler(StaleDataError, _show_stale)
    app.register_error_handler(OperationalError, _show_busy)
    app.register_error_handler(OSError, _show_full)
    app.register_error_handler(DataError, _show_unfit)
    app.register_error_handler(CSRFError, _show_csrf)
    app.register_error_handler(HTTPException, _show_http_error)
    app.register_error_handler(500, _show_failure)


class SignedOut(HiringError):
    """The session has ended while a page was open."""

    status = 401

    def __init__(self) -> None:
        super().__init__("You are signed out. Sign in again in another tab; what you typed is still here.")


def _can(can: Can, thing: Any = None) -> bool:
    return allows(g.get("actor"), can, thing)


def _set_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if response.status_code == 503:
        response.headers.setdefault("Retry-After", str(RETRY_AFTER))
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if request.endpoint not in {"static", "home.font", "home.font_css"}:
        response.headers["Cache-Control"] = "no-store"
    elif request.args.get("v"):  # the address changes with what it gives
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _answer(status: int, title: str, message: str, fields: dict[str, str] | None = None) -> tuple[Any, int]:
    if wants_json():
        return {"error": message, "fields": fields or {}}, status
    return render_template("errors/error.html", status=status, title=title, message=message), status


TITLES = {
    400: "This request can't be read",
    403: "Not yours to do",
    404: "Not found",
    405: "Not this way",
    409: "This has moved on",
    413: "Too large",
    422: "Please check this",
    500: "Something broke on our side",
    503: "Not now",
}


def _undo() -> None:
    """Nothing of this request stays, nor what it was about to tell: a message "saved" was flashed before COMMIT failed."""
    db.session.rollback()
    session.pop("_flashes", None)


def _show_error(error: HiringError) -> tuple[Any, int]:
    _undo()
    fields = getattr(error, "fields", {})
    return _answer(error.status, TITLES.get(error.status, "This did not work"), str(error), fields)


def _show_stale(_: StaleDataError) -> tuple[Any, int]:
    return _show_error(Conflict("Somebody else changed this while you had it open. Go back, reload, and make your change again."))


def _show_busy(error: OperationalError) -> tuple[Any, int]:
    current_app.logger.error("the database did not take this: %s", error)
    db.session.rollback()
    try:
        allows(g.get("actor"), Can.MANAGE_PEOPLE)  # reads their role anew, as the page will
    except OperationalError:  # the database is gone, so nobody is known
        g.actor = None
    said = "The database is busy or away, or its disk is full. Nothing of your last step was saved; please try it again."
    return _show_error(Unavailable(said))


def _show_unfit(_: DataError) -> tuple[Any, int]:
    """What PostgreSQL refuses and SQLite takes, where no form refused it before: NUL in a text, a text too long, a number too large."""
    if request.method in SAFE_METHODS:  # an address with such a thing in it is none of ours
        return _show_error(NotFound())
    return _show_error(Invalid("Something you entered can't be kept: a text is too long, a number too large, or a character is none."))


def _show_full(error: OSError) -> tuple[Any, int]:
    if error.errno not in NO_ROOM:
        raise error
    current_app.logger.error("a file could not be written: %s", error)
    return _show_error(Unavailable("The server's disk is full. Nothing of your last step was saved; please try it again."))


def _show_csrf(_: CSRFError) -> tuple[Any, int]:
    said = "Your sign-in changed since this page was opened. Go back, reload the page and send it again."
    return _answer(400, "This page is too old", said)


def _show_http_error(error: HTTPException) -> tuple[Any, int] | HTTPException:
    status = error.code or 500
    if status < 400:
        return error
    if isinstance(error, SecurityError):  # for a host that is not ours no address can be made, so no page either
        return "This address is not the one that Loopcard is set up for. LOOPCARD_URL names it.\n", status
    if status == 404:
        return _show_error(NotFound())
    said = {
        405: "This address does not take that kind of request.",
        413: "That is more than this page takes. Split it, or make it smaller.",
    }
    return _answer(status, TITLES.get(status, "This did not work"), said.get(status, error.description or "Please try again."))


def _show_failure(error: Exception) -> tuple[Any, int]:
    cause = getattr(error, "original_exception", None)
    if isinstance(cause, OperationalError):  # from COMMIT, which comes after the view, where Flask asks no other handler
        return _show_busy(cause)
    if isinstance(cause, DataError):  # likewise
        return _show_unfit(cause)
    _undo()
    return _answer(500, TITLES[500], "It has been written to the log. Nothing of your last step was saved; please try it again.")
