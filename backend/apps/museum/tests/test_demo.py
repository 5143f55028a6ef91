"""The demo data obeys every rule of the services, whenever it is loaded."""

import hashlib
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from itertools import pairwise

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PIL import Image

from apps.museum import demo
from apps.museum.demo.art.pictures import of_machine
from apps.museum.demo.collection import PLACES
from apps.museum.demo.facts import FACTS
from apps.museum.demo.load import SEED
from apps.museum.demo.stories import STORIES
from apps.museum.demo.stories.story import MARA, MILO, SANA
from apps.museum.demo.timeline import PUBLIC, TEAM, lives, open_at
from apps.museum.models import (
    Location,
    LogEntry,
    Machine,
    MachineModel,
    MachineStatus,
    Part,
    PartStatus,
    Photo,
    ProblemReport,
    ReportStatus,
    Zone,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("house")]


@pytest.fixture(scope="module")
def house(django_db_setup, django_db_blocker, tmp_path_factory):
    """The demo, loaded once by the real command; the tests run inside its transaction."""
    media_root = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(MEDIA_ROOT=media_root):
            call_command("load_demo", "--force", stdout=StringIO())
        yield media_root
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def media(house, settings):
    settings.MEDIA_ROOT = house


def test_it_is_a_full_house():
    assert 60 <= Machine.objects.count() <= 75
    assert ProblemReport.objects.count() >= 120
    assert LogEntry.objects.count() >= 160
    assert Part.objects.count() >= 30
    assert 8 <= Location.objects.count() <= 10
    assert set(Location.objects.values_list("zone", flat=True)) == set(Zone.values)
    assert set(Machine.objects.values_list("status", flat=True)) == set(MachineStatus.values)
    assert set(Part.objects.values_list("status", flat=True)) == set(PartStatus.values)


def test_loading_is_refused_a_second_time():
    assert demo.is_loaded()


def test_every_row_is_valid():
    for model in (Location, MachineModel, Machine, ProblemReport, LogEntry, Part, Photo):
        for row in model.objects.all():
            row.full_clean()


