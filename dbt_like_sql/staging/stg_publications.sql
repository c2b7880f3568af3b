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
checks:
  - in_vocabulary: {channel: channels}
--- */
select publication_id, edition_id, opportunity_id, code, channel, position, snapshot_sha256, state, published_at
from raw.publications
