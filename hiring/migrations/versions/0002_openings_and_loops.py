"""openings and loops."""

import sqlalchemy as sa
from alembic import op


revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_candidates()
    _create_openings()
    _create_candidacies()
    _create_opening_managers()
    _create_opening_skills()
    _create_plans()
    _create_rule_changes()
    _create_conflicts_of_interest()
    _create_loops()
    _create_plan_sessions()
    _create_plan_questions()
    _create_seats()


def downgrade() -> None:
    # A table takes its indexes with it.
    for table in (
        "seats",
        "plan_questions",
        "plan_sessions",
        "loops",
        "conflicts_of_interest",
        "rule_changes",
        "plans",
        "opening_skills",
        "opening_managers",
        "candidacies",
        "openings",
        "candidates",
    ):
        op.drop_table(table)


def _create_candidates() -> None:
    op.create_table(
        "candidates",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidates")),
        sa.UniqueConstraint("email", name=op.f("uq_candidates_email")),
    )


def _create_openings() -> None:
    op.create_table(
        "openings",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("least_covered_share", sa.Double(), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("rule_sealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('draft', 'open', 'decided', 'closed')", name=op.f("ck_openings_state")),
        sa.CheckConstraint("level BETWEEN 1 AND 5", name=op.f("ck_openings_level")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_openings")),
        sa.UniqueConstraint("slug", name=op.f("uq_openings_slug")),
    )


def _create_candidacies() -> None:
    op.create_table(
        "candidacies",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("opening_id", sa.String(length=32), nullable=False),
        sa.Column("candidate_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidates.id"], name=op.f("fk_candidacies_candidate_id_candidates")),
        sa.ForeignKeyConstraint(["opening_id"], ["openings.id"], name=op.f("fk_candidacies_opening_id_openings")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidacies")),
        sa.UniqueConstraint("opening_id", "candidate_id", name=op.f("uq_candidacies_opening_id_candidate_id")),
    )
    with op.batch_alter_table("candidacies", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_candidacies_candidate_id"), ["candidate_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_candidacies_opening_id"), ["opening_id"], unique=False)


def _create_opening_managers() -> None:
    op.create_table(
        "opening_managers",
        sa.Column("opening_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["opening_id"], ["openings.id"], name=op.f("fk_opening_managers_opening_id_openings")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_opening_managers_person_id_people")),
        sa.PrimaryKeyConstraint("opening_id", "person_id", name=op.f("pk_opening_managers")),
    )


def _create_opening_skills() -> None:
    op.create_table(
        "opening_skills",
        sa.Column("opening_id", sa.String(length=32), nullable=False),
        sa.Column("skill_id", sa.String(length=80), nullable=False),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("bar", sa.Double(), nullable=True),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("bar IS NULL OR bar BETWEEN 1 AND 5", name=op.f("ck_opening_skills_bar")),
        sa.CheckConstraint("weight > 0 AND weight <= 100", name=op.f("ck_opening_skills_weight")),
        sa.ForeignKeyConstraint(["opening_id"], ["openings.id"], name=op.f("fk_opening_skills_opening_id_openings")),
        sa.ForeignKeyConstraint(["skill_id"], ["skills.id"], name=op.f("fk_opening_skills_skill_id_skills")),
        sa.PrimaryKeyConstraint("opening_id", "skill_id", name=op.f("pk_opening_skills")),
    )


def _create_plans() -> None:
    op.create_table(
        "plans",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("opening_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.String(length=120), nullable=True),
        sa.Column("frozen_skills", sa.JSON(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('draft', 'published', 'replaced')", name=op.f("ck_plans_state")),
        sa.ForeignKeyConstraint(["opening_id"], ["openings.id"], name=op.f("fk_plans_opening_id_openings")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
        sa.UniqueConstraint("opening_id", "version", name=op.f("uq_plans_opening_id_version")),
    )
    with op.batch_alter_table("plans", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plans_opening_id"), ["opening_id"], unique=False)


def _create_rule_changes() -> None:
    op.create_table(
        "rule_changes",
        sa.Column("opening_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.String(length=120), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["opening_id"], ["openings.id"], name=op.f("fk_rule_changes_opening_id_openings")),
        sa.PrimaryKeyConstraint("opening_id", "version", name=op.f("pk_rule_changes")),
    )


def _create_conflicts_of_interest() -> None:
    op.create_table(
        "conflicts_of_interest",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("candidacy_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("declared_by", sa.String(length=120), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["candidacy_id"], ["candidacies.id"], name=op.f("fk_conflicts_of_interest_candidacy_id_candidacies")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_conflicts_of_interest_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflicts_of_interest")),
        sa.UniqueConstraint("candidacy_id", "person_id", name=op.f("uq_conflicts_of_interest_candidacy_id_person_id")),
    )
    with op.batch_alter_table("conflicts_of_interest", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_conflicts_of_interest_candidacy_id"), ["candidacy_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_conflicts_of_interest_person_id"), ["person_id"], unique=False)


def _create_loops() -> None:
    op.create_table(
        "loops",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("candidacy_id", sa.String(length=32), nullable=False),
        sa.Column("plan_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("revealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revealed_by", sa.String(length=120), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'scheduled', 'under way', 'ready', 'revealed', 'decided', 'cancelled')", name=op.f("ck_loops_state")
        ),
        sa.ForeignKeyConstraint(["candidacy_id"], ["candidacies.id"], name=op.f("fk_loops_candidacy_id_candidacies")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_loops_plan_id_plans")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loops")),
    )
    with op.batch_alter_table("loops", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_loops_candidacy_id"), ["candidacy_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_loops_plan_id"), ["plan_id"], unique=False)


def _create_plan_sessions() -> None:
    op.create_table(
        "plan_sessions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("plan_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("format", sa.String(length=20), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("reserve", sa.Integer(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.CheckConstraint("format IN ('behavioural', 'technical', 'scenario', 'career', 'mixed')", name=op.f("ck_plan_sessions_format")),
        sa.CheckConstraint("minutes BETWEEN 15 AND 240", name=op.f("ck_plan_sessions_minutes")),
        sa.CheckConstraint("seats BETWEEN 1 AND 4", name=op.f("ck_plan_sessions_seats")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_sessions_plan_id_plans")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_sessions")),
    )
    with op.batch_alter_table("plan_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_sessions_plan_id"), ["plan_id"], unique=False)


def _create_plan_questions() -> None:
    op.create_table(
        "plan_questions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("session_id", sa.String(length=32), nullable=False),
        sa.Column("question_id", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_pinned", sa.Boolean(), nullable=False),
        sa.Column("frozen", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["question_id"], ["questions.id"], name=op.f("fk_plan_questions_question_id_questions")),
        sa.ForeignKeyConstraint(["session_id"], ["plan_sessions.id"], name=op.f("fk_plan_questions_session_id_plan_sessions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_questions")),
        sa.UniqueConstraint("session_id", "question_id", name=op.f("uq_plan_questions_session_id_question_id")),
    )
    with op.batch_alter_table("plan_questions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_questions_question_id"), ["question_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_questions_session_id"), ["session_id"], unique=False)


def _create_seats() -> None:
    op.create_table(
        "seats",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("loop_id", sa.String(length=32), nullable=False),
        sa.Column("session_id", sa.String(length=32), nullable=False),
        sa.Column("interviewer_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('lead', 'shadow')", name=op.f("ck_seats_kind")),
        sa.ForeignKeyConstraint(["interviewer_id"], ["people.id"], name=op.f("fk_seats_interviewer_id_people")),
        sa.ForeignKeyConstraint(["loop_id"], ["loops.id"], name=op.f("fk_seats_loop_id_loops")),
        sa.ForeignKeyConstraint(["session_id"], ["plan_sessions.id"], name=op.f("fk_seats_session_id_plan_sessions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seats")),
        sa.UniqueConstraint("loop_id", "interviewer_id", name=op.f("uq_seats_loop_id_interviewer_id")),
    )
    with op.batch_alter_table("seats", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seats_interviewer_id"), ["interviewer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_seats_loop_id"), ["loop_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_seats_session_id"), ["session_id"], unique=False)