def test_every_model_has_facts_of_its_own():
    facts = [fact for facts in FACTS.values() for fact in facts]
    assert len(facts) >= 66
    assert len({fact.text for fact in facts}) == len(facts)
    assert len({fact.name for fact in facts}) == len(facts)
    assert all(len(fact.text) >= 80 for fact in facts)
    assert {fact.year // 10 for fact in facts} >= {193, 194, 195, 196, 197, 198, 199, 201, 202}
    assert MachineModel.objects.filter(machines=None).count() == 0


def test_asset_numbers_follow_the_order_of_acquisition():
    machines = list(Machine.objects.order_by("asset_number"))
    assert [machine.asset_number for machine in machines] == [
        f"M{number:04}" for number in range(1, len(machines) + 1)
    ]
    dates = [machine.acquired_on for machine in machines]
    assert dates == sorted(dates)


def test_replaying_the_log_gives_each_machine_its_status_and_version():
    for machine in Machine.objects.prefetch_related("log_entries"):
        status, version = MachineStatus.UNKNOWN, 1
        moments = []
        for entry in sorted(machine.log_entries.all(), key=lambda entry: entry.worked_at):
            assert entry.status_before == status, machine
            version += entry.status_after != status
            status = entry.status_after
            moments.append(entry.worked_at)
        assert machine.status == status, machine
        assert machine.version == version, machine
        assert len(set(moments)) == len(moments)
        assert all(moment >= machine.created_at for moment in moments)


def test_a_report_is_closed_by_exactly_one_entry_and_open_without():
    for report in ProblemReport.objects.prefetch_related("log_entries"):
        entries = sorted(report.log_entries.all(), key=lambda entry: entry.worked_at)
        closing = [entry for entry in entries if entry.closes_report]
        assert all(entry.machine_id == report.machine_id for entry in entries)
        assert all(entry.worked_at > report.occurred_at for entry in entries)
        if report.status == ReportStatus.CLOSED:
            assert closing == entries[-1:]
            assert report.closed_at == closing[0].worked_at
            assert closing[0].status_after == MachineStatus.GOOD
        else:
            assert closing == []
            assert timezone.now() - report.occurred_at < timedelta(days=30)


def test_a_machine_that_is_down_has_a_reason_in_its_log_or_a_report():
    down = Machine.objects.filter(status__in=(MachineStatus.BROKEN, MachineStatus.FIXING))
    assert 4 <= down.count() <= 10
    for machine in down:
        last = machine.log_entries.first()
        assert last is not None
        assert last.description
        assert machine.location.zone != Zone.FLOOR or machine.reports.filter(status="open").exists()


def test_one_problem_is_over_before_the_next_begins():
    closed = defaultdict(list)
    for report in ProblemReport.objects.filter(status=ReportStatus.CLOSED):
        closed[report.machine_id].append((report.occurred_at, report.closed_at))
    for spans in closed.values():
        spans.sort()
        assert all(first[1] < second[0] for first, second in pairwise(spans))


def test_nothing_lies_in_the_future_and_work_is_done_in_the_hours_of_the_house():
    now = timezone.now()
    for model in (Machine, ProblemReport, LogEntry, Part):
        assert not model.objects.filter(created_at__gt=now).exists()
        assert not model.objects.filter(updated_at__gt=now).exists()
    for report in ProblemReport.objects.select_related("reported_by"):
        by_team = report.reported_by and report.reported_by.groups.exclude(name="visitor").exists()
        assert open_at(report.occurred_at, TEAM if by_team else PUBLIC), report.occurred_at
    for entry in LogEntry.objects.all():
        assert open_at(entry.worked_at, TEAM), entry.worked_at


def test_texts_are_written_and_not_repeated():
    said = [text for text in ProblemReport.objects.values_list("description", flat=True) if text]
    done = list(LogEntry.objects.values_list("description", flat=True))
    assert len(set(said)) >= 0.95 * len(said)
    assert len(set(done)) >= 0.85 * len(done)
    for category in set(ProblemReport.objects.values_list("category", flat=True)):
        texts = ProblemReport.objects.filter(category=category).values("description")
        assert texts.distinct().count() >= 4, category


def test_parts_belong_to_the_machine_of_their_report():
    for part in Part.objects.select_related("report"):
        assert part.report.machine_id == part.machine_id
        assert part.created_at >= part.report.created_at
        if part.report.status == ReportStatus.CLOSED:
            assert part.status == PartStatus.FITTED
    assert Part.objects.exclude(status=PartStatus.FITTED).count() >= 6


def test_every_story_is_about_a_machine_of_the_house():
    keys = {machine.key for place in PLACES for machine in place.machines}
    assert {story.machine for story in STORIES} <= keys


def test_every_model_has_a_portrait_of_its_own_and_work_was_photographed(house):
    media_root = house
    portraits = Photo.objects.filter(report=None, log_entry=None).select_related("machine__model")
    assert {photo.machine.model_id for photo in portraits} == set(
        MachineModel.objects.values_list("pk", flat=True)
    )
    assert Photo.objects.exclude(log_entry=None).count() >= 5
    digests, size = set(), 0
    for photo in Photo.objects.select_related("machine__model", "log_entry"):
        assert photo.caption
        if photo.log_entry:
            assert photo.log_entry.machine_id == photo.machine_id
        for name, expected in ((photo.image.name, (900, 1200)), (photo.thumbnail.name, (360, 480))):
            content = (media_root / name).read_bytes()
            with Image.open(BytesIO(content)) as picture:
                assert picture.format == "WEBP"
                assert picture.size == expected
            size += len(content)
        assert (photo.width, photo.height) == (900, 1200)
        if not photo.log_entry:
            digests.add(hashlib.sha256((media_root / photo.image.name).read_bytes()).digest())
    assert len(digests) == len(portraits)
    assert size <= 3_000_000


def test_drawings_are_the_same_every_time():
    first = of_machine("Fireball", year=1972, era="em")
    assert of_machine("Fireball", year=1972, era="em") == first
    assert of_machine("Fireball", year=1973, era="em") != first


@hypothesis_settings(deadline=None, max_examples=60)
@given(
    st.datetimes(
        min_value=datetime(2026, 1, 1),  # noqa: DTZ001 hypothesis adds the zone
        max_value=datetime(2031, 1, 1),  # noqa: DTZ001
        timezones=st.just(UTC),
    )
)
def test_the_year_ends_at_any_moment(now):
    arrived = datetime(2024, 1, 1, tzinfo=UTC)
    machines = [(owned, "em", arrived) for place in PLACES for owned in place.machines]
    for owned, life in lives(machines, now=now, seed=SEED):
        closed = []
        for dated in life.stories:
            moments = [dated.reported_at, *dated.worked_at]
            assert all(a < b for a, b in pairwise(moments)), owned.key
            assert moments[-1] < now
            by_team = dated.story.by in (MILO, SANA, MARA)
            assert open_at(dated.reported_at, TEAM if by_team else PUBLIC)
            assert all(open_at(moment, TEAM) for moment in dated.worked_at)
            if dated.story.ago is None:
                closed.append((moments[0], moments[-1]))
        closed.sort()
        assert all(a[1] < b[0] for a, b in pairwise(closed)), owned.key
        if life.found:
            events = [moment for dated in life.stories for moment in dated.worked_at]
            events += [at for _, at in life.routine]
            assert all(life.found[1] < moment for moment in events), owned.key
