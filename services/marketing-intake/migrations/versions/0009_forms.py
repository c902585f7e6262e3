"""Forms: public keys that can be revoked, double opt-in."""

from alembic import op

revision = "0009"
down_revision = "0008"

UPGRADE = (
    """
    create table form_keys (
      key text primary key,
      source_id uuid not null,
      created_at timestamptz not null,
      revoked_at timestamptz
    )
    """,
    "create index form_keys_source on form_keys (source_id)",
    "insert into form_keys (key, source_id, created_at)"
    " select form_key, id, created_at from sources where form_key is not null",
    """
    create table opt_ins (
      lead_id uuid primary key,
      person_id uuid not null,
      source_id uuid not null,
      created_at timestamptz not null,
      draft jsonb,
      message text not null,
      address_hash bytea,
      token_hash bytea,
      sent_at timestamptz,
      confirmed_at timestamptz,
      how text
    )
    """,
    "create index opt_ins_address on opt_ins (address_hash, sent_at)",
    "create index opt_ins_open on opt_ins (created_at) where draft is not null",
)
DOWNGRADE = ("drop table opt_ins", "drop table form_keys")


def upgrade() -> None:
    """Make it so."""
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    """Take it back."""
    for statement in DOWNGRADE:
        op.execute(statement)
