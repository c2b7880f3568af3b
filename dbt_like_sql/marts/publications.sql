/* ---
description: "Lo publicado, como consta en el libro: una fila por oportunidad, canal y edición."
grain: [publication_id]
columns:
  publication_id:
  edition_id:
  edition_date:
  opportunity_id:
  code:
  channel:
  position:
  state: {type: text, label: Estado, description: "planned, sending, sent, failed o uncertain."}
  published_at:
  snapshot_sha256:
checks:
  - in_vocabulary: {channel: channels}
  - references: {opportunity_id: staging.stg_identities.opportunity_id}
    scope: set
  - expression: snapshot_sha256 is not null
    name: rendered_from_an_approved_snapshot
    scope: set
    advice: Hay algo publicado sin aprobación. Retírelo y avise a quien mantiene el sistema.
publish: [curated]
--- */
select
    p.publication_id, p.edition_id, e.edition_date, p.opportunity_id, p.code, p.channel, p.position, p.state,
    p.published_at, p.snapshot_sha256
from staging.stg_publications p
join staging.stg_editions e using (edition_id)
