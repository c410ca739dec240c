"""Pages of the debrief: candidates side by side, one candidate with the whole panel, the reveal, the decision, the documents."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as BaseResponse

from hiring.db import now
from hiring.debrief import actions, queries
from hiring.debrief.forms import AMENDED, BreakForm, DecideForm, ReopenForm, offer_marks
from hiring.debrief.pdf import render_comparison, render_scorecard
from hiring.debrief.queries import Debrief
from hiring.debrief.rules import MOST_COMPARED, Outcome, check_breakable
from hiring.debrief.sheet import Sheet
from hiring.errors import HiringError, Invalid, NotFound
from hiring.loops.models import Loop
from hiring.loops.queries import list_missing_cards
from hiring.loops.rules import LoopState
from hiring.permissions import Can, allows, ensure
from hiring.web import answer_form, current_actor

blueprint = Blueprint("debrief", __name__, url_prefix="/debrief")
Page = str | BaseResponse | tuple[str, int]


def _debrief(key: str) -> Debrief:
    debrief = queries.get_debrief(key)
    ensure(current_actor(), Can.READ_DEBRIEF, debrief)
    return debrief


def _loop(key: str, candidacy_id: str, can: Can = Can.READ_RESULT) -> tuple[Debrief, Loop]:
    debrief = queries.get_debrief(key)
    loop = debrief.loop_of(candidacy_id)
    if loop is None:
        raise NotFound
    ensure(current_actor(), can, loop)
    return debrief, loop


def _chosen(debrief: Debrief) -> list[str]:
    """The candidates that the address names; without any, the first that fit on a page."""
    readable = [loop.candidacy_id for loop in queries.list_revealed(current_actor(), debrief)]
    named = request.args.getlist("candidate")
    return [one for one in readable if one in named] if named else readable[:MOST_COMPARED]


@blueprint.get("/<key>")
def show_debrief(key: str) -> Page:
    debrief = _debrief(key)
    actor, chosen = current_actor(), _chosen(debrief)
    return render_template(
        "debrief/show_debrief.html",
        debrief=debrief,
        opening=debrief.opening,
        sheet=queries.read_sheet(actor, debrief, chosen),
        revealed=queries.list_revealed(actor, debrief),
        panels=queries.list_panels(actor, debrief),
        chosen=chosen,
        most=MOST_COMPARED,
    )


def _answer_candidate(debrief: Debrief, loop: Loop, form: FlaskForm, error: HiringError | None = None) -> Page:
    """The page of one candidate; `form` is the one that its state calls for."""
    sheet = queries.read_sheet(current_actor(), debrief, [loop.candidacy_id], alone=True)
    may_rule = loop.state is LoopState.REVEALED and allows(current_actor(), Can.DECIDE, loop)
    data = {"opening": debrief.opening, "run": loop, "sheet": sheet, "candidate": next(iter(sheet.candidates), None), "may_rule": may_rule}
    return answer_form("debrief/show_candidate.html", form, error, **data)


@blueprint.get("/<key>/<candidacy_id>")
def show_candidate(key: str, candidacy_id: str) -> Page:
    debrief, loop = _loop(key, candidacy_id)
    return _answer_candidate(debrief, loop, ReopenForm() if queries.find_decision(loop) else DecideForm())


def _back(loop: Loop, place: str | None = None) -> BaseResponse:
    return redirect(url_for("debrief.show_candidate", key=loop.opening.slug, candidacy_id=loop.candidacy_id, _anchor=place), 303)


@blueprint.post("/<key>/<candidacy_id>/reveal")
def reveal_panel(key: str, candidacy_id: str) -> Page:
    debrief, loop = _loop(key, candidacy_id, Can.REVEAL)
    actions.reveal_panel(current_actor(), loop)
    flash(f"The panel on {loop.candidacy.name} is revealed: whoever sat on it, and whoever runs the opening, can read its marks.")
    return redirect(url_for("debrief.show_debrief", key=debrief.opening.slug), 303)


@blueprint.route("/<key>/<candidacy_id>/break", methods=["GET", "POST"])
def break_seal(key: str, candidacy_id: str) -> Page:
    """Reveal a panel although cards are missing: first who is late, then why."""
    debrief, loop = _loop(key, candidacy_id, Can.REVEAL)
    check_breakable(loop.state, cards_in=queries.count_cards_in(loop)[0], reason="asked for below")
    form = BreakForm()
    if not form.validate_on_submit():
        standing = {"panel": queries.read_panel(loop), "missing": list_missing_cards(loop), "moment": now()}
        return answer_form("debrief/break_seal.html", form, opening=debrief.opening, run=loop, **standing)
    actions.break_seal(current_actor(), loop, form.reason.data or "")
    flash(f"The panel on {loop.candidacy.name} is revealed early. The panel reads why, and whose card was not in.")
    return _back(loop)


@blueprint.post("/<key>/reveal")
def reveal_ready(key: str) -> Page:
    debrief = _debrief(key)
    revealed = actions.reveal_ready(current_actor(), debrief)
    flash("Revealed: " + ", ".join(loop.candidacy.name for loop in revealed) + ".")
    return redirect(url_for("debrief.show_debrief", key=debrief.opening.slug), 303)


@blueprint.post("/<key>/<candidacy_id>/decide")
def decide(key: str, candidacy_id: str) -> Page:
    debrief, loop = _loop(key, candidacy_id, Can.DECIDE)
    form = DecideForm()
    if not form.validate_on_submit():
        ensure(current_actor(), Can.READ_RESULT, loop)
        return _answer_candidate(debrief, loop, form)
    actions.decide(current_actor(), loop, Outcome(form.outcome.data), form.reason.data or "")
    flash(f"The decision on {loop.candidacy.name} is on record.")
    return _back(loop)


@blueprint.route("/<key>/<candidacy_id>/amendments/<amendment_id>", methods=["GET", "POST"])
def rule_on_amendment(key: str, candidacy_id: str, amendment_id: str) -> Page:
    """Which counts, the sealed mark or the amended one: what each would make of the scores, and why."""
    debrief, loop = _loop(key, candidacy_id, Can.DECIDE)
    ensure(current_actor(), Can.READ_RESULT, loop)
    choice = queries.read_choice(current_actor(), debrief, loop, amendment_id)
    form, error = offer_marks(choice.entry.sealed, choice.amendment.given, is_amended=choice.holds), None
    if form.validate_on_submit():
        try:
            actions.rule_on_amendment(current_actor(), choice.amendment, counts=form.counts.data == AMENDED, reason=form.reason.data or "")
        except Invalid as invalid:
            error = invalid
        else:
            flash("On record. Scores and totals are as ruled.")
            return _back(loop, f"e-{choice.amendment.skill_id}")
    return answer_form("debrief/rule_on_amendment.html", form, error, opening=debrief.opening, run=loop, **vars(choice))


@blueprint.post("/<key>/<candidacy_id>/reopen")
def reopen(key: str, candidacy_id: str) -> Page:
    debrief, loop = _loop(key, candidacy_id, Can.DECIDE)
    form = ReopenForm()
    if not form.validate_on_submit():
        ensure(current_actor(), Can.READ_RESULT, loop)
        return _answer_candidate(debrief, loop, form)
    actions.reopen(current_actor(), loop, form.reason.data or "")
    flash(f"The decision on {loop.candidacy.name} is open again; the earlier one stays on record.")
    return _back(loop)


def _download(pdf: bytes, name: str) -> Response:
    return Response(pdf, mimetype="application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}.pdf"'})


@blueprint.get("/<key>/comparison.pdf")
def comparison_pdf(key: str) -> Page:
    debrief = _debrief(key)
    sheet: Sheet = queries.read_sheet(current_actor(), debrief, _chosen(debrief))
    return _download(render_comparison(sheet), f"comparison-{debrief.opening.slug}")


@blueprint.get("/<key>/<candidacy_id>/scorecard.pdf")
def scorecard_pdf(key: str, candidacy_id: str) -> Page:
    debrief, loop = _loop(key, candidacy_id)
    sheet = queries.read_sheet(current_actor(), debrief, [loop.candidacy_id], alone=True)
    if not sheet.candidates:
        raise NotFound
    return _download(render_scorecard(sheet), f"scorecard-{debrief.opening.slug}-{loop.candidacy_id[:8]}")
