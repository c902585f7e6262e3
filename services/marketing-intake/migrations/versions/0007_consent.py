"""Consent as evidence, and who is not to be brought back."""

from alembic import op

revision = "0007"
down_revision = "0006"

UPGRADE = (
    """
    create table consents (
      id uuid primary key,
      person_id uuid not null,
      happened_at timestamptz not null,
      recorded_at timestamptz not null,
      granted text[] not null,
      withdrawn text[] not null,
      how text not null,
      speaker text not null,
      who text not null,
      source_id uuid,
      component text,
      contract_version integer,
      text_sha256 bytea,
      text_version text,
      circumstances jsonb,
      proof jsonb
    )
    """,
    "create index consents_person on consents (person_id, happened_at)",
    """
    create function consents_are_kept() returns trigger language plpgsql as $$
    declare personal text[] := '{text_version,circumstances,proof}';
    begin
      if tg_op = 'UPDATE' and to_jsonb(new) - personal = to_jsonb(old) - personal then
        return new;
      elsif tg_op = 'DELETE' and current_setting('baton.may_delete', true) = 'consents' then
        return old;
      end if;
      raise exception 'consents are only added' using errcode = 'restrict_violation';
    end $$
    """,
    """
    create trigger consents_are_kept before update or delete on consents
    for each row execute function consents_are_kept()
    """,
    # What was allowed before there was evidence: it is known, and from whom is not.
    """
    insert into consents (id, person_id, happened_at, recorded_at, granted, withdrawn, how, speaker,
      who)
    select gen_random_uuid(), id, now(), now(), consent,
      array(select unnest('{contact,marketing}'::text[]) except select unnest(consent)),
      'by_hand', 'staff', 'migration 0007'
    from people where consent is not null and erased_at is null
    """,
    "create table suppressions (mac bytea primary key, since timestamptz not null)",
    "alter table payloads add column imprints bytea[]",
    "create index payloads_imprints on payloads using gin (imprints) where imprints is not null",
)
DOWNGRADE = (
    "drop index payloads_imprints",
    "alter table payloads drop column imprints",
    "drop table suppressions",
    "drop table consents",
    "drop function consents_are_kept",
)


def upgrade() -> None:
    """Make it so."""
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    """Take it back."""
    for statement in DOWNGRADE:
        op.execute(statement)
