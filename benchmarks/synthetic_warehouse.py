"""Made raw tables for any number of opportunities, written by DuckDB as Parquet, a stream at a time. Same seed, same rows.

In proportion to the embedded sample: an opportunity is told by 1.07 announcements, an announcement has 1.13 texts; a
text has a thousand characters and the reading of it a score of quotes of 75. One in eleven is approved, published on five
channels and counted for a week; some rows are bad on purpose. What the sample has little of in its one day is made of a
year: crawls, sightings, editions, later texts.
Everything is a function of the opportunity's number, so that no table waits for another and none is held in memory.
"""

from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from boi_pipeline.entity import Entity
from boi_pipeline.warehouse.raw import RAW_TABLES, raw_entity, raw_schema

SEED = 1
DAY = date(2026, 11, 23)  # that the tables are built for
WEEKS = 52  # of crawls before the day the tables are built for
_LISTS = {  # one text a list: its entries are separated by bars
    name: told.split("|")
    for name, told in {
        "countries": "AR|BO|BR|CA|CL|CO|CR|DE|EC|ES|FR|GB|IT|JP|KR|MX|NL|PE|PT|SE|US|UY",
        "currencies": "EUR|USD|GBP",
        "published_on": "site|whatsapp|instagram|x|email",
        "topics": "agua potable|bosques y páramos|movilidad sostenible|patrimonio cultural|salud comunitaria|"
        "economía circular|ciudades inclusivas|primera infancia|energía solar|derechos humanos|turismo rural",
        "funders": "Alba|Boreal|Cumbre|Delta|Encina|Faro|Gaviota|Horizonte|Isla|Jaspe|Laurel|Magnolia|Nogal|Olmo|Prisma",
        "fillers": "La convocatoria busca propuestas que puedan repetirse en otros lugares.|"
        "Cada propuesta presenta un plan de trabajo con metas por trimestre.|"
        "Un comité de personas expertas valora la calidad y la viabilidad.|"
        "Los resultados se publican en la página de la convocatoria.|"
        "Se valora la participación de mujeres y de jóvenes en el equipo.|"
        "Las dudas se atienden en dos sesiones abiertas por internet.|"
        "El primer desembolso se hace al firmar el acuerdo.|"
        "Quienes resulten elegidos participan en un encuentro al final del programa.|"
        "Las bases completas están disponibles en español y en inglés.",
    }.items()
}


