/* ---
description: "Códigos que ya no son los de su convocatoria: los que se unieron a otra llevan a ella, los que se separaron dicen «véase también»."
grain: [from_code, to_code, kind]
columns:
  from_code: {type: text, label: Código anterior, description: Código que se unió a otro o se separó de otro.}
  from_opportunity_id: {type: text, label: Desde, description: Oportunidad de ese código.}
  to_code: {type: text, label: Código actual, description: "Código al que lleva, seguido hasta el último."}
  to_opportunity_id: {type: text, label: Hacia, description: Oportunidad a la que lleva.}
  kind: {label: Clase, description: "merged (son la misma convocatoria) o split (se separaron: véase también)."}
  redirected_at: {type: timestamptz, label: Cuándo, description: Cuándo ocurrió.}
checks:
  - not_null: [from_code, to_code, redirected_at]
    scope: set
    advice: Una redirección no lleva a ningún código. Ejecute boi ledger verify.
  - expression: from_code <> to_code
    name: leads_elsewhere
    scope: set
    advice: Un código redirige a sí mismo. Ejecute boi ledger verify.
publish: [powerbi]
--- */
select from_code, from_opportunity_id, to_code, to_opportunity_id, kind, redirected_at
from intermediate.int_redirects
