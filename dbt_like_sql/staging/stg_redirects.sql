/* ---
description: Oportunidades que se unieron a otra o se separaron de otra.
grain: [seq]
columns:
  seq:
  from_opportunity_id: {type: text, label: Desde, description: Oportunidad que cambió.}
  to_opportunity_id: {type: text, label: Hacia, description: Oportunidad que sigue.}
  kind: {description: "merged o split."}
  redirected_at: {type: timestamptz, label: Cuándo, description: Cuándo ocurrió.}
--- */
select seq, from_opportunity_id, to_opportunity_id, kind, "at" as redirected_at
from raw.redirects
-- what merged and was cut off again leads elsewhere since
qualify kind <> 'merged' or row_number() over (partition by from_opportunity_id, kind order by seq desc) = 1
