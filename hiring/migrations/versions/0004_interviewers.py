"""interviewers: what they can judge and when they are free."""

import sqlalchemy as sa
from alembic import op


revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_interviewers()
    create_judged_skills()
    create_free_spans()


def create_interviewers() -> None:
    op.create_table(
        "interviewers",
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("seniority", sa.Integer(), nullable=False),
        sa.Column("load_limit", sa.Integer(), nullable=False),
        sa.Column("gave_times", sa.Boolean(), nullable=False),
        sa.CheckConstraint("load_limit BETWEEN 1 AND 20", name=op.f("ck_interviewers_load_limit")),
        sa.CheckConstraint("seniority BETWEEN 1 AND 5", name=op.f("ck_interviewers_seniority")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_interviewers_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_interviewers")),
    )


def create_judged_skills() -> None:
    op.create_table(
        "judged_skills",
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("skill_id", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_judged_skills_person_id_people")),
        sa.ForeignKeyConstraint(["skill_id"], ["skills.id"], name=op.f("fk_judged_skills_skill_id_skills")),
        sa.PrimaryKeyConstraint("person_id", "skill_id", name=op.f("pk_judged_skills")),
    )
    with op.batch_alter_table("judged_skills", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_judged_skills_skill_id"), ["skill_id"], unique=False)


def create_free_spans() -> None:
    op.create_table(
        "free_spans",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_free_spans_order")),
        sa.CheckConstraint("source IN ('entered', 'calendar')", name=op.f("ck_free_spans_source")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_free_spans_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_free_spans")),
    )
    with op.batch_alter_table("free_spans", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_free_spans_person_id"), ["person_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("free_spans", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_free_spans_person_id"))

    op.drop_table("free_spans")
    with op.batch_alter_table("judged_skills", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_judged_skills_skill_id"))

    op.drop_table("judged_skills")
    op.drop_table("interviewers")
