"""What the wiki tells people: changes of pages that they watch, what becomes of their proposals."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone

from apps.users.models import User
from apps.wiki.changes import ENCYCLOPEDIA
from apps.wiki.selectors import companion_of
from apps.wiki.services.watching import PAGES, rows_of, touched_by
from longhouse.jobs import schedule, task
from longhouse.notifications.kinds import Kind, register
from longhouse.notifications.services import notify
from longhouse.versioning import signals
from longhouse.versioning.branches import branch_context
from longhouse.versioning.context import MAIN
from longhouse.versioning.models import Branch, Comment, Commit, Review

WATCHED = register(Kind("wiki.watched", "Changes of wiki pages that you watch"))
PROPOSALS = register(Kind("wiki.proposals", "What becomes of your proposals to the wiki"))

#: how far back changes are looked for that nobody was told of
MISSED = timedelta(hours=1)


@receiver(signals.committed, sender=Commit)
def change_committed(commit: Commit, models: frozenset[Any], **_: Any) -> None:
    if commit.branch_id is None and models & set(ENCYCLOPEDIA):
        _tell(commit.pk)


def _tell(commit_id: int) -> None:
    """Once for each commit, however often it is asked for."""
    tell_watchers.using(idempotency_key=f"wiki.watched {commit_id}").enqueue(commit_id)


@schedule("*/5 * * * *", name="wiki.tell-watchers")
@task()
def tell_of_missed_changes() -> None:
    """Changes whose process ended between their commit and telling of it."""
    since = timezone.now() - MISSED
    for pk in Commit.objects.filter(branch=None, created_at__gt=since).values_list("pk", flat=True):
        _tell(pk)


@task(timeout=300)
def tell_watchers(commit_id: int) -> int:
    """Tell who watches a page that a commit has changed; gives how many people are told.

    Once for each commit, however many of their pages it has changed; and not whose change it is.
    """
    with branch_context(None), transaction.atomic():
        commit = Commit.objects.select_related("merged", "author").get(pk=commit_id)
        theirs = {commit.author_id, commit.merged.owner_id if commit.merged else None}
        told: dict[Any, Any] = {}
        # The page that is most to the point: of a ride before its park's.
        watches = touched_by(commit).exclude(user__in=theirs - {None})
        for one in watches.filter(user__is_active=True).order_by("-kind", "pk"):
            told.setdefault(one.user_id, one)
        pages: dict[Any, list[Any]] = {}
        for one in told.values():
            pages.setdefault((one.kind, one.object_id), []).append(one.user_id)
        rows = rows_of(told.values())
        for (kind, pk), users in pages.items():
            row = rows.get(pk)
            name = row or _name_before(kind, pk, commit)
            by = f", by {commit.author}" if commit.author else ""
            notify(
                User.objects.filter(pk__in=users),
                WATCHED,
                title=f"{name} was {'changed' if row else 'deleted'}",
                text=f"{commit}{by}",
                url=reverse("wiki:commit", args=[commit.pk]),
                about=f"wiki {kind} {pk}",
            )
        return len(told)


def _name_before(kind: str, pk: Any, commit: Commit) -> str:
    versions = companion_of(PAGES[kind])._base_manager
    return str(versions.get(version_branch=MAIN, version_to=commit.pk, id=pk).name)


# Proposals ----------------------------------------------------------------------------------------


@receiver(signals.reviewed, sender=Branch)
def proposal_reviewed(branch: Branch, user: Any, review: Review, **_: Any) -> None:
    approved = review.verdict == Review.Verdict.APPROVE
    said = "has approved" if approved else "asks for changes of"
    _tell_author(branch, user, f"{user} {said} “{branch}”", review.text)


@receiver(signals.commented, sender=Branch)
def proposal_commented(branch: Branch, user: Any, comment: Comment, **_: Any) -> None:
    _tell_author(branch, user, f"{user} has commented on “{branch}”", comment.text)


@receiver(signals.merged, sender=Branch)
def proposal_merged(branch: Branch, user: Any, commit: Commit, **_: Any) -> None:
    if commit.branch_id is None:
        _tell_author(branch, user, f"“{branch}” is part of the wiki now")


@receiver(signals.closed, sender=Branch)
def proposal_closed(branch: Branch, user: Any, **_: Any) -> None:
    _tell_author(branch, user, f"{user} has declined “{branch}”")


def _tell_author(branch: Branch, by: Any, title: str, text: str = "") -> None:
    if branch.owner is None or branch.owner == by:
        return
    notify(
        [branch.owner],
        PROPOSALS,
        title=title,
        text=text,
        url=reverse("wiki:proposal", args=[branch.name]),
        about=f"wiki proposal {branch.pk}",
    )