def write_raw(entity: Entity, opportunities: int, folder: Path, seed: int = SEED) -> None:
    """Write one ``<raw table>.parquet`` a raw table of the declared schema below ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    nothing = {name: raw_schema(name).empty_table() for name in RAW_TABLES if name not in _QUERIES}
    for name, table in (nothing | raw_entity(entity, entity.at(DAY))).items():
        pq.write_table(table, folder / f"{name}.parquet")
    with duckdb.connect(config={"temp_directory": str(folder / "spill")}) as connection:
        connection.execute("set TimeZone = 'UTC'; set memory_limit = '2GB'")
        _define(connection, entity, opportunities, seed)
        for name, query in _QUERIES.items():
            columns = ", ".join(f'"{field.name}"' for field in raw_schema(name))
            target = str(folder / f"{name}.parquet").replace("'", "''")
            connection.execute(f"copy (select {columns} from ({query})) to '{target}' (row_group_size 20000)")


def read_raw(folder: Path) -> dict[str, pa.RecordBatchReader]:
    """The tables of a folder as streams of the declared schema, for ``Build.load``."""
    import pyarrow.dataset as ds  # it takes pandas along, which the steps that are timed do without

    found = {}
    for name in RAW_TABLES:
        if (path := folder / f"{name}.parquet").is_file():
            scanner = ds.dataset(path).scanner(batch_size=10_000, batch_readahead=2, fragment_readahead=1)
            found[name] = scanner.to_reader().cast(raw_schema(name))
    return found


def _define(connection: duckdb.DuckDBPyConnection, entity: Entity, opportunities: int, seed: int) -> None:
    """The lists, chances and the wide view of every text that was ever seen, from which the tables are taken."""
    codes = {name: [str(code) for code in vocabulary.terms] for name, vocabulary in entity.vocabularies.items()}
    for name, found in (codes | _LISTS).items():
        listed = ", ".join("'" + code.replace("'", "''") + "'" for code in found)
        connection.execute(f"create macro {name}() as [{listed}]")
    connection.execute(f"create macro opportunity_count() as {opportunities}")
    connection.execute(f"create macro source_count() as {20 + opportunities // 2_500}")
    connection.execute(f"create macro prefix() as '{entity.file.code_prefix}'")
    connection.execute(f"create macro home() as '{entity.file.country}'")
    connection.execute(f"create macro last_week() as {WEEKS - 1}")
    connection.execute(f"create macro roll(i, salt, sides) as (hash(i, salt, {seed}) % sides)::bigint")
    connection.execute(_VIEWS)


_VIEWS = """
create macro pick(i, salt, list) as list[1 + roll(i, salt, len(list))];
create macro several(i, salt, list, most) as list_distinct(list_transform(
    range(1 + roll(i, salt, most)), lambda k: list[1 + roll(i * 7 + k, salt, len(list))]
));
create macro monday(week) as date '2025-12-01' + (week * 7)::integer;
create macro crawled(week) as (monday(week) + time '11:00')::timestamp at time zone 'UTC';
create macro crawl(week) as '01K' || lpad(week::varchar, 23, '0');
create macro id_of(o) as (
    with found as (select md5('call ' || o::varchar) as m)
    select left(m, 8) || '-' || m[9:12] || '-5' || m[14:16] || '-8' || m[18:20] || '-' || m[21:32] from found
);

