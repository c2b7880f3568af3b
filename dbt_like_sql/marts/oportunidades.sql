/* ---
description: Las oportunidades aprobadas en español, con etiquetas en lugar de códigos.
grain: [opportunity_id]
columns:
  opportunity_id:
  codigo: {type: text, label: Código, description: Código público.}
  titulo: {type: text, label: Título, description: Título en español.}
  resumen: {type: text, label: Resumen, description: Resumen en español.}
  tipo: {type: text, label: Tipo, description: Tipo de oportunidad.}
  estado: {type: text, label: Estado, description: Estado a la fecha de corte.}
  puedo_aplicar: {type: text, label: ¿Puedo aplicar?, description: Si se puede aplicar desde el país de la entidad.}
  quien_puede: {type: text, label: Quién puede aplicar, description: "Quién puede aplicar, en una frase."}
  publicos: {type: text, label: Públicos, description: Públicos a los que sirve.}
  convocante: {type: text, label: Convocante, description: Entidad que convoca.}
  cobertura: {type: text, label: Cubre, description: Qué cubre.}
  moneda: {type: text, label: Moneda, description: Moneda ISO 4217.}
  monto_maximo: {type: "decimal(18,2)", label: Monto máximo, description: Monto máximo por beneficiario.}
  fecha_cierre: {type: date, label: Fecha de cierre, description: Día del próximo cierre.}
  dias_restantes: {type: bigint, label: Días restantes, description: Días hasta el cierre a la fecha de corte.}
  modelo_cierre: {type: text, label: Modelo de cierre, description: Cómo cierra.}
  ods: {type: text, label: ODS, description: "Objetivos de Desarrollo Sostenible, el principal primero."}
  objetivos_plan: {type: text, label: Objetivos del plan, description: Objetivos del plan de la entidad.}
  enlace: {type: text, label: Enlace, description: Enlace para aplicar o página leída.}
  idioma: {type: text, label: Idioma, description: Idioma del anuncio.}
checks:
  - not_null: [titulo, tipo, estado]
publish: [curated, open_data]
--- */
select
    a.opportunity_id,
    a.code as codigo,
    a.title_es as titulo,
    a.summary_es as resumen,
    (select label from staging.stg_terms t where t.vocabulary = 'opportunity_types' and t.code = a.opportunity_type)
        as tipo,
    (select label from staging.stg_terms t where t.vocabulary = 'statuses' and t.code = a.status) as estado,
    (select label from staging.stg_terms t where t.vocabulary = 'home_eligible' and t.code = a.home_eligible)
        as puedo_aplicar,
    a.eligibility_es as quien_puede,
    (
        select string_agg(t.label, '; ' order by t.position) from staging.stg_terms t
        where t.vocabulary = 'audiences' and list_contains(a.audiences, t.code)
    ) as publicos,
    a.funder_name as convocante,
    (
        select string_agg(t.label, '; ' order by t.position) from staging.stg_terms t
        where t.vocabulary = 'coverage' and list_contains(a.coverage, t.code)
    ) as cobertura,
    a.currency as moneda,
    a.max_award_amount as monto_maximo,
    a.close_date as fecha_cierre,
    a.days_left as dias_restantes,
    (select label from staging.stg_terms t where t.vocabulary = 'close_models' and t.code = a.close_model)
        as modelo_cierre,
    (
        select string_agg('ODS ' || t.code || ' ' || t.label, '; ' order by list_position(a.sdg_goals, t.code::bigint))
        from staging.stg_terms t
        where t.vocabulary = 'sdg_goals' and list_contains(a.sdg_goals, t.code::bigint)
    ) as ods,
    (
        select string_agg(t.label, '; ' order by t.position) from staging.stg_terms t
        where t.vocabulary = 'plan_objectives' and list_contains(a.plan_objectives, t.code)
    ) as objetivos_plan,
    coalesce(a.apply_url, a.source_url) as enlace,
    a.language as idioma
from marts.approved_opportunities a
