"""Pages of scorecards: one's own list, the kit of a seat, the card while it is filled, and the card to be read."""

import hmac
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from hiring.db import db, now
from hiring.errors import HiringError, Invalid, NotFound
from hiring.loops.queries import get_seat, has_other_cards_in, list_missing_cards
from hiring.loops.rules import LoopState
from hiring.permissions import Can, ensure
from hiring.scorecards import actions, queries
from hiring.scorecards.forms import AmendmentForm, CardForm, parse_card
from hiring.scorecards.models import Scorecard
from hiring.scorecards.plain import write_card
from hiring.scorecards.rules import LONGEST_NOTE, TAKES_CARDS, Given, check_amendable
from hiring.scorecards.sheet import Kit, find_counting, find_differences, thin
from hiring.scorecards.training import CLOSE
from hiring.web import answer_form, current_actor

blueprint = Blueprint("scorecards", __name__, url_prefix="/scorecards")
Page = str | Response | tuple[Any, int]


@blueprint.get("/")
def list_scorecards() -> Page:
    ensure(current_actor(), Can.USE)
    return render_template("scorecards/list_scorecards.html", desk=queries.read_desk(current_actor().id, now()))


@blueprint.route("/seat/<seat_id>", methods=["GET", "POST"])
def open_scorecard(seat_id: str) -> Page:
    actor, seat = current_actor(), get_seat(seat_id)
    ensure(actor, Can.READ_KIT, seat)
    if request.method == "POST":
        card = actions.open_card(actor, seat)
        return redirect(url_for("scorecards.edit_scorecard", card_id=card.id), 303)
    is_mine = actor.id == seat.interviewer_id
    return render_template(
        "scorecards/open_scorecard.html",
        seat=seat,
        kit=queries.read_blank_kit(seat),
        is_mine=is_mine,
        card=queries.find_card_of_seat(seat) if is_mine else None,
        takes_cards=seat.loop.state in TAKES_CARDS,
    )


@blueprint.route("/<card_id>", methods=["GET", "POST"])
def edit_scorecard(card_id: str) -> Page:
    card = queries.get_card(card_id)
    ensure(current_actor(), Can.FILL_SCORECARD, card)
    kit = queries.read_kit(card)
    if request.method == "POST":
        return _take(card, kit, parse_card(request.form, kit))
    if card.is_submitted or not card.takes_entries:
        return redirect(url_for("scorecards.show_scorecard", card_id=card.id), 303)
    return _draw(card, kit, kit.entries.fields())


@blueprint.post("/<card_id>/draft")
def save_scorecard(card_id: str) -> Page:
    actor, card = current_actor(), queries.get_card(card_id)
    ensure(actor, Can.FILL_SCORECARD, card)
    kit = queries.read_kit(card)
    form = parse_card(request.form, kit)
    try:
        form.check()
        saved = actions.save_card(actor, card, form.entries, form.version, form.key)
    except actions.StaleCard as error:
        kept = error.kept.fields()
        rows = [vars(one) for one in find_differences(kit, form.fields, kept)]
        return {"error": str(error), "version": error.version, "differences": rows, "kept": kept}, error.status
    return {"version": saved.version, "saved_at": saved.at.isoformat()}, 200


@blueprint.get("/seat/<seat_id>/card")
def read_seat(seat_id: str) -> Page:
    """The card of a seat, for whoever may read it: pages that know the panel but no cards lead here."""
    card = queries.find_card_of_seat(get_seat(seat_id))
    if card is None:
        raise NotFound
    ensure(current_actor(), Can.READ_SCORECARD, card)
    return redirect(url_for("scorecards.show_scorecard", card_id=card.id), 303)


