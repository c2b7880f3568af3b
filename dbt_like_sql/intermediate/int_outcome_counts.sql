/* ---
description: "Cada cuenta de int_outcome_cells en una fila: cuánto es, qué se dice, y entre qué valores puede estar para quien no lo sabe."
grain: [opportunity_id, reported_by, position]
columns:
  opportunity_id:
  reported_by:
  position: {description: "Qué se cuenta, de fuera adentro: 1 remitidas, 2 respondieron, 3 se postularon, 4 obtuvieron, 5 personas."}
  label: {description: Qué se cuenta.}
  outcome_date:
  outcome_year: {type: bigint, label: Año, description: Año de esa fecha.}
  counted: {type: bigint, label: Cuenta, description: "Lo que se contó; nulo si no se sabe."}
  told: {type: bigint, label: Se dice, description: "Lo que de ella se dice; nulo si no se sabe o se reserva."}
  is_withheld: {type: boolean, label: Reservada, description: "Si se sabe y no se dice."}
  least: {type: bigint, label: Al menos, description: "Si se reserva, el menor de los cuatro valores seguidos por los que se reservaría igual."}
--- */
with counts as (
    select
        c.opportunity_id,
        c.reported_by,
        c.outcome_date,
        unnest([
            {'position': 1, 'label': 'Remitidas', 'counted': c.referred_count, 'told': c.referred_told, 'around': null::bigint[]},
            {'position': 2, 'label': 'Respondieron', 'counted': c.answered_count, 'told': c.answered_told, 'around': [c.referred_told]},
            {'position': 3, 'label': 'Se postularon', 'counted': c.applied_count, 'told': c.applied_told, 'around': [c.referred_told, c.answered_told]},
            {'position': 4, 'label': 'Obtuvieron', 'counted': c.awarded_count, 'told': c.awarded_told, 'around': [c.referred_told, c.answered_told, c.applied_told]},
            {'position': 5, 'label': 'Personas beneficiadas', 'counted': c.people_count, 'told': c.people_told, 'around': [c.referred_told, c.answered_told, c.applied_told, c.awarded_told]}
        ]) as one
    from intermediate.int_outcome_cells c
),
plain as (
    select
        opportunity_id, reported_by, outcome_date, one.position as position, one.label as label, one.counted as counted, one.told as told,
        list_filter(one.around, lambda other: abs(one.counted - other) between 1 and 4)[1] as near
    from counts
)
select
    opportunity_id,
    reported_by,
    position::bigint as position,
    label,
    outcome_date,
    year(outcome_date) as outcome_year,
    counted,
    told,
    counted is not null and told is null as is_withheld,
    case
        when counted is null or told is not null then null
        when counted between 1 and 4 then 1
        when counted < near then near - 4
        else near + 1
    end as least
from plain
