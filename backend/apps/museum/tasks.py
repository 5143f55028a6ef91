"""The museum's work in the background."""

from datetime import timedelta

from django.conf import settings  # feature: notifications
from django.db import transaction  # feature: notifications
from django.dispatch import receiver
from django.utils import timezone

from apps.core.problems import InvalidInput
from apps.museum import orphans, photos
from apps.museum.models import Photo, PhotoState
from apps.museum.notifications import tell_of_the_floor, yesterday  # feature: notifications
from apps.museum.realtime import photo_changed  # feature: realtime
from longhouse.jobs import Discard, JobContext, Retry, schedule, task
from longhouse.jobs.models import Job, State
from longhouse.jobs.signals import job_finished


# One at a time in the whole house: a picture unfolds to 100 MB, and one process stays free for
# others. `unique`: no second job beside one that has not ended.
@task(
    queue_name="photos",
    takes_context=True,
    unique=True,
    concurrency=1,
    timeout=60,
    retry=Retry(max_attempts=4, backoff=2),
)
def process_photo(context: JobContext, photo_id: str) -> None:
    """Make what is served of a photo's original."""
    unready = Photo.all_objects.exclude(state=PhotoState.READY)
    if (photo := unready.filter(pk=photo_id).first()) is None:
        return
    try:
        photos.process(photo, hold=context.hold)
    except InvalidInput as error:
        raise Discard(error.errors[0]["message"]) from error


@receiver(job_finished)
def process_photo_ended(job: Job, **_: object) -> None:
    """However it failed for good, by itself or with its process: say so."""
    if job.task != process_photo.module_path or job.state == State.SUCCEEDED:
        return
    waiting = Photo.all_objects.select_for_update().filter(state=PhotoState.PROCESSING)
    if photo := waiting.filter(pk=job.args[0]).first():
        photo.state = PhotoState.FAILED
        photo.save()
        photo_changed(photo)  # feature: realtime


@schedule("17 4 * * *", name="museum.photos")
@task(timeout=600)
def clean_photos() -> int:
    """Remove what failed and nobody tried again, and files without a row; gives how many."""
    return orphans.remove(before=timezone.now() - timedelta(days=1)) + orphans.give_up(
        before=timezone.now() - timedelta(days=7)
    )


# feature: notifications
# After closing time in the museum, and before anybody comes. What was missed is made up for by one
# report; while one is written, no other begins, whoever asked for it.
@schedule(
    "30 5 * * *",
    name="museum.floor",
    timezone=settings.MUSEUM_TIME_ZONE,
    overlap="skip",
    catch_up="last",
)
@task(takes_context=True, concurrency=1, timeout=60)
def report_the_floor(context: JobContext) -> int:
    """Tell managers of yesterday; gives how many were told."""
    with transaction.atomic():
        context.hold()
        return tell_of_the_floor(yesterday())


# end feature: notifications
