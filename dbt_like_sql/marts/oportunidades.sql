/* ---
description: Las oportunidades aprobadas en español, con etiquetas en lugar de códigos.
grain: [opportunity_id]
columns:
  opportunity_id:
  codigo: {type: text, label: Código, description: Código público.}
  numero: {type: text, label: Número, description: Número que le da la entidad convocante.}
  titulo: {type: text, label: Título, description: Título en español.}
  titulo_original: {type: text, label: Título original, description: "Título tal como lo publica la entidad convocante."}
  resumen: {type: text, label: Resumen, description: Resumen en español.}
  tipo: {type: text, label: Tipo, description: Tipo de oportunidad.}
  instrumento: {type: text, label: Instrumento, description: Instrumento de financiación.}
  estado: {type: text, label: Estado, description: Estado a la fecha de corte.}
  puedo_aplicar: {type: text, label: ¿Puedo aplicar?, description: Si se puede aplicar desde el país de la entidad.}
  quien_puede: {type: text, label: Quién puede aplicar, description: "Quién puede aplicar, en una frase."}
  publicos: {type: text, label: Públicos, description: Públicos a los que sirve.}
  tipos_postulante: {type: text, label: Tipos de postulante, description: Personas u organizaciones que pueden presentarse.}
  niveles_estudio: {type: text, label: Niveles de estudio, description: Niveles de estudio a que se dirige.}
  idiomas_exigidos: {type: text, label: Idiomas exigidos, description: "Etiquetas BCP-47, con nivel CEFR si se indica (en:B2)."}
  edades: {type: text, label: Edades, description: "Rango de edad, por ejemplo 18-35."}
  convocante: {type: text, label: Convocante, description: Entidad que convoca.}
  pais_convocante: {type: text, label: País del convocante, description: País de la entidad que convoca.}
  modalidad: {type: text, label: Modalidad, description: Modalidad de asistencia.}
  paises_anfitriones: {type: text, label: Países anfitriones, description: "Dónde ocurre, en el orden de la fuente; vacío si es virtual o no se sabe."}
  financiacion: {type: text, label: Financiación, description: Cuánto cubre.}
  cobertura: {type: text, label: Cubre, description: Qué cubre.}
  moneda: {type: text, label: Moneda, description: Moneda ISO 4217.}
  monto_minimo: {type: "decimal(18,2)", label: Monto mínimo, description: Monto mínimo por beneficiario.}
  monto_maximo: {type: "decimal(18,2)", label: Monto máximo, description: Monto máximo por beneficiario.}
  bolsa_total: {type: "decimal(18,2)", label: Bolsa total, description: Monto total de la convocatoria.}
  cupos: {type: bigint, label: Cupos, description: Número de cupos o premios previstos.}
  contrapartida: {type: boolean, label: Contrapartida, description: Si exige contrapartida.}
  cobra_postulacion: {type: boolean, label: Cobra por postularse, description: Si cobra por postularse.}
  fecha_cierre: {type: date, label: Fecha de cierre, description: Día del próximo cierre.}
  hora_cierre: {type: time, label: Hora de cierre, description: "Hora impresa del cierre, en su zona; nula si la fuente no da hora."}
  zona_cierre: {type: text, label: Zona horaria del cierre, description: Zona IANA del cierre.}
  dias_restantes: {type: bigint, label: Días restantes, description: Días hasta el cierre a la fecha de corte.}
  modelo_cierre: {type: text, label: Modelo de cierre, description: Cómo cierra.}
  ods: {type: text, label: ODS, description: "Objetivos de Desarrollo Sostenible, el principal primero."}
  objetivos_plan: {type: text, label: Objetivos del plan, description: Objetivos del plan de la entidad.}
  enlace: {type: text, label: Enlace, description: Enlace para aplicar o página leída.}
  pagina_leida: {type: text, label: Página leída, description: Página de la que se leyó la convocatoria.}
  fuente: {type: text, label: Fuente, description: Nombre de la fuente.}
  idioma: {type: text, label: Idioma, description: Idioma del anuncio.}
  texto_elaborado: {type: text, label: Origen del texto, description: Cómo se elaboró el texto.}
  revisada_at: {type: timestamptz, label: Revisada el, description: Cuándo la aprobó una persona.}
checks:
  - not_null: [titulo, tipo, estado]
publish: [curated, open_data]
--- */
with places as (
    select opportunity_id, string_agg(label, '; ' order by place) as labels
    from (
        select opportunity_id, unnest(host_countries) as country_code, unnest(range(1, len(host_countries) + 1)) as place
        from marts.approved_opportunities
    )
    join staging.stg_countries using (country_code)
    group by opportunity_id
)
select
    a.opportunity_id,
    a.code as codigo,
    a.opportunity_number as numero,
    a.title_es as titulo,
    a.title as titulo_original,
    a.summary_es as resumen,
    type.label as tipo,
    instrument.label as instrumento,
    status.label as estado,
    eligible.label as puedo_aplicar,
    a.eligibility_es as quien_puede,
    (
        select string_agg(t.label, '; ' order by t.position) from staging.stg_terms t
        where t.vocabulary = 'audiences' and list_contains(a.audiences, t.code)
    ) as publicos,
    (
        select string_agg(t.label, '; ' order by t.position) from staging.stg_terms t
        where t.vocabulary = 'applicant_types' and list_contains(a.accepted_applicant_types, t.code)
    ) as tipos_postulante,
    (
        select string_agg(t.label, '; ' order by t.position) from staging.stg_terms t
        where t.vocabulary = 'isced_levels' and list_contains(a.isced_levels::varchar[], t.code)
    ) as niveles_estudio,
    nullif(array_to_string(a.required_languages, '; '), '') as idiomas_exigidos,
    a.typical_age_range as edades,
    a.funder_name as convocante,
    funder_country.label as pais_convocante,
    attendance.label as modalidad,
    places.labels as paises_anfitriones,
    funding.label as financiacion,
    (
        select string_agg(t.label, '; ' order by t.position) from staging.stg_terms t
        where t.vocabulary = 'coverage' and list_contains(a.coverage, t.code)
    ) as cobertura,
    a.currency as moneda,
    a.min_award_amount as monto_minimo,
    a.max_award_amount as monto_maximo,
    a.total_amount_available as bolsa_total,
    a.estimated_award_count as cupos,
    a.cost_sharing_required as contrapartida,
    a.application_fee as cobra_postulacion,
    a.close_date as fecha_cierre,
    a.close_time as hora_cierre,
    a.close_timezone as zona_cierre,
    a.days_left as dias_restantes,
    close_model.label as modelo_cierre,
    (
        select string_agg('ODS ' || t.code || ' ' || t.label, '; ' order by list_position(a.sdg_goals::varchar[], t.code))
        from staging.stg_terms t
        where t.vocabulary = 'sdg_goals' and list_contains(a.sdg_goals::varchar[], t.code)
    ) as ods,
    (
        select string_agg(t.label, '; ' order by t.position) from staging.stg_terms t
        where t.vocabulary = 'plan_objectives' and list_contains(a.plan_objectives, t.code)
    ) as objetivos_plan,
    coalesce(a.apply_url, a.source_url) as enlace,
    a.source_url as pagina_leida,
    a.source_name as fuente,
    a.language as idioma,
    origin.label as texto_elaborado,
    a.reviewed_at as revisada_at
from marts.approved_opportunities a
left join places using (opportunity_id)
left join staging.stg_countries funder_country on funder_country.country_code = a.funder_country
left join staging.stg_terms type on type.vocabulary = 'opportunity_types' and type.code = a.opportunity_type
left join staging.stg_terms status on status.vocabulary = 'statuses' and status.code = a.status
left join staging.stg_terms eligible on eligible.vocabulary = 'home_eligible' and eligible.code = a.home_eligible
left join staging.stg_terms instrument
    on instrument.vocabulary = 'funding_instruments' and instrument.code = a.funding_instrument
left join staging.stg_terms attendance
    on attendance.vocabulary = 'attendance_modes' and attendance.code = a.attendance_mode
left join staging.stg_terms funding on funding.vocabulary = 'funding_levels' and funding.code = a.funding_level
left join staging.stg_terms close_model on close_model.vocabulary = 'close_models' and close_model.code = a.close_model
left join staging.stg_terms origin
    on origin.vocabulary = 'digital_source_types' and origin.code = a.digital_source_type
