"""people in plans: raters wanted, locked sessions, proposed panels, candidates' free time, templates."""

import sqlalchemy as sa
from alembic import op


revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Plain ALTER TABLE: a batch would make the tables anew, and their children with foreign keys on would go.
    op.add_column("opening_skills", sa.Column("people", sa.Integer(), nullable=False, server_default="2"))
    op.add_column("plan_sessions", sa.Column("is_locked", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("plan_sessions", sa.Column("panel", sa.JSON(), nullable=False, server_default="[]"))
    _create_candidate_spans()
    _create_plan_templates()


def _create_candidate_spans() -> None:
    op.create_table(
        "candidate_spans",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("candidacy_id", sa.String(length=32), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_candidate_spans_order")),
        sa.ForeignKeyConstraint(["candidacy_id"], ["candidacies.id"], name=op.f("fk_candidate_spans_candidacy_id_candidacies")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidate_spans")),
    )
    with op.batch_alter_table("candidate_spans", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_candidate_spans_candidacy_id"), ["candidacy_id"], unique=False)


def _create_plan_templates() -> None:
    op.create_table(
        "plan_templates",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("sessions", sa.JSON(), nullable=False),
        sa.Column("is_shipped", sa.Boolean(), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_templates")),
        sa.UniqueConstraint("name", "version", name=op.f("uq_plan_templates_name_version")),
    )
    with op.batch_alter_table("plan_templates", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_templates_name"), ["name"], unique=False)


def downgrade() -> None:
    op.drop_table("plan_templates")
    op.drop_table("candidate_spans")
    op.drop_column("plan_sessions", "panel")
    op.drop_column("plan_sessions", "is_locked")
    op.drop_column("opening_skills", "people")
