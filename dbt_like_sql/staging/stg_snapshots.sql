/* ---
description: Los campos públicos tal como una persona los aprobó.
grain: [snapshot_sha256]
columns:
  snapshot_sha256:
  opportunity_id:
  content: {type: text, label: Contenido, description: Registro público en JSON canónico.}
checks:
  - expression: snapshot_sha256 = sha256(content)
    name: content_matches_its_hash
    scope: set
    advice: "Un contenido aprobado no coincide con su huella. Avise a quien mantiene el sistema: hay que recuperar el libro de decisiones de una copia (`boi ledger restore`)."
--- */
select snapshot_sha256, any_value(opportunity_id) as opportunity_id, any_value(content) as content
from raw.snapshots
group by snapshot_sha256
