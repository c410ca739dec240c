"""The access table: a row for every endpoint, with who gets in, and who may know that the thing exists."""

from dataclasses import dataclass, field

ALL = {"admin", "manager", "other manager", "recruiter", "ana", "ben", "shadow", "outsider"}
COORDINATORS = {"admin", "manager", "recruiter"}
OWNERS = {"admin", "manager"}
PANEL = {"ana", "ben", "shadow"}
STEWARDS = {"admin", "manager", "other manager"}
NOBODY: set[str] = set()


@dataclass(frozen=True)
class Row:
    """Who may (`allowed`), who may know but not do (`told`); everybody else is told that it doesn't exist.

    `told` of None means that the page is about the installation, not about one thing: the others get a plain refusal.
    """

    endpoint: str
    method: str
    path: str
    allowed: set[str]
    told: set[str] | None = None
    data: dict[str, str] = field(default_factory=dict)
    needs: str = ""


def row(endpoint: str, method: str, path: str, allowed: set[str], told: set[str] | None = None, needs: str = "", **data: str) -> Row:
    return Row(endpoint, method, path, allowed, told, data, needs)


PUBLIC = {
    "static": "/static/icon.svg",
    "accounts.sign_in": "/sign-in",
    "accounts.sign_in_again": "/sign-in/again",
    "accounts.accept_invitation": "/invitation/{invitation}",
    "home.health": "/health",
    "home.font": "/font/inter.woff2",
    "home.font_css": "/font.css",
}