@blueprint.get("/<card_id>/read")
def show_scorecard(card_id: str) -> Page:
    actor, card = current_actor(), queries.get_card(card_id)
    ensure(actor, Can.READ_SCORECARD, card)
    is_mine, kit, amended = actor.id == card.interviewer_id, queries.read_kit(card), queries.list_amended(card)
    return render_template(
        "scorecards/show_scorecard.html",
        card=card,
        seat=card.seat,
        kit=kit,
        amended=amended,
        counting={skill_id: find_counting(said) for skill_id, said in amended.items()},
        plain=write_card(queries.read_head(card), kit, amended) if card.is_submitted else None,
        missing=[one.said for one in list_missing_cards(card.loop)],
        is_mine=is_mine,
        is_final=card.opens_after_own and has_other_cards_in(card.seat),
        may_amend=is_mine and card.is_submitted and card.loop.state is LoopState.REVEALED,
    )


@blueprint.get("/<card_id>/compare")
def compare_shadow(card_id: str) -> Page:
    """A shadow's card beside the lead's, skill by skill, once the panel is revealed."""
    card = queries.get_card(card_id)
    ensure(current_actor(), Can.COMPARE_SHADOW, card)
    compared, kit = queries.compare_card(card), queries.read_kit(card)
    return render_template("scorecards/compare_shadow.html", card=card, seat=card.seat, kit=kit, compared=compared, close=CLOSE)


@blueprint.app_context_processor
def _offer_training() -> dict[str, Any]:
    """What somebody has shown as a shadow, also for the page on which people say what they can judge."""
    return {"training_of": queries.read_training}


@blueprint.get("/<card_id>/revisions")
def list_revisions(card_id: str) -> Page:
    """The author's own earlier versions of a card."""
    card = queries.get_card(card_id)
    ensure(current_actor(), Can.FILL_SCORECARD, card)
    revisions, is_whole = queries.read_revisions(card), "every" in request.args
    return render_template(
        "scorecards/list_revisions.html",
        card=card,
        seat=card.seat,
        labels=queries.read_kit(card).labels(),
        revisions=revisions[::-1] if is_whole else thin(revisions),
        saves=len(revisions),
        refused=queries.list_refused(card, revisions),
    )


@blueprint.route("/<card_id>/revisions/<int:number>", methods=["GET", "POST"])
def show_revision(card_id: str, number: int) -> Page:
    """An earlier version beside what stands on the card now; put back, it becomes the newest one."""
    card = queries.get_card(card_id)
    ensure(current_actor(), Can.FILL_SCORECARD, card)
    revision = next((one for one in queries.read_revisions(card) if one.number == number), None)
    if revision is None:
        raise NotFound
    said = {"told": "Saved", "at": revision.saved_at, "because": "", "question": "The whole card becomes as it was at this revision."}
    return _answer_version("scorecards/show_revision.html", card, revision.fields, heading=f"Revision {number}", **said)


@blueprint.route("/<card_id>/refused/<refused_id>", methods=["GET", "POST"])
def show_refused(card_id: str, refused_id: str) -> Page:
    """What the card could not take when it was typed, beside what stands on it now."""
    card = queries.get_card(card_id)
    ensure(current_actor(), Can.FILL_SCORECARD, card)
    refused = next((one for one in queries.list_refused(card) if one.id == refused_id), None)
    if refused is None:
        raise NotFound
    question = "These fields become as they were typed."
    said = {"told": "Typed", "at": refused.refused_at, "because": refused.because, "question": question}
    return _answer_version("scorecards/show_refused.html", card, refused.fields, heading="Refused text", **said)


@blueprint.route("/<card_id>/amend/<skill_id>", methods=["GET", "POST"])
def amend_mark(card_id: str, skill_id: str) -> Page:
    """What the author would give now, after the reveal; it stands beside the sealed mark."""
    actor, card = current_actor(), queries.get_card(card_id)
    ensure(actor, Can.FILL_SCORECARD, card)
    kit = queries.read_kit(card)
    skill = kit.skill(skill_id)
    sealed = kit.entries.skills[skill_id]
    check_amendable(card.state, card.loop.state)
    form, error = AmendmentForm(), None
    if form.validate_on_submit():
        try:
            actions.amend_mark(actor, card, skill_id, Given(form.given.data), form.reason.data or "")
        except Invalid as invalid:
            error = invalid
        else:
            flash("The amendment stands beside your sealed mark, for the whole panel to read.")
            return redirect(url_for("scorecards.show_scorecard", card_id=card.id, _anchor=f"skill-{skill_id}-name"), 303)
    return answer_form("scorecards/amend_mark.html", form, error, card=card, seat=card.seat, skill=skill, sealed=sealed)


