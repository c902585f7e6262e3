"""The one statement that writes a batch of what came, whatever it is."""

from typing import Final

WRITE_SQL: Final = """
with new_people as (
  insert into people (id, created_at, card, card_version)
  select id, $1, card, 1 from json_to_recordset($2::json) as n (id uuid, card jsonb)
), new_cards as (
  update people p set card = n.card, card_version = n.version, card_times = n.times
  from json_to_recordset($3::json) as n (id uuid, card jsonb, version integer, times jsonb)
  where p.id = n.id
), new_identifiers as (
  insert into identifiers (kind, value, person_id)
  select * from json_to_recordset($4::json) as n (kind text, value text, person_id uuid)
), new_payloads as (
  insert into payloads (id, source_id, received_at, content_type, body, status, kind, field, detail,
    failure, component, component_version, contract_version, headers, imprints)
  select id, source_id, $1, content_type, body, status, kind, field, detail, failure, component,
    component_version, contract_version, headers, imprints
  from rows from (
    json_to_recordset($5::json) as (id uuid, source_id uuid, content_type text, status text,
      kind text, field text, detail text, failure text, component text,
      component_version smallint, contract_version integer, headers jsonb,
      imprints bytea[]),
    unnest($6::bytea[])
  ) as n (id, source_id, content_type, status, kind, field, detail, failure, component,
    component_version, contract_version, headers, imprints, body)
), new_leads as (
  insert into leads (id, person_id, source_id, campaign_id, channel, received_at, happened_at,
    correlation_id, own_state, state, contract_version, company_id, call_to_action, originator_id,
    attributes, is_returning, details)
  select id, person_id, source_id, campaign_id, channel, $1, happened_at, correlation_id, state,
    state, contract_version, company_id, call_to_action, originator_id, attributes, is_returning,
    details
  from json_to_recordset($7::json) as n (id uuid, person_id uuid, source_id uuid,
    campaign_id uuid, channel text, happened_at timestamptz, correlation_id uuid, state text,
    contract_version integer, company_id uuid, call_to_action text, originator_id uuid,
    attributes jsonb, is_returning boolean, details jsonb)
), new_activities as (
  insert into activities (id, person_id, source_id, campaign_id, channel, kind, happened_at,
    received_at, correlation_id, contract_version, suspicion, message_id, call_to_action, details)
  select id, person_id, source_id, campaign_id, channel, kind, happened_at, $1, correlation_id,
    contract_version, suspicion, message_id, call_to_action, details
  from json_to_recordset($8::json) as n (id uuid, person_id uuid, source_id uuid,
    campaign_id uuid, channel text, kind text, happened_at timestamptz, correlation_id uuid,
    contract_version integer, suspicion text, message_id text, call_to_action text, details jsonb)
), new_answers as (
  insert into idempotency (source_id, key_hash, fingerprint, status, body, created_at, kept_until)
  select source_id, key_hash, fingerprint, status, body, $1, kept_until
  from unnest($9::uuid[], $10::bytea[], $11::bytea[], $12::smallint[], $13::bytea[],
    $14::timestamptz[]) as n (source_id, key_hash, fingerprint, status, body, kept_until)
), new_consents as (
  insert into consents (id, person_id, happened_at, recorded_at, granted, withdrawn, how, speaker,
    who, source_id, component, contract_version, text_sha256, text_version, circumstances)
  select id, person_id, happened_at, $1, granted, withdrawn, how, speaker, who, source_id,
    component, contract_version, text_sha256, text_version, circumstances
  from json_to_recordset($15::json) as n (id uuid, person_id uuid, happened_at timestamptz,
    granted text[], withdrawn text[], how text, speaker text, who text, source_id uuid,
    component text, contract_version integer, text_sha256 bytea, text_version text,
    circumstances jsonb)
)
"""
"""Rows travel as JSON texts, which PostgreSQL takes apart more cheaply than Python makes arrays."""
