/* ---
description: El texto en español de cada aviso.
grain: [notice_id]
columns:
  notice_id:
  title_es:
  summary_es:
  eligibility_es:
  digital_source_type:
  drafter: {type: text, label: Redactor, description: "template o llm."}
  drafting_tool: {type: text, label: Herramienta, description: Modelo generativo que redactó el texto; nulo si lo hizo una plantilla.}
  channel_texts: {type: text, label: Textos de canal, description: "Lo que el modelo redactó para cada canal, en JSON; lista vacía si el texto es de plantilla."}
checks:
  - in_vocabulary: {digital_source_type: digital_source_types}
  - expression: length(title_es) between 1 and 90
    name: title_es_within_limits
    advice: El título en español debe tener entre 1 y 90 caracteres. Escríbalo al aprobar; si se repite, avise a quien mantiene el lector.
--- */
select
    d.notice_id,
    d.title_es,
    d.summary_es,
    d.eligibility_es,
    d.digital_source_type,
    d.drafter,
    -- the version ends in the model; a model named by its folder is named without it
    case when d.drafter = 'llm' then nullif(regexp_extract(d.drafter_version, '([^/\\]+)[/\\]*$', 1), '') end as drafting_tool,
    case when d.drafter = 'llm' then coalesce(to_json(d.channels)::varchar, '[]') else '[]' end as channel_texts
from raw.drafts d, raw.run
qualify row_number() over (
    partition by d.notice_id
    order by
        (d.drafter = run.reader) desc,
        coalesce(try_cast(regexp_extract(d.drafter_version, '(\d+)$', 1) as bigint), 0) desc,
        d.drafter_version desc,
        d.input_hash
) = 1
