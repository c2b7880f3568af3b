from datetime import UTC, date, datetime, timedelta

import pytest

from boi_pipeline.publishing.bulletin import Bulletin, BulletinError, bulletin_of
from boi_pipeline.records import Redirect
from tests.publishing.sample_bulletin import (
    AS_OF,
    AWARD,
    COURSE,
    COURSE_BEFORE,
    FUND,
    MERGED,
    PICKED,
    SCAM,
    SCHOLARSHIP,
    WEEK,
    Records,
    sample_bulletin,
    sample_entity,
    sample_records,
)

DAY = date(2026, 11, 24)


def test_what_nobody_approved_is_refused():
    records = Records([(DAY, [AWARD])])
    records.decisions = [one.model_copy(update={"action": "amend"}) for one in records.decisions]
    with pytest.raises(BulletinError, match="nobody approved"):
        records.bulletin()


def test_a_snapshot_that_was_altered_after_approval_is_refused():
    records = Records([(DAY, [AWARD])])
    only = records.snapshots[0]
    records.snapshots = [only.model_copy(update={"content": only.content.replace("agora.example", "malo.example")})]
    with pytest.raises(BulletinError, match="not what was approved"):
        records.bulletin()


def test_a_publication_without_its_snapshot_is_refused():
    records = Records([(DAY, [AWARD])])
    records.snapshots = []
    with pytest.raises(BulletinError, match="is not in the ledger"):
        records.bulletin()


def test_a_publication_without_its_edition_is_refused():
    records = Records([(DAY, [AWARD])])
    records.editions = []
    with pytest.raises(BulletinError, match="its edition is not in the ledger"):
        records.bulletin()


def test_other_channels_are_not_the_site_s():
    records = Records([(DAY, [AWARD, FUND])])
    records.publications[0] = records.publications[0].model_copy(update={"channel": "whatsapp"})
    assert list(records.bulletin().current) == [FUND.code]


def test_a_withdrawn_opportunity_becomes_a_tombstone_until_it_is_published_again():
    bulletin = sample_bulletin()
    assert SCAM.code in bulletin.tombstones
    assert SCAM.code not in bulletin.history

    mended = SCAM.model_copy(update={"title_es": "Beca sin cobro"})
    again = Records([(date(2026, 11, 23), [SCAM])])
    again.decide("withdraw", SCAM, datetime(2026, 11, 23, 10, tzinfo=UTC))  # before the hour of publication
    assert SCAM.code in again.bulletin().tombstones
    again.close(DAY, [mended])
    assert [item.opportunity.title_es for _, item in again.bulletin().history[SCAM.code]] == ["Beca sin cobro"]
    assert SCAM.code not in again.bulletin().tombstones


def test_the_newest_approved_text_is_the_current_one():
    bulletin = sample_bulletin()
    assert bulletin.current[COURSE.code][1].opportunity.title_es == COURSE.title_es
    assert [item.opportunity.title_es for _, item in bulletin.history[COURSE.code]] == [
        COURSE.title_es,
        COURSE_BEFORE.title_es,
    ]


def test_redirects_follow_chains_end_and_never_lead_nowhere():
    records = sample_records()

    def redirect(seq: int, source: str, target: str) -> Redirect:
        return Redirect(
            seq=seq, from_opportunity_id=source, to_opportunity_id=target, kind="merged", at=datetime.now(UTC)
        )

    records.redirects.append(redirect(2, SCHOLARSHIP.opportunity_id, AWARD.opportunity_id))
    assert records.bulletin().destinations == {MERGED.code: AWARD.code, SCHOLARSHIP.code: AWARD.code}

    records.redirects.append(redirect(3, AWARD.opportunity_id, MERGED.opportunity_id))
    assert records.bulletin().destinations  # a circle ends too

    unknown = Bulletin(
        sample_entity().file, {}, datetime(2026, 11, 24, tzinfo=UTC), redirects=[("PAL-2026-1", "PAL-2026-2")]
    )
    assert unknown.destinations == {}


@pytest.mark.parametrize("code", ["../../etc/passwd", "PAL-2026-1/../x", "pal-2026-00001", ""])
def test_a_code_that_is_no_code_never_becomes_a_path(code: str):
    with pytest.raises(BulletinError, match="expected a public code"):
        Bulletin(sample_entity().file, {}, datetime(2026, 11, 24, tzinfo=UTC), redirects=[(code, "PAL-2026-00001")])


def test_a_week_holds_what_was_picked_in_its_order_with_its_reasons():
    (week,) = sample_bulletin().weeks
    assert week.edition.edition_id == WEEK
    assert [(one.code, one.why) for one in week.items] == [(facts.code, why) for facts, why in PICKED]


def test_a_week_does_not_hold_what_nobody_picked_or_approved():
    records = sample_records()
    records.decisions = [one for one in records.decisions if one.action != "pick"]
    with pytest.raises(BulletinError, match="nobody picked it"):
        records.bulletin()

    records = sample_records()
    late = records.decisions[-1]
    assert late.action == "pick"
    records.decisions[-1] = late.model_copy(update={"seq": 999})
    with pytest.raises(BulletinError, match="nobody picked it"):
        records.bulletin()

    records = Records([(DAY, [AWARD])])
    records.close_week(WEEK, AS_OF, [(AWARD, "Cierra pronto y es fácil de preparar.")])
    records.decisions = [one for one in records.decisions if one.action != "approve"]
    with pytest.raises(BulletinError, match="nobody approved"):
        records.bulletin()


def test_what_is_withdrawn_after_the_week_closed_shows_only_its_code_there():
    records = sample_records()
    records.decide("withdraw", FUND, AS_OF)
    (week,) = records.bulletin().weeks
    assert [one.item.is_withdrawn for one in week.items] == [False, True, False, False, False]


def test_a_week_s_article_does_not_make_a_note_of_its_own():
    records = sample_records()
    with_week = records.bulletin()
    records.publications = [one for one in records.publications if one.channel == "site"]
    assert with_week.history == records.bulletin().history
    assert with_week.editions == records.bulletin().editions


def test_a_publication_knows_when_its_approvals_and_its_source_last_turned():
    records = Records([(DAY, [AWARD, FUND])])
    turned = AS_OF + timedelta(hours=1)

    def found(**more: object) -> dict[str, datetime | None]:
        given = {
            name: getattr(records, name)
            for name in ("editions", "publications", "snapshots", "decisions", "identities")
        }
        made = bulletin_of(sample_entity(), AS_OF + timedelta(hours=2), **given, **more)
        return {item.code: item.turned_at for edition in made.editions for item in edition.items}

    assert set(found().values()) == {datetime(2026, 11, 24, 21, tzinfo=UTC)}
    assert found(source_turned={FUND.opportunity_id: turned})[FUND.code] == turned
    records.decide("approve", AWARD, turned, "0" * 64)
    assert found()[AWARD.code] == turned
    records.decide("approve", AWARD, AS_OF + timedelta(days=3), "1" * 64)  # not yet, as of then
    assert found()[AWARD.code] == turned
