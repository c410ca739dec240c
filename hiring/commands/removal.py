"""Taking the sample away, children first; people who take part in real openings stay, without access."""

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from hiring import audit
from hiring.accounts.models import Person, SignIn
from hiring.db import db
from hiring.debrief.models import Decision
from hiring.interviewers.models import FreeSpan, Interviewer, JudgedSkill
from hiring.loops.models import ConflictOfInterest, Loop, Plan, PlanQuestion, PlanSession, Seat
from hiring.openings.models import Candidacy, Candidate, Opening, OpeningManager, OpeningSkill, RuleChange
from hiring.permissions import Actor
from hiring.scorecards.models import Amendment, CardRevision, Mark, QuestionNote, Scorecard


def remove_sample(actor: Actor) -> list[str]:
    """Delete the sample's openings, candidates and people; returns the names of people who had to stay."""
    openings = select(Opening.id).where(Opening.is_sample)
    candidacies = select(Candidacy.id).where(Candidacy.opening_id.in_(openings))
    loops = select(Loop.id).where(Loop.candidacy_id.in_(candidacies))
    seats = select(Seat.id).where(Seat.loop_id.in_(loops))
    cards = select(Scorecard.id).where(Scorecard.seat_id.in_(seats))
    plans = select(Plan.id).where(Plan.opening_id.in_(openings))
    sessions = select(PlanSession.id).where(PlanSession.plan_id.in_(plans))
    for statement in (
        delete(Decision).where(Decision.loop_id.in_(loops)),
        delete(Amendment).where(Amendment.scorecard_id.in_(cards)),
        delete(CardRevision).where(CardRevision.scorecard_id.in_(cards)),
        delete(Mark).where(Mark.scorecard_id.in_(cards)),
        delete(QuestionNote).where(QuestionNote.scorecard_id.in_(cards)),
        delete(Scorecard).where(Scorecard.seat_id.in_(seats)),
        delete(Seat).where(Seat.loop_id.in_(loops)),
        delete(ConflictOfInterest).where(ConflictOfInterest.candidacy_id.in_(candidacies)),
        delete(Loop).where(Loop.candidacy_id.in_(candidacies)),
        delete(PlanQuestion).where(PlanQuestion.session_id.in_(sessions)),
        delete(PlanSession).where(PlanSession.plan_id.in_(plans)),
        delete(Plan).where(Plan.opening_id.in_(openings)),
        delete(Candidacy).where(Candidacy.opening_id.in_(openings)),
        delete(OpeningSkill).where(OpeningSkill.opening_id.in_(openings)),
        delete(OpeningManager).where(OpeningManager.opening_id.in_(openings)),
        delete(RuleChange).where(RuleChange.opening_id.in_(openings)),
        delete(Opening).where(Opening.is_sample),
        delete(Candidate).where(Candidate.is_sample, Candidate.id.not_in(select(Candidacy.candidate_id))),
    ):
        db.session.execute(statement, execution_options={"synchronize_session": False})
    db.session.expire_all()
    audit.record(actor, "sample.remove")
    return [person.name for person in db.session.scalars(select(Person).where(Person.is_sample)) if not _delete(person)]


def _delete(person: Person) -> bool:
    """Delete an account of the sample; False where something real refers to it: then it only loses its access."""
    db.session.execute(delete(SignIn).where(SignIn.person_id == person.id))
    try:
        with db.session.begin_nested():
            for table in (FreeSpan, JudgedSkill, Interviewer):
                db.session.execute(delete(table).where(table.person_id == person.id))
            db.session.delete(person)
    except IntegrityError:
        db.session.refresh(person)
        person.is_active = False
        return False
    return True
