"""Who it is: companies, candidates for review, match keys."""

from alembic import op

revision = "0006"
down_revision = "0005"

UPGRADE = (
    "alter table people add column card_times jsonb not null default '{}'",
    "create index merges_members on merges using gin (member_ids) where is_active",
    """
    create table candidates (
      id uuid primary key,
      first_id uuid not null,
      second_id uuid not null,
      state text not null,
      reasons text[] not null,
      score double precision,
      found_at timestamptz not null,
      decided_at timestamptz,
      decided_by text,
      merge_id uuid,
      unique (first_id, second_id)
    )
    """,
    "create index candidates_second on candidates (second_id)",
    "create index candidates_state on candidates (state, id)",
    """
    create table likenesses (
      likeness bigint, person_id uuid, primary key (likeness, person_id)
    )
    """,
    "create index likenesses_person on likenesses (person_id)",
    """
    create table shared_addresses (
      address text, person_id uuid, primary key (address, person_id)
    )
    """,
    "create index shared_addresses_person on shared_addresses (person_id)",
    """
    create table match_rules (
      version integer primary key,
      keys text[] not null,
      limits jsonb not null,
      blocked text[] not null,
      created_at timestamptz not null,
      created_by text not null
    )
    """,
    # Of those merges that are older than this, no two have a member in common.
    "create table kin (person_id uuid primary key, kin_id uuid not null)",
    "create index kin_kin on kin (kin_id)",
    "insert into kin select unnest(member_ids), survivor_id from merges where is_active",
    "create table walks (name text primary key, position uuid)",
    "create table peppers (name text primary key, pepper bytea not null)",
    # Two random UUIDs have 244 random bits, and need no extension.
    """
    insert into peppers (name, pepper) values ('company', decode(
      replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'))
    """,
)
DOWNGRADE = (
    *(f"drop table {name}" for name in ("peppers", "walks", "kin", "match_rules", "likenesses")),
    "drop table shared_addresses",
    "drop table candidates",
    "drop index merges_members",
    "alter table people drop column card_times",
)


def upgrade() -> None:
    """Make it so."""
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    """Take it back."""
    for statement in DOWNGRADE:
        op.execute(statement)