@blueprint.post("/<card_id>/withdraw")
def withdraw_scorecard(card_id: str) -> Page:
    actor, card = current_actor(), queries.get_card(card_id)
    ensure(actor, Can.FILL_SCORECARD, card)
    actions.withdraw_scorecard(actor, card)
    flash("The scorecard is a draft again. It counts once more when you submit it.")
    return redirect(url_for("scorecards.edit_scorecard", card_id=card.id), 303)


def _answer_version(template: str, card: Scorecard, fields: Mapping[str, str], *, heading: str, **words: Any) -> Page:
    """An earlier version, or a text that was refused: shown beside the card as it stands, or put back on it."""
    kit = queries.read_kit(card)
    if request.method == "POST":
        actions.save_card(current_actor(), card, parse_card(fields, kit).entries, card.version)
        flash(f"{heading} is on the card again. What it replaced is kept as a revision too.")
        return redirect(url_for("scorecards.edit_scorecard", card_id=card.id), 303)
    stands = kit.entries.fields()
    return render_template(
        template,
        card=card,
        seat=card.seat,
        heading=heading,
        back=request.path,
        differences=find_differences(kit, {**stands, **fields}, stands),
        may_restore=not card.is_submitted and card.takes_entries,
        **words,
    )


def _take(card: Scorecard, kit: Kit, form: CardForm) -> Page:
    """Save or submit what was sent, or show it again, as typed, with what stands against it."""
    actor, is_submit = current_actor(), request.form.get("do") == "submit"
    try:
        form.check()
        if is_submit:
            actions.submit_scorecard(actor, card, form.entries, form.version, form.accepts_unsupported)
        else:
            actions.save_card(actor, card, form.entries, form.version)
    except HiringError as error:
        return _draw_again(card.id, kit, form, error)
    if is_submit:
        flash("Your scorecard is in." if card.opens_after_own else "Your scorecard is in. It stays sealed until the panel is revealed.")
        return redirect(url_for("scorecards.show_scorecard", card_id=card.id), 303)
    flash("Draft saved.")
    return redirect(url_for("scorecards.edit_scorecard", card_id=card.id), 303)


def _draw_again(card_id: str, kit: Kit, form: CardForm, error: HiringError) -> Page:
    db.session.rollback()
    card, differences, version = queries.get_card(card_id), (), form.version
    if isinstance(error, actions.StaleCard):
        differences, version = find_differences(kit, form.fields, error.kept.fields()), error.version
    return _draw(card, kit, form.fields, error=error, differences=differences, version=version), error.status


def _make_key(card: Scorecard) -> str:
    """What the author's browser closes unsaved text with: 256 bits in hexadecimals, another one after each submission."""
    said = f"draft {card.id} {card.interviewer_id} {card.draft_salt}"
    return hmac.digest(current_app.config["SECRET_KEY"].encode(), said.encode(), "sha256").hex()


def _draw(card: Scorecard, kit: Kit, fields: Mapping[str, str], *, error: HiringError | None = None, **more: Any) -> str:
    """The page of a card with `fields` in it; `error` brings a sentence for the top and one for each faulty field."""
    return render_template(
        "scorecards/edit_scorecard.html",
        card=card,
        seat=card.seat,
        kit=kit,
        fields=fields,
        problem=str(error) if error else "",
        faults=getattr(error, "fields", {}),
        longest=LONGEST_NOTE,
        key=_make_key(card),
        **{"version": card.version, "differences": (), **more},
    )
