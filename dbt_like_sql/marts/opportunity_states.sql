/* ---
description: "Una fila por estado de cada convocatoria publicada que sigue abierta: qué pasó con ella en su fuente desde que se aprobó."
grain: [opportunity_id, state, field]
columns:
  opportunity_id:
  code:
  title_es:
  state: {type: text, label: Estado, description: Vocabulario opportunity_states.}
  field:
  since_at: {type: timestamptz, label: Desde, description: Cuándo se vio por primera vez.}
  old_value: {type: text, label: Aprobado, description: Lo que se aprobó.}
  new_value: {type: text, label: Ahora, description: Lo que hay ahora.}
  quote:
  url:
  source_id:
checks:
  - in_vocabulary: {state: opportunity_states}
  - expression: state <> 'dead_link'
    name: links_are_alive
    severity: warning
    advice: Un enlace que se dio al público falló dos días seguidos. Ábralo; si no funciona, busque el nuevo en la fuente y apruebe con él, o retírela.
  - expression: state <> 'vanished'
    name: still_published_by_its_source
    severity: warning
    advice: Su fuente ya no la publica. Ábrala; si es así, retírela. El boletín ya avisa a quien la lea.
  - expression: state <> 'closed_early'
    name: not_closed_early
    severity: warning
    advice: Su fuente dice que ya cerró. Lea la cita en su página; si es así, retírela; si no, apruébela de nuevo. El boletín ya avisa a quien la lea.
  - expression: state <> 'cancelled'
    name: not_cancelled
    severity: warning
    advice: Su fuente dice que fue cancelada o quedó desierta. Lea la cita en su página; si es así, retírela; si no, apruébela de nuevo. El boletín ya avisa a quien la lea.
  - expression: state <> 'opening_changed'
    name: opens_as_approved
    severity: warning
    advice: Su fuente dice ahora que abre otro día, o que aún no abre. Compruebe la cita y apruébela de nuevo. El boletín ya avisa a quien la lea.
  - expression: state <> 'extended'
    name: not_extended
    severity: warning
    advice: Su fuente amplió el cierre. Compruebe la cita y apruébela de nuevo con la fecha nueva. El boletín ya la muestra.
  - expression: state <> 'shortened'
    name: not_shortened
    severity: warning
    advice: Su fuente adelantó el cierre. Compruebe la cita y apruébela de nuevo, o retírela. El boletín ya la muestra.
  - expression: state <> 'deadline_changed'
    name: other_deadlines_are_as_approved
    severity: warning
    advice: Su fuente cambió la hora del cierre u otro de sus plazos. Compruebe la cita y apruébela de nuevo. El boletín ya avisa a quien la lea.
  - expression: state <> 'amount_changed'
    name: amount_is_as_approved
    severity: warning
    advice: Su fuente cambió el monto. El boletín muestra el aprobado; compruebe la cita y apruébela de nuevo.
  - expression: state <> 'link_changed'
    name: link_is_as_approved
    severity: warning
    advice: Su fuente cambió el enlace para aplicar. El boletín da el aprobado; compruebe que el nuevo es de quien convoca antes de aprobarlo.
publish: [powerbi]
--- */
select s.opportunity_id, a.code, a.title_es, s.state, s.field, s.since_at, s.old_value, s.new_value, s.quote, s.url, s.source_id
from intermediate.int_states s
join marts.approved_opportunities a using (opportunity_id)
left join intermediate.int_survivors l on l.opportunity_id = s.opportunity_id
left join intermediate.int_status now on now.opportunity_id = l.survivor_id
cross join staging.stg_run run
-- not past its deadline by what was approved, or by what its source says since
where
    (
        a.close_date is null
        or coalesce(
            a.close_at, (a.close_date + interval 1 day) at time zone coalesce(a.close_timezone, run.entity_timezone)
        ) > run.as_of
        or now.open_until_at > run.as_of
        or now.status = 'open'
    )
    -- another opening day matters while one of both is to come
    and (s.state <> 'opening_changed' or coalesce(greatest(s.old_value::date, s.new_value::date) > run.as_of_date, true))
    and s.opportunity_id in (select opportunity_id from staging.stg_publications)