ROWS = [
    row("home.show_home", "GET", "/", ALL),
    row("home.list_audit", "GET", "/audit", {"admin"}),
    row("accounts.sign_out", "POST", "/sign-out", ALL),
    row("accounts.list_people", "GET", "/people", {"admin"}),
    row("accounts.invite_person", "GET", "/people/invite", {"admin"}),
    row("accounts.invite_person", "POST", "/people/invite", {"admin"}),
    row("accounts.revoke_invitation", "POST", "/people/invitations/{invitation_id}/revoke", {"admin"}),
    row("accounts.edit_person", "GET", "/people/{ben}", {"admin"}),
    row("accounts.edit_person", "POST", "/people/{ben}", {"admin"}),
    row("accounts.edit_account", "GET", "/account", ALL),
    row("accounts.change_password", "GET", "/account/password", ALL),
    row("accounts.sign_out_everywhere", "POST", "/account/sign-out-everywhere", ALL),
    row("openings.create_opening", "GET", "/openings/new", STEWARDS | {"recruiter"}),
    row("openings.create_opening", "POST", "/openings/new", STEWARDS | {"recruiter"}),
    row("openings.edit_opening", "GET", "/openings/{slug}/edit", OWNERS, {"recruiter"}),
    row("openings.edit_opening", "POST", "/openings/{slug}/edit", OWNERS, {"recruiter"}),
    row("openings.move_opening", "POST", "/openings/{slug}/state", OWNERS, {"recruiter"}, state="closed"),
    row("openings.edit_rule", "GET", "/openings/{slug}/rule", OWNERS, {"recruiter"}),
    row("openings.edit_rule", "POST", "/openings/{slug}/rule", OWNERS, {"recruiter"}),
    row("openings.add_candidate", "GET", "/openings/{slug}/candidates/new", COORDINATORS, NOBODY),
    row("openings.add_candidate", "POST", "/openings/{slug}/candidates/new", COORDINATORS, NOBODY),
    row("openings.edit_candidate", "GET", "/openings/{slug}/candidates/{candidacy}", COORDINATORS, NOBODY),
    row("openings.edit_candidate", "POST", "/openings/{slug}/candidates/{candidacy}", COORDINATORS, NOBODY),
    row("openings.withdraw_candidate", "POST", "/openings/{slug}/candidates/{candidacy}/withdraw", COORDINATORS, NOBODY),
    row("openings.add_manager", "GET", "/openings/{slug}/managers", OWNERS, {"recruiter"}),
    row("openings.add_manager", "POST", "/openings/{slug}/managers", OWNERS, {"recruiter"}),
    row("openings.remove_manager", "POST", "/openings/{slug}/managers/{ben}/remove", OWNERS, {"recruiter"}),
    row("loops.show_openings", "GET", "/openings/", ALL),
    row("loops.show_opening", "GET", "/openings/{slug}", COORDINATORS, NOBODY),
    row("loops.show_plan", "GET", "/plans/{plan}", COORDINATORS, NOBODY),
    row("loops.start_plan", "GET", "/plans/start/{slug}", OWNERS, {"recruiter"}),
    row("loops.save_as_template", "GET", "/plans/{plan}/template", OWNERS, {"recruiter"}),
    row("loops.drop_template", "POST", "/plans/templates/{template}/retire", STEWARDS),
    row("loops.start_plan", "POST", "/plans/start/{slug}", OWNERS, {"recruiter"}),
    row("loops.build_plan", "POST", "/plans/{plan}/build/once", OWNERS, {"recruiter"}),
    row("loops.show_build", "GET", "/plans/{plan}/builds/{build}", OWNERS, {"recruiter"}),
    row("loops.read_progress", "GET", "/plans/{plan}/builds/{build}/progress", OWNERS, {"recruiter"}),
    row("loops.take_best", "POST", "/plans/{plan}/builds/{build}/take", OWNERS, {"recruiter"}),
    row("loops.what_if", "GET", "/plans/{plan}/what-if", OWNERS, {"recruiter"}),
    row("loops.lock_session", "POST", "/plans/{plan}/sessions/{session}/lock", OWNERS, {"recruiter"}),
    row("loops.publish_plan", "POST", "/plans/{plan}/publish", OWNERS, {"recruiter"}),
    row("loops.discard_plan", "POST", "/plans/{plan}/discard", OWNERS, {"recruiter"}),
    row("loops.add_session", "GET", "/plans/{plan}/sessions/new", OWNERS, {"recruiter"}),
    row("loops.add_session", "POST", "/plans/{plan}/sessions/new", OWNERS, {"recruiter"}),
    row("loops.edit_session", "GET", "/plans/{plan}/sessions/{session}", OWNERS, {"recruiter"}),
    row("loops.edit_session", "POST", "/plans/{plan}/sessions/{session}", OWNERS, {"recruiter"}),
    row("loops.remove_session", "POST", "/plans/{plan}/sessions/{session}/remove", OWNERS, {"recruiter"}),
    row("loops.move_session", "POST", "/plans/{plan}/sessions/{session}/move", OWNERS, {"recruiter"}, to="up"),
    row("loops.add_question", "GET", "/plans/{plan}/sessions/{session}/questions/new", OWNERS, {"recruiter"}),
    row("loops.add_question", "POST", "/plans/{plan}/sessions/{session}/questions/new", OWNERS, {"recruiter"}, question="{question}"),
    row("loops.swap_question", "GET", "/plans/{plan}/questions/{place}/swap", OWNERS, {"recruiter"}),
    row("loops.swap_question", "POST", "/plans/{plan}/questions/{place}/swap", OWNERS, {"recruiter"}, question="{question}"),
    row("loops.change_question", "POST", "/plans/{plan}/questions/{place}/pin", OWNERS, {"recruiter"}),
    row("loops.create_loop", "POST", "/openings/{slug}/candidates/{candidacy}/loop", COORDINATORS, NOBODY),
    row("loops.show_loop", "GET", "/loops/{loop}", COORDINATORS | PANEL, NOBODY),
    row("loops.seat_interviewer", "GET", "/loops/{loop}/seats/new", COORDINATORS, PANEL),
    row("loops.seat_interviewer", "POST", "/loops/{loop}/seats/new", COORDINATORS, PANEL),
    row("loops.time_seat", "GET", "/seats/{seat}/time", COORDINATORS, PANEL),
    row("loops.time_seat", "POST", "/seats/{seat}/time", COORDINATORS, PANEL),
    row("loops.staff", "POST", "/loops/{loop}/staff", COORDINATORS, PANEL),
    row("loops.replace_seat", "POST", "/seats/{seat}/replace", COORDINATORS, PANEL),
    row("loops.add_shadows", "POST", "/loops/{loop}/shadows", COORDINATORS, PANEL),
    row("loops.edit_candidate_times", "GET", "/loops/{loop}/candidate-times", COORDINATORS, PANEL),
    row("loops.edit_candidate_times", "POST", "/loops/{loop}/candidate-times", COORDINATORS, PANEL),
    row("loops.remove_candidate_time", "POST", "/loops/{loop}/candidate-times/{candidate_span}/remove", COORDINATORS, PANEL),
    row("loops.free_seat", "POST", "/seats/{seat}/free", COORDINATORS, PANEL),
    row("loops.declare_conflict", "GET", "/loops/{loop}/conflicts/new", COORDINATORS | PANEL, NOBODY),
    row("loops.declare_conflict", "POST", "/loops/{loop}/conflicts/new", COORDINATORS | PANEL, NOBODY),
    row("loops.cancel_loop", "POST", "/loops/{loop}/cancel", COORDINATORS, PANEL, reason="x"),
]

