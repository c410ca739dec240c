"""Reads of openings and candidates."""

from sqlalchemy import func, or_, select

from hiring.db import db
from hiring.errors import NotFound
from hiring.openings.models import Candidacy, Candidate, Opening, OpeningManager
from hiring.permissions import Actor, Can, allows


def get_opening(key: str) -> Opening:
    """The opening with this id or slug."""
    opening = db.session.scalar(select(Opening).where(or_(Opening.id == key, Opening.slug == key)))
    if opening is None:
        raise NotFound
    return opening


def list_openings(actor: Actor) -> list[Opening]:
    """The openings that `actor` may read, newest first."""
    query = select(Opening).order_by(Opening.created_at.desc(), Opening.id)
    return [opening for opening in db.session.scalars(query) if allows(actor, Can.READ_OPENING, opening)]


def list_managed(person_id: str) -> list[Opening]:
    """The openings that somebody manages, oldest first."""
    query = select(Opening).join(Opening.managers).where(OpeningManager.person_id == person_id)
    return list(db.session.scalars(query.order_by(Opening.created_at)))


def is_free(slug: str) -> bool:
    return db.session.scalar(select(func.count()).select_from(Opening).where(Opening.slug == slug)) == 0


def get_candidacy(opening: Opening, candidacy_id: str) -> Candidacy:
    candidacy = db.session.get(Candidacy, candidacy_id)
    if candidacy is None or candidacy.opening_id != opening.id:
        raise NotFound
    return candidacy


def list_candidacies(candidate: Candidate) -> list[Candidacy]:
    """Every application of one candidate, whichever the opening."""
    return list(db.session.scalars(select(Candidacy).where(Candidacy.candidate_id == candidate.id).order_by(Candidacy.created_at)))


def find_candidate(email: str) -> Candidate | None:
    return db.session.scalar(select(Candidate).where(Candidate.email == email.strip().casefold()))
