/* ---
description: Cada oportunidad publicada en un canal, con su estado.
grain: [publication_id]
columns:
  publication_id:
  edition_id:
  opportunity_id:
  code:
  channel:
  position:
  snapshot_sha256:
  state: {type: text, label: Estado, description: "planned, sending, sent, failed o uncertain."}
  published_at:
  address: {type: text, label: Dirección, description: "De lo publicado en su canal, donde una persona la anotó; nula si no."}
checks:
  - in_vocabulary: {channel: channels}
--- */
select
    publication_id, edition_id, opportunity_id, code, channel, position, snapshot_sha256,
    -- the site and its articles are rendered whole from the ledger at every run: there is no sending to wait for
    case when channel in ('site', 'article') then 'sent' else state end as state,
    published_at, address
from raw.publications
