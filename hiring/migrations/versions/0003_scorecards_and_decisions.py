"""scorecards and decisions."""

import sqlalchemy as sa
from alembic import op


revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_decisions()
    _create_scorecards()
    _create_marks()
    _create_question_notes()


def downgrade() -> None:
    # A table takes its indexes with it.
    for table in (
        "question_notes",
        "marks",
        "scorecards",
        "decisions",
    ):
        op.drop_table(table)


def _create_decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("loop_id", sa.String(length=32), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=120), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopened_by", sa.String(length=120), nullable=True),
        sa.Column("reopened_because", sa.Text(), nullable=True),
        sa.CheckConstraint("outcome IN ('hire', 'no hire', 'hold')", name=op.f("ck_decisions_outcome")),
        sa.ForeignKeyConstraint(["loop_id"], ["loops.id"], name=op.f("fk_decisions_loop_id_loops")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decisions_loop_id"), ["loop_id"], unique=False)


def _create_scorecards() -> None:
    op.create_table(
        "scorecards",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("seat_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("recommendation", sa.String(length=20), nullable=True),
        sa.Column("why_not", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("debrief_notes", sa.Text(), nullable=False),
        sa.Column("private_notes", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "recommendation IS NULL OR recommendation IN ('strong no', 'no', 'yes', 'strong yes', 'can''t recommend')",
            name=op.f("ck_scorecards_recommendation"),
        ),
        sa.CheckConstraint("state IN ('draft', 'submitted')", name=op.f("ck_scorecards_state")),
        sa.ForeignKeyConstraint(["seat_id"], ["seats.id"], name=op.f("fk_scorecards_seat_id_seats")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scorecards")),
        sa.UniqueConstraint("seat_id", name=op.f("uq_scorecards_seat_id")),
    )


def _create_marks() -> None:
    op.create_table(
        "marks",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("scorecard_id", sa.String(length=32), nullable=False),
        sa.Column("skill_id", sa.String(length=80), nullable=False),
        sa.Column("given", sa.String(length=20), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.CheckConstraint("given IS NULL OR given IN ('1', '2', '3', '4', '5', 'no evidence', 'not asked')", name=op.f("ck_marks_given")),
        sa.ForeignKeyConstraint(["scorecard_id"], ["scorecards.id"], name=op.f("fk_marks_scorecard_id_scorecards")),
        sa.ForeignKeyConstraint(["skill_id"], ["skills.id"], name=op.f("fk_marks_skill_id_skills")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marks")),
        sa.UniqueConstraint("scorecard_id", "skill_id", name=op.f("uq_marks_scorecard_id_skill_id")),
    )
    with op.batch_alter_table("marks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_marks_scorecard_id"), ["scorecard_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_marks_skill_id"), ["skill_id"], unique=False)


def _create_question_notes() -> None:
    op.create_table(
        "question_notes",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("scorecard_id", sa.String(length=32), nullable=False),
        sa.Column("plan_question_id", sa.String(length=32), nullable=False),
        sa.Column("was_asked", sa.Boolean(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.CheckConstraint("minutes IS NULL OR minutes BETWEEN 0 AND 240", name=op.f("ck_question_notes_minutes")),
        sa.ForeignKeyConstraint(
            ["plan_question_id"], ["plan_questions.id"], name=op.f("fk_question_notes_plan_question_id_plan_questions")
        ),
        sa.ForeignKeyConstraint(["scorecard_id"], ["scorecards.id"], name=op.f("fk_question_notes_scorecard_id_scorecards")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_notes")),
        sa.UniqueConstraint("scorecard_id", "plan_question_id", name=op.f("uq_question_notes_scorecard_id_plan_question_id")),
    )
    with op.batch_alter_table("question_notes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_notes_plan_question_id"), ["plan_question_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_question_notes_scorecard_id"), ["scorecard_id"], unique=False)
