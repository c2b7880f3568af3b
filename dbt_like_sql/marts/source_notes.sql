/* ---
description: "«La fuente indica ahora…»: lo que la fuente dice hoy y difiere de lo aprobado en cierre o existencia."
grain: [opportunity_id, kind]
columns:
  opportunity_id:
  kind: {description: "extended, shortened, deadline_changed, opening_changed, closed, cancelled o vanished (vocabulario source_note_kinds)."}
  old_value: {type: text, label: Aprobado, description: Fecha o plazos aprobados.}
  new_value: {type: text, label: Ahora, description: Fecha o plazos que la fuente indica ahora.}
  quote:
  url:
  seen_at: {type: timestamptz, label: Visto el, description: Cuándo se vio.}
checks:
  - no_personal_data: [quote, url]
    advice: La cita lleva un correo, teléfono o número de documento de una persona y no se publica. Avise a quien mantiene el lector.
  - in_vocabulary: {kind: source_note_kinds}
publish: [curated, powerbi]
--- */
select
    opportunity_id, case state when 'closed_early' then 'closed' else state end as kind, old_value, new_value, quote, url,
    since_at as seen_at
from intermediate.int_states
where state in ('extended', 'shortened', 'deadline_changed', 'opening_changed', 'closed_early', 'cancelled', 'vanished')
