/* ---
description: "Lo que se reserva de las oportunidades, sumado por año e informante, y si esa suma se puede decir sin que se sepa ninguna de sus partes."
grain: [outcome_year, reported_by, position]
columns:
  outcome_year: {type: bigint, label: Año, description: Año del primer día en que se contaron.}
  reported_by:
  position: {description: "Qué se cuenta, como en int_outcome_counts."}
  label: {description: Qué se cuenta.}
  outcome_date: {description: "El último de los primeros días en que se contaron."}
  counted: {type: bigint, label: Suma, description: Suma de lo reservado.}
  told: {type: bigint, label: Se dice, description: Lo que de ella se dice; nulo si se reserva.}
--- */
with sums as (
    select
        outcome_year,
        reported_by,
        position,
        any_value(label) as label,
        max(outcome_date) as outcome_date,
        sum(counted)::bigint as counted,
        -- two parts at least, and neither all at their least nor all at their most: then each may be another
        count(*) >= 2 and sum(counted) >= 5 and sum(counted - least) > 0 and sum(counted - least) < 3 * count(*) as hides_its_parts
    from intermediate.int_outcome_counts
    where is_withheld
    group by outcome_year, reported_by, position
),
-- of the opportunities in which one of two counts is withheld, what is told of the other: the second is part of the first
pairs as (
    select
        part.outcome_year,
        part.reported_by,
        part.position,
        whole.position as whole_position,
        sum(whole.told) filter (where part.is_withheld) as whole_told,
        sum(part.told) filter (where whole.is_withheld) as part_told
    from intermediate.int_outcome_counts part
    join intermediate.int_outcome_counts whole
        on whole.opportunity_id = part.opportunity_id and whole.reported_by = part.reported_by and whole.position < part.position
    group by part.outcome_year, part.reported_by, part.position, whole.position
),
-- sums that with what is told would leave few people between them
given_away as (
    select s.outcome_year, s.reported_by, s.position
    from sums s
    join pairs p on p.outcome_year = s.outcome_year and p.reported_by = s.reported_by and p.position = s.position
    left join sums whole
        on whole.outcome_year = s.outcome_year
        and whole.reported_by = s.reported_by
        and whole.position = p.whole_position
        and whole.hides_its_parts
    where abs(p.whole_told - s.counted) between 1 and 4
        or abs(coalesce(p.whole_told, 0) + coalesce(whole.counted, 0) - s.counted - coalesce(p.part_told, 0)) between 1 and 4
    union
    select s.outcome_year, s.reported_by, s.position
    from sums s
    join pairs p on p.outcome_year = s.outcome_year and p.reported_by = s.reported_by and p.whole_position = s.position
    where abs(s.counted - p.part_told) between 1 and 4
)
select
    s.outcome_year,
    s.reported_by,
    s.position,
    s.label,
    s.outcome_date,
    s.counted,
    case when s.hides_its_parts and g.position is null then s.counted end as told
from sums s
left join given_away g on g.outcome_year = s.outcome_year and g.reported_by = s.reported_by and g.position = s.position