READERS = ALL
BANK = [
    row("bank.list_questions", "GET", "/bank/", READERS),
    row("bank.show_question", "GET", "/bank/questions/{question}", READERS),
    row("bank.create_question", "GET", "/bank/questions/new", STEWARDS),
    row("bank.create_question", "POST", "/bank/questions/new", STEWARDS),
    row("bank.edit_question", "GET", "/bank/questions/{question}/edit", STEWARDS),
    row("bank.edit_question", "POST", "/bank/questions/{question}/edit", STEWARDS),
    row("bank.retire_question", "POST", "/bank/questions/{question}/retire", STEWARDS),
    row("bank.activate_question", "POST", "/bank/questions/{question}/activate", STEWARDS),
    row("bank.list_skills", "GET", "/bank/skills", READERS),
    row("bank.show_skill", "GET", "/bank/skills/empathy", READERS),
    row("bank.create_skill", "GET", "/bank/skills/new", STEWARDS),
    row("bank.create_skill", "POST", "/bank/skills/new", STEWARDS),
    row("bank.edit_skill", "GET", "/bank/skills/empathy/edit", STEWARDS),
    row("bank.edit_skill", "POST", "/bank/skills/empathy/edit", STEWARDS),
    row("bank.list_frames", "GET", "/bank/frames", READERS),
    row("bank.import_bank", "GET", "/bank/import", STEWARDS),
    row("bank.import_bank", "POST", "/bank/import", STEWARDS),
    row("bank.export_bank", "GET", "/bank/export", READERS),
]

CHOOSERS = STEWARDS | {"recruiter"}
TIMES = CHOOSERS | {"ben"}
INTERVIEWERS = [
    row("interviewers.list_interviewers", "GET", "/interviewers/", CHOOSERS),
    row("interviewers.edit_interviewer", "GET", "/interviewers/{ben}", CHOOSERS),
    row("interviewers.edit_interviewer", "POST", "/interviewers/{ben}", CHOOSERS, limit="3"),
    row("interviewers.edit_times", "GET", "/interviewers/{ben}/times", TIMES),
    row("interviewers.edit_times", "POST", "/interviewers/{ben}/times", TIMES, do="add"),
    row("interviewers.edit_times", "POST", "/interviewers/{ben}/times", TIMES, do="calendar"),
    row("interviewers.remove_free_span", "POST", "/interviewers/{ben}/times/{span}/remove", TIMES),
    row("interviewers.forget_free_time", "POST", "/interviewers/{ben}/times/forget", TIMES),
]

AUTHOR = {"ana"}
SCORECARDS = [
    row("scorecards.list_scorecards", "GET", "/scorecards/", ALL),
    row("scorecards.open_scorecard", "GET", "/scorecards/seat/{ben_seat}", COORDINATORS | {"ben"}, NOBODY),
    row("scorecards.open_scorecard", "POST", "/scorecards/seat/{ben_seat}", {"ben"}, NOBODY),
    row("scorecards.edit_scorecard", "GET", "/scorecards/{card}", AUTHOR, NOBODY),
    row("scorecards.edit_scorecard", "POST", "/scorecards/{card}", AUTHOR, NOBODY, do="save"),
    row("scorecards.save_scorecard", "POST", "/scorecards/{card}/draft", AUTHOR, NOBODY),
    row("scorecards.show_scorecard", "GET", "/scorecards/{card}/read", AUTHOR, NOBODY),
    row("scorecards.list_revisions", "GET", "/scorecards/{card}/revisions", AUTHOR, NOBODY),
    row("scorecards.show_revision", "GET", "/scorecards/{card}/revisions/{revision}", AUTHOR, NOBODY),
    row("scorecards.show_revision", "POST", "/scorecards/{card}/revisions/{revision}", AUTHOR, NOBODY),
    row("scorecards.show_refused", "GET", "/scorecards/{card}/refused/{refused}", AUTHOR, NOBODY),
    row("scorecards.show_refused", "POST", "/scorecards/{card}/refused/{refused}", AUTHOR, NOBODY),
    row("scorecards.withdraw_scorecard", "POST", "/scorecards/{card}/withdraw", AUTHOR, NOBODY),
    row("scorecards.read_seat", "GET", "/scorecards/seat/{seat}/card", AUTHOR, NOBODY),
    row("scorecards.compare_shadow", "GET", "/scorecards/{shadow_card}/compare", NOBODY, NOBODY, needs="ready"),
    # Where a loop opens cards after one's own, leads whose card is in read the others; nobody else does earlier than the reveal.
    row("scorecards.show_scorecard", "GET", "/scorecards/{card}/read", AUTHOR, NOBODY, needs="own, one in"),
    row("scorecards.show_scorecard", "GET", "/scorecards/{card}/read", {"ana", "ben"}, NOBODY, needs="own, all in"),
    row("scorecards.read_seat", "GET", "/scorecards/seat/{seat}/card", {"ana", "ben"}, NOBODY, needs="own, all in"),
    row("scorecards.compare_shadow", "GET", "/scorecards/{shadow_card}/compare", NOBODY, NOBODY, needs="own, all in"),
    # After the reveal, who coordinates and who sat on the panel read the card; its author alone could write on it.
    row("scorecards.show_scorecard", "GET", "/scorecards/{card}/read", COORDINATORS | PANEL, NOBODY, needs="revealed"),
    row("scorecards.read_seat", "GET", "/scorecards/seat/{seat}/card", COORDINATORS | PANEL, NOBODY, needs="revealed"),
    row("scorecards.compare_shadow", "GET", "/scorecards/{shadow_card}/compare", COORDINATORS | {"shadow"}, NOBODY, needs="revealed"),
    row("scorecards.edit_scorecard", "POST", "/scorecards/{card}", AUTHOR, COORDINATORS | PANEL - AUTHOR, needs="revealed", do="save"),
    row("scorecards.amend_mark", "GET", "/scorecards/{card}/amend/{skill}", AUTHOR, COORDINATORS | PANEL - AUTHOR, needs="revealed"),
    row("scorecards.amend_mark", "POST", "/scorecards/{card}/amend/{skill}", AUTHOR, COORDINATORS | PANEL - AUTHOR, needs="revealed"),
]