create view calls as
select
    o,
    left(m, 8) || '-' || m[9:12] || '-5' || m[14:16] || '-8' || m[18:20] || '-' || m[21:32] as opportunity_id,
    prefix() || '-2026-' || lpad((o + 1)::varchar, 7, '0') as code,
    roll(o, 'week', last_week() + 1) as first_week,
    monday(roll(o, 'week', last_week() + 1)) + (20 + roll(o, 'close', 200))::integer as first_close,
    pick(o, 'type', opportunity_types()) as opportunity_type,
    pick(o, 'instrument', funding_instruments()) as funding_instrument,
    pick(o, 'topic', topics()) as topic,
    'Fundación ' || pick(o // 40, 'funder', funders()) || ' ' || (o // 40)::varchar as funder_name,
    pick(o // 40, 'country', countries()) as funder_country,
    several(o, 'hosts', countries(), 2) as host_countries,
    pick(o, 'mode', attendance_modes()) as attendance_mode,
    several(o, 'applicants', applicant_types(), 2) as accepted_applicant_types,
    several(o, 'audiences', audiences(), 3) as audiences,
    several(o, 'regions', country_groups(), 2) as eligible_regions,
    case when roll(o, 'home', 10) < 3 then 'unclear' when roll(o, 'home', 10) < 9 then 'yes' else 'no' end as home_eligible,
    several(o, 'levels', isced_levels(), 2)::bigint[] as isced_levels,
    pick(o, 'level', funding_levels()) as funding_level,
    several(o, 'coverage', coverage(), 3) as coverage,
    case when roll(o, 'money', 10) < 7 then pick(o, 'currency', currencies()) end as currency,
    case when roll(o, 'money', 10) < 7 then (1 + roll(o, 'amount', 400)) * 500 end::decimal(18, 2) as first_amount,
    case when roll(o, 'number', 5) = 0 then 'REF-' || lpad(o::varchar, 8, '0') end as opportunity_number,
    several(o, 'sdg', sdg_goals(), 3)::bigint[] as sdg_goals,
    several(o, 'plan', plan_objectives(), 2) as plan_objectives,
    case when roll(o, 'flag', 20) = 0 then several(o, 'flags', list_filter(red_flags(), lambda x: x <> 'aggregator_deadline'), 1) else [] end as red_flags,
    roll(o, 'official', 4) > 0 as has_official,
    roll(o, 'decided', 100) as decided,
    case when roll(o, 'items', 100) < 94 then 1 when roll(o, 'items', 100) < 99 then 2 else 3 end as item_count
from (select range as o, md5('call ' || range::varchar) as m from range(opportunity_count()));

create view items as
select
    *,
    o * 3 + j as item_number,
    j = 1 and has_official as is_official,
    case when j = 1 and has_official then 'official_' else 'aggregator_' end || roll(o * 3 + j, 'source', source_count())::varchar as source_id,
    least(first_week + (j - 1) * 2, last_week()) as item_week,
    case when roll(o * 3 + j, 'texts', 100) < 88 then 1 when roll(o * 3 + j, 'texts', 100) < 98 then 2 else 3 end as text_count
from (select *, unnest(range(1, item_count + 1)) as j from calls);

create view hosts as
select *, source_id || '/' || item_number::varchar as item_id, 'https://' || replace(source_id, '_', '-') || '.example/' as host from items;

create view versions as
select
    *,
    host || item_number::varchar as url,
    host || 'apply/' || o::varchar as apply_url,
    least(item_week + (v - 1) * 3, last_week()) as week,
    -- a later text moves the date, raises the amount, or says the same in other words
    first_close + case when v > 1 and roll(item_number, 'edit', 4) < 2 then 14 * (v - 1) else 0 end::integer
        - case when not is_official and roll(item_number, 'wrong', 16) = 0 then 7 else 0 end::integer as close_date,
    (first_amount * case when v > 1 and roll(item_number, 'edit', 4) = 2 then 2 else 1 end)::decimal(18, 2) as amount
from (select *, unnest(range(1, least(text_count, 1 + (last_week() - item_week) // 3) + 1)) as v from hosts);

create view quoted as
select
    *,
    case when roll(item_number, 'untitled', 1000) = 0 then '' else
        'Convocatoria ' || (o % 97)::varchar || ' de ' || opportunity_type || ' sobre ' || topic || ' ' || o::varchar end as title,
    funder_name || ' convoca' as q_funder,
    'con sede en ' || array_to_string(host_countries, ', ') || ' y encuentros de trabajo en modalidad ' || attendance_mode as q_place,
    'personas y entidades de ' || array_to_string(eligible_regions, ', ') || ' que trabajan en ' || array_to_string(audiences, ', ')
        || ' desde hace dos años o más como ' || array_to_string(accepted_applicant_types, ', ') as q_who,
    'un apoyo de tipo ' || funding_instrument || ', de nivel ' || funding_level || ', que cubre para cada propuesta elegida ' || array_to_string(coverage, ', ') as q_money,
    'hasta ' || currency || ' ' || amount::varchar || ' por propuesta, según el presupuesto que se presente y apruebe' as q_amount,
    'Cierra el ' || strftime(close_date, '%d/%m/%Y') || ' a las 23:59, hora de Bogotá' as q_close,
    'aporta a los objetivos de desarrollo ' || array_to_string(sdg_goals, ', ') || ' y al trabajo en ' || topic as q_sdg,
    'Se piden estudios de nivel ' || array_to_string(isced_levels, ', ') as q_level,
    'Código ' || opportunity_number as q_number,
    'Solicitudes en ' || apply_url as q_apply,
    'Advertencia: ' || array_to_string(red_flags, ', ') as q_flags
from versions;

create view texts as
select
    *,
    concat_ws(
        E'\\n\\n', title,
        'Llamado abierto a presentar propuestas. ' || q_funder || ' esta convocatoria ' || q_place || '. Pueden participar ' || q_who || '.',
        'Ofrece ' || q_money || coalesce(', ' || q_amount, '') || '. ' || pick(o, 'f1', fillers()) || ' ' || pick(o, 'f2', fillers())
            || ' ' || pick(o, 'f3', fillers()),
        q_close || '. El programa ' || q_sdg || '. ' || q_level || '. ' || pick(o, 'f4', fillers()),
        q_number || '.', case when len(red_flags) > 0 then q_flags || '.' end,
        q_apply || case when v > 1 then '. Página revisada ' || v::varchar || ' veces.' else '.' end
    ) as text
from quoted;

create view notices as
select
    *,
    item_id || '@' || sha256(text || apply_url) as notice_id,
    sha256(text) as text_sha256,
    sha256(text || apply_url) as content_sha256,
    [{'seq': 1::bigint, 'stage': 'application', 'close_date': close_date, 'close_time': time '23:59', 'timezone': 'America/Bogota', 'basis': 'stated'}]
        || case when roll(o, 'stages', 10) = 0 then [{'seq': 2::bigint, 'stage': 'full_proposal', 'close_date': close_date + 60, 'close_time': null::time, 'timezone': null::varchar, 'basis': 'stated'}] else [] end
        as deadlines,
    left('Convocatoria ' || o::varchar || ' sobre ' || topic || ' de ' || funder_name, 90) as title_es,
    funder_name || ' apoya a quienes trabajan en ' || topic || ' con una convocatoria abierta a varios países. La propuesta debe'
        || ' explicar qué problema atiende, con quién se hará y cómo se medirá lo que cambie. Quien resulte elegido recibe'
        || ' acompañamiento durante un año y presenta al final lo que aprendió.' as summary_es,
    'Pueden participar personas y entidades de los países invitados.' as eligibility_es
from texts;

create view proofs as
select
    *,
    list_filter([
        {'field': 'is_opportunity', 'quote': 'Llamado abierto a presentar propuestas'}, {'field': 'opportunity_type', 'quote': 'Llamado abierto a presentar propuestas'},
        {'field': 'funding_instrument', 'quote': q_money}, {'field': 'opportunity_number', 'quote': q_number},
        {'field': 'funder_name', 'quote': q_funder}, {'field': 'funder_type', 'quote': q_funder},
        {'field': 'funder_country', 'quote': q_funder}, {'field': 'host_countries', 'quote': q_place},
        {'field': 'attendance_mode', 'quote': q_place}, {'field': 'accepted_applicant_types', 'quote': q_who},
        {'field': 'audiences', 'quote': q_who}, {'field': 'eligible_regions', 'quote': q_who},
        {'field': 'home_eligible', 'quote': case when home_eligible <> 'unclear' then q_who end},
        {'field': 'isced_levels', 'quote': q_level}, {'field': 'funding_level', 'quote': q_money},
        {'field': 'coverage', 'quote': q_money}, {'field': 'currency', 'quote': q_amount},
        {'field': 'max_award_amount', 'quote': q_amount}, {'field': 'deadlines', 'quote': q_close},
        {'field': 'close_model', 'quote': q_close}, {'field': 'apply_url', 'quote': q_apply}, {'field': 'sdg_goals', 'quote': q_sdg},
        {'field': 'red_flags', 'quote': case when len(red_flags) > 0 then q_flags end}
    ], lambda proof: proof.quote is not null) as quotes
from notices;
"""

_EVIDENCE = """list_transform(quotes, lambda p: {
    'field': p.field, 'notice_id': notice_id,
    'start': strpos(text, p.quote) - 1 + case when p.field = 'funder_type' and roll(item_number, 'shifted', 2000) = 0 then 1 else 0 end,
    'end': strpos(text, p.quote) - 1 + length(p.quote), 'quote': p.quote,
    'kind': case when p.field in (
        'opportunity_number', 'funder_name', 'currency', 'max_award_amount', 'deadlines', 'close_model', 'apply_url'
    ) then 'stated' else 'inferred' end,
    'method': 'rule', 'rule': 'made.' || p.field, 'confidence': 0.9
})"""
_RECORD = """to_json({
    'accepted_applicant_types': accepted_applicant_types, 'application_fee': null, 'apply_url': apply_url,
    'attendance_mode': attendance_mode, 'audiences': audiences, 'close_date_description': null, 'close_model': 'single',
    'code': code, 'cost_sharing_required': null, 'coverage': coverage, 'currency': currency,
    'deadlines': list_transform(deadlines, lambda d: {
        'basis': d.basis, 'close_at': strftime((d.close_date + d.close_time) at time zone d.timezone, '%Y-%m-%dT%H:%M:%SZ'),
        'close_date': d.close_date::varchar, 'close_time': d.close_time::varchar, 'seq': d.seq, 'stage': d.stage, 'timezone': d.timezone
    }),
    'digital_source_type': 'algorithmicMedia', 'eligibility_es': eligibility_es, 'eligible_regions': eligible_regions,
    'estimated_award_count': null,
    'evidence': list_transform(quotes, lambda p: {'field': p.field, 'kind': 'inferred', 'quote': p.quote, 'url': url}),
    'funder_country': funder_country, 'funder_name': funder_name, 'funding_instrument': funding_instrument,
    'funding_level': funding_level, 'home_eligible': home_eligible, 'host_countries': host_countries, 'isced_levels': isced_levels,
    'language': 'es', 'max_award_amount': amount::varchar, 'min_award_amount': null, 'opportunity_id': opportunity_id,
    'opportunity_number': opportunity_number, 'opportunity_type': opportunity_type, 'plan_objectives': plan_objectives,
    'red_flags': red_flags, 'required_languages': [], 'sdg_goals': sdg_goals, 'source_name': 'Fuente ' || source_id,
    'source_url': url, 'summary_es': summary_es, 'title': title, 'title_es': title_es, 'total_amount_available': null,
    'typical_age_range': null
})::varchar"""
_APPROVED = (
    "j = 1 and v = 1 and is_official and decided < 12 and title <> ''"  # nine in a hundred, with the share of officials
)

_QUERIES = {
    "sources": """
        select kind || k::varchar as source_id, 'Fuente ' || kind || k::varchar as name, 'feed' as platform,
            'https://' || replace(kind, '_', '-') || k::varchar || '.example/' as url, 'es' as language, home() as country,
            rtrim(kind, '_') as authority, 'weekly' as cadence, k % 10 = 0 as complete_listing
        from range(source_count()) t(k), (values ('official_'), ('aggregator_')) kinds(kind)""",
    "crawls": """
        select crawl(week) as crawl_id, crawled(week) as crawled_at, kind || k::varchar as source_id,
            case when roll(k * 60 + week, 'failed', 50) = 0 then 'timeout' else 'ok' end as outcome, '' as detail,
            12 as request_count, 240000 as byte_count, 30 as listed_count, 3 as new_count, 1 as changed_count, 0 as error_count
        from range(last_week() + 1) w(week), range(source_count()) t(k), (values ('official_'), ('aggregator_')) kinds(kind)""",
    "sightings": """
        select crawl(week) as crawl_id, crawled(week) as crawled_at, source_id, item_id, null as content_sha256
        from (
            select source_id, item_id, unnest(list_distinct([
                item_week, least(item_week + 1, last_week()), least(item_week + 3, last_week()), least(item_week + 6, last_week()),
                -- listed until it closes; three in a hundred are taken away before
                case when roll(item_number, 'gone', 100) < 3 then item_week
                    else least(greatest((first_close - monday(0)) // 7, item_week), last_week()) end
            ])) as week
            from hosts
        )""",
    "rechecks": f"""
        select 'R' || crawl(last_week() - day) as crawl_id, crawled(last_week() - day) as checked_at, source_id, item_id, url,
            case when roll(o, 'recheck', 100) = 0 then 'gone' else 'ok' end as outcome,
            case when roll(o, 'recheck', 100) = 0 then 404 else 200 end as http_status, null as final_url, null as quote
        from (select *, unnest([0, 1]) as day from quoted where {_APPROVED} and close_date > monday(last_week()))""",
    "notices": """
        select *, item_number::varchar as item_key, null as parent_key, 'es' as language, 'dmy' as date_order,
            case when is_official then 'official' else 'aggregator' end as authority, null as timezone,
            crawled(week) - interval 2 day as published_at, null as modified_at, crawled(week) as fetched_at,
            crawl(week) as crawl_id, 'made-1' as parser_version, 'urn:uuid:' || md5(item_id || v::varchar) as capture_id,
            [{'url': apply_url, 'text': 'Solicitudes'}] as links, []::struct(label varchar, value varchar)[] as hints
        from notices""",
    "readings": f"""
        select *, md5(notice_id) as input_hash, 'offline' as reader, 'rules-3' as reader_version, false as fallback, null as failure,
            true as is_opportunity, 10 as funder_type, []::varchar[] as isced_fields, []::varchar[] as required_languages,
            null as typical_age_range, null as min_award_amount, amount as max_award_amount, null as total_amount_available,
            null as estimated_award_count, null as cost_sharing_required, null as application_fee, 'single' as close_model,
            null as close_date_description, []::varchar[] as sdg_targets, {_EVIDENCE} as evidence, []::varchar[] as dropped,
            case when roll(o, 'unclear', 50) = 0 then ['audiences'] else [] end as unclear
        from proofs""",
    "drafts": """
        select *, md5('draft ' || notice_id) as input_hash, 'template' as drafter, 'template-1' as drafter_version,
            'algorithmicMedia' as digital_source_type, []::struct(channel varchar, text varchar)[] as channels
        from notices""",
    "reader_usage": """
        select md5('usage ' || notice_id) as call_id, 'read' as purpose, 'prompt-1' as version, notice_id, 'llm.example/v1' as endpoint,
            'made' as model, crawled(week) as called_at, crawled(week) as as_of, 'ok' as outcome, 1800 as prompt_tokens,
            1200 as cached_tokens, 300 as completion_tokens, 90 as cost_micro_usd, 1.5 as seconds
        from notices where item_number % 10 = 0""",
    "matches": """
        select item_id, opportunity_id, case when j = 1 then 'alone' else 'score' end as reason, null as matched_item_id
        from hosts""",
    "relations": """
        select id_of(o - 1) as opportunity_id, opportunity_id as related_opportunity_id, 'previous_edition_of' as relation,
            'title' as reason
        from calls where o % 12 in (10, 11)""",
    "match_questions": """
        select item_id, item_id || 'x' as other_item_id, opportunity_id, id_of(o + 1) as other_opportunity_id, 0.4 as chance
        from hosts where j = 1 and o % 50 = 0 and o + 1 < opportunity_count()""",
    "match_conflicts": """
        select 'moved_links' as kind, [item_id] as item_ids, 'La fuente cambió de direcciones.' as detail
        from hosts where j = 1 and o % 500 = 0""",
    "match_opinions": """
        select item_id, item_id || 'x' as other_item_id, 'different' as verdict, 'Convocatoria' as quote, 'Otra convocatoria' as other_quote,
            'made' as notice_id, 'made' as other_notice_id, 'match-1/made' as model_version
        from hosts where j = 1 and o % 50 = 25""",
    "identities": """
        select o + 1 as seq, opportunity_id, code, 'anchor/' || o::varchar as anchor_item_id, crawled(first_week) as minted_at
        from calls
        union all
        select opportunity_count() + o + 1, id_of(-1 - o), prefix() || '-2025-' || lpad((o + 1)::varchar, 7, '0'), 'anchor/-' || o::varchar,
            crawled(0)
        from range(opportunity_count() // 100) t(o)""",
    "identity_items": """
        select item_number as seq, item_id, opportunity_id, 'alone' as reason, crawled(item_week) as linked_at from hosts""",
    "redirects": """
        select o + 1 as seq, id_of(-1 - o) as from_opportunity_id, id_of(o) as to_opportunity_id, 'merged' as kind, crawled(last_week()) as "at"
        from range(opportunity_count() // 100) t(o)""",
    "decisions": f"""
        select o * 4 + step as seq, md5('decision ' || (o * 4 + step)::varchar) as decision_id, action, opportunity_id,
            []::varchar[] as item_ids, 'editor' as role, crawled(first_week) + to_hours((3 + step * 24)::integer) as decided_at, '' as reason,
            '{{}}' as proposed, '{{}}' as changed, 30 + roll(o, 'spent', 200) as seconds_spent,
            case when action = 'approve' then sha256(record) end as snapshot_sha256,
            case when action = 'approve' then roll(o, 'share', 100) / 100.0 end as edit_share
        from (
            select *, {_RECORD} as record, unnest([0, 1]) as step,
                case when step = 0 then 'approve' when decided < 1 then 'withdraw' when decided < 2 then 'feature' end as action
            from proofs where {_APPROVED}
        ) where action is not null
        union all
        select o * 4, md5('decision ' || (o * 4)::varchar), 'reject', opportunity_id, [], 'editor', crawled(first_week) + interval 3 hour, 'No.',
            '{{}}', '{{}}', 12, null, null
        from calls where decided >= 98""",
    "snapshots": f"""
        select o as seq, sha256(record) as snapshot_sha256, opportunity_id, record as content
        from (select *, {_RECORD} as record from proofs where {_APPROVED})""",
    "editions": """
        select week as seq, (monday(week) + 1)::varchar as edition_id, monday(week) + 1 as edition_date,
            crawled(week) + interval 1 day as closed_at, strftime(monday(week), '%G-W%V') as label
        from range(last_week() + 1) t(week)""",
    "publications": f"""
        select o * 10 + place as seq, (monday(first_week) + 1)::varchar || '/' || channel || '/' || code as publication_id,
            (monday(first_week) + 1)::varchar as edition_id, opportunity_id, code, channel, 1 + o % 40 as position,
            sha256(record) as snapshot_sha256, 'sent' as state, crawled(first_week) + interval 1 day as published_at, null as address
        from (
            select *, {_RECORD} as record, unnest(published_on()) as channel, unnest(range(len(published_on()))) as place
            from proofs where {_APPROVED} and decided >= 1
        )""",
    "metrics": f"""
        select 'entity' as import_id, o * 100 + place * 10 + day as row_number, timestamptz '2000-01-01 00:00:00+00' as imported_at,
            'plain' as layout, monday(first_week) + (1 + day)::integer as metric_date, channel, 'day' as scope, 'code' as reference_kind,
            code as reference, null as title, 40 + roll(o * 7 + day, 'seen', 900) as impressions, roll(o * 7 + day, 'clicks', 40) as clicks,
            roll(o * 7 + day, 'touched', 9) as interactions
        from (
            select o, code, first_week, channel, place, unnest(range(7)) as day
            from (
                select *, unnest(published_on()) as channel, unnest(range(len(published_on()))) as place
                from quoted where {_APPROVED} and decided >= 1
            )
        )
        union all
        select 'entity', -100 * week - place - 1, timestamptz '2000-01-01 00:00:00+00', 'plain', monday(week), channel, 'day', null, null, null,
            5000, 300, 40
        from (
            select range as week, unnest(published_on()) as channel, unnest(range(len(published_on()))) as place from range(last_week() + 1)
        )""",
    "outcomes": f"""
        select 'entity' as import_id, o as row_number, timestamptz '2000-01-01 00:00:00+00' as imported_at, 'plain' as layout,
            monday(first_week) + 60 as outcome_date, pick(o, 'reporter', outcome_reporters()) as reported_by, null as body,
            null as item_id, code, 20 + roll(o, 'referred', 80) as referred_count,
            15 as answered_count, 10 as applied_count, roll(o, 'awarded', 8) as awarded_count, 30 as people_count,
            amount as award_amount, case when amount is not null then currency end as currency
        from quoted where {_APPROVED} and decided between 1 and 4""",
}