AMENDMENT = "/debrief/{slug}/{candidacy}/amendments/{amendment}"
DEBRIEF = [
    row("debrief.show_debrief", "GET", "/debrief/{slug}", COORDINATORS | PANEL, NOBODY),
    row("debrief.show_candidate", "GET", "/debrief/{slug}/{candidacy}", NOBODY, NOBODY),
    row("debrief.show_candidate", "GET", "/debrief/{slug}/{candidacy}", COORDINATORS | PANEL, NOBODY, needs="revealed"),
    row(
        "debrief.reveal_panel",
        "POST",
        "/debrief/{slug}/{candidacy}/reveal",
        {"manager"},
        (COORDINATORS | PANEL) - {"manager"},
        needs="ready",
    ),
    row(
        "debrief.break_seal", "GET", "/debrief/{slug}/{candidacy}/break", {"manager"}, (COORDINATORS | PANEL) - {"manager"}, needs="one in"
    ),
    row(
        "debrief.break_seal",
        "POST",
        "/debrief/{slug}/{candidacy}/break",
        {"manager"},
        (COORDINATORS | PANEL) - {"manager"},
        needs="one in",
        reason="Late.",
    ),
    row("debrief.rule_on_amendment", "GET", AMENDMENT, {"manager"}, (COORDINATORS | PANEL) - {"manager"}, needs="revealed"),
    row(
        "debrief.rule_on_amendment",
        "POST",
        AMENDMENT,
        {"manager"},
        (COORDINATORS | PANEL) - {"manager"},
        needs="revealed",
        counts="amended",
        reason="Seen.",
    ),
    row("debrief.rule_on_amendment", "GET", AMENDMENT, NOBODY, (COORDINATORS | PANEL) - {"manager"}, needs="ready"),
    row("debrief.reveal_ready", "POST", "/debrief/{slug}/reveal", {"manager"}, (COORDINATORS | PANEL) - {"manager"}, needs="ready"),
    row("debrief.comparison_pdf", "GET", "/debrief/{slug}/comparison.pdf", COORDINATORS | PANEL, NOBODY),
    row("debrief.scorecard_pdf", "GET", "/debrief/{slug}/{candidacy}/scorecard.pdf", NOBODY, NOBODY, needs="ready"),
    row("debrief.scorecard_pdf", "GET", "/debrief/{slug}/{candidacy}/scorecard.pdf", COORDINATORS | PANEL, NOBODY, needs="revealed"),
    row(
        "debrief.decide", "POST", "/debrief/{slug}/{candidacy}/decide", {"manager"}, (COORDINATORS | PANEL) - {"manager"}, needs="revealed"
    ),
    row(
        "debrief.reopen", "POST", "/debrief/{slug}/{candidacy}/reopen", {"manager"}, (COORDINATORS | PANEL) - {"manager"}, needs="revealed"
    ),
]
