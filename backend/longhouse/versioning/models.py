"""Branches and commits; with `VersionedModel`, what an app imports."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone

from longhouse.versioning.base import Version, VersionedModel, versioned
from longhouse.versioning.context import MAIN, Layer, View
from longhouse.versioning.fields import ManyToManyField, RevField
from longhouse.versioning.queryset import VersionedManager, VersionedQuerySet

__all__ = [
    "Branch",
    "Comment",
    "Commit",
    "Conflict",
    "Grant",
    "ManyToManyField",
    "Pin",
    "Protection",
    "Pruning",
    "RevField",
    "Review",
    "Seal",
    "SealedRow",
    "Tag",
    "Version",
    "VersionedManager",
    "VersionedModel",
    "VersionedQuerySet",
    "versioned",
]


class Branch(models.Model):
    """A line of changes beside main, or beside another branch. Creating one writes one row."""

    class Status(models.TextChoices):
        DRAFT = "draft", "a draft"
        OPEN = "open", "open for review"
        MERGED = "merged", "merged"
        CLOSED = "closed", "closed"

    name = models.CharField(max_length=150, unique=True)
    title = models.CharField(max_length=200, blank=True)
    description = models.TextField(blank=True)
    # Changed by `longhouse.versioning.reviews`. Nobody writes to what is merged or closed.
    status = models.CharField(
        max_length=6, choices=Status.choices, default=Status.DRAFT, db_index=True, editable=False
    )
    base = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT)
    # The commits as of which the branch sees the layers of its base; None: the base as it is.
    # One for each layer, since a base that is pinned itself moves on.
    pins = models.JSONField(null=True, blank=True, editable=False)
    # The last commit anywhere when the branch was created, refreshed or merged.
    synced_at = models.BigIntegerField(default=0, editable=False)
    # Nobody writes to it any more; it can be read and merged.
    is_archived = models.BooleanField(default=False)
    # The commit that merging this takes back.
    reverts = models.ForeignKey(
        "Commit", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # The commit that merging this repeats.
    picks = models.ForeignKey(
        "Commit", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("name",)
        verbose_name_plural = "branches"
        permissions = (
            ("review_branch", "Can review branch"),
            ("merge_branch", "Can merge branch"),
        )

    def __str__(self) -> str:
        return self.title or self.name

    @property
    def is_over(self) -> bool:
        """Whether it is merged or closed: nobody writes to it any more."""
        return self.status in (self.Status.MERGED, self.Status.CLOSED)

    def view(self) -> View:
        """What is read in the branch."""
        below = base_layers(self.base)
        if self.pins is not None:
            pinned = zip(below, self.pins, strict=True)
            below = tuple(Layer(layer.branch, at) for layer, at in pinned)
        return View((Layer(self.pk), *below), is_writable=not (self.is_archived or self.is_over))

    def tag(self, name: str, *, author: models.Model | None = None, message: str = "") -> "Tag":
        """Give a name to what the branch shows now, for `as_of` and `create_branch`."""
        from longhouse.versioning.branches import tag

        return tag(name, branch=self, author=author, message=message, using=self._state.db)

    def pin(self, last: int) -> None:
        """See the base as it is now, `last` being the last commit to anything."""
        layers = base_layers(self.base)
        self.pins = [last if layer.at is None else layer.at for layer in layers]


def base_layers(base: Branch | None) -> tuple[Layer, ...]:
    """What lies below a branch of `base`, as it is now; None: of main."""
    return (Layer(MAIN),) if base is None else base.view().layers


class Pin(models.Model):
    """What a branch was pinned to until it was refreshed or merged."""

    branch = models.ForeignKey(Branch, on_delete=models.CASCADE, related_name="past_pins")
    pins = models.JSONField()
    until = models.BigIntegerField()  # the first commit as of which it was so no more
    ended_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["branch", "until"], name="versioning_pin_until")]

    def __str__(self) -> str:
        return f"{self.branch} until commit {self.until}"


class Commit(models.Model):
    """What one transaction wrote to main or to one branch. Ids are in the order of commits."""

    branch = models.ForeignKey(
        Branch, null=True, blank=True, on_delete=models.CASCADE, related_name="commits"
    )
    # A merge: the branch that came in.
    merged = models.ForeignKey(
        Branch, null=True, blank=True, on_delete=models.SET_NULL, related_name="merges"
    )
    # A revert: the commit that it takes back.
    reverts = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="reverted_by"
    )
    # A cherry-pick: the commit that it repeats, of another branch.
    picks = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="picked_by"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    message = models.TextField(blank=True)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.message or f"Commit {self.pk}"


class Tag(models.Model):
    """A name for what main or a branch showed at one moment: a release."""

    name = models.CharField(max_length=150, unique=True)
    branch = models.ForeignKey(
        Branch, null=True, blank=True, on_delete=models.PROTECT, related_name="tags"
    )
    # The commits as of which the layers of the branch are read, the topmost first.
    pins = models.JSONField(editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    message = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("-created_at", "-id")

    def __str__(self) -> str:
        return self.name

    def view(self) -> View:
        """What is read as of the tag."""
        pinned = zip(base_layers(self.branch), self.pins, strict=True)
        return View(tuple(Layer(layer.branch, at) for layer, at in pinned))


class Seal(models.Model):
    """One entry of the chain that shows whether history was tampered with.

    Its hash covers all that it says and the hash of the entry before it. Nothing refers to it and
    it refers to nothing: what it tells of may be gone.
    """

    class Kind(models.TextChoices):
        COMMIT = "commit", "a commit"
        BASELINE = "baseline", "rows that a table had before it was versioned"
        DELETION = "deletion", "a branch was deleted"
        ERASURE = "erasure", "values were erased"
        PRUNING = "pruning", "old versions were removed"

    id = models.BigIntegerField(primary_key=True)  # 1, 2, 3 and so on
    kind = models.CharField(max_length=8, choices=Kind.choices)
    commit = models.BigIntegerField(null=True, unique=True)
    branch = models.BigIntegerField(default=MAIN)
    contents = models.JSONField(default=dict)
    # Of the digests of the commit's author and message.
    salt = models.BinaryField(max_length=16, default=bytes)
    sealed_at = models.DateTimeField()
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("id",)
        default_permissions = ("view",)
        indexes = [models.Index(fields=["branch", "commit"], name="versioning_sealed_branch")]

    def __str__(self) -> str:
        return f"{self.pk} {self.hash}"


class Pruning(models.Model):
    """Versions that were over by a commit were removed: main as of earlier ones is not known."""

    before = models.BigIntegerField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"Versions before commit {self.before} were removed."


class SealedRow(models.Model):
    """What one commit did to one row, as a hash; see `longhouse.versioning.integrity.rows`."""

    commit = models.BigIntegerField()  # 0: before the model was versioned
    model = models.CharField(max_length=200)  # app_label.model
    branch = models.BigIntegerField()
    key = models.CharField(max_length=255)
    salt = models.BinaryField(max_length=16)
    # After an erasure: {"erased": {field: digest}, "salts": {field: salt}}, in hexadecimal digits.
    openings = models.JSONField(null=True)
    hash = models.BinaryField(max_length=32)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["commit", "model", "branch", "key"], name="versioning_one_sealed_row"
            )
        ]
        indexes = [models.Index(fields=["model", "key"], name="versioning_sealed_key")]

    def __str__(self) -> str:
        return f"{self.model} {self.key} in commit {self.commit}"


class Conflict(models.Model):
    """What a merge could not decide, and the decision once there is one.

    `ours` is what the target of the merge has, `theirs` what the branch has.
    """

    class Kind(models.TextChoices):
        FIELD = "field", "changed on both sides"
        DELETED_IN_BASE = "deleted", "changed here, deleted in the base"
        CHANGED_IN_BASE = "changed", "deleted here, changed in the base"
        EXISTS = "exists", "created on both sides"
        UNIQUE = "unique", "another row has the same unique values"
        DANGLING = "dangling", "points to a row that is not there"

    class Choice(models.TextChoices):
        NONE = "", "undecided"
        OURS = "ours"
        THEIRS = "theirs"
        VALUE = "value", "a new value"

    branch = models.ForeignKey(Branch, on_delete=models.CASCADE, related_name="conflicts")
    model = models.CharField(max_length=200)  # app_label.Model
    object_pk = models.CharField(max_length=255)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    field = models.CharField(max_length=200, blank=True)
    base = models.JSONField(null=True)
    ours = models.JSONField(null=True)
    theirs = models.JSONField(null=True)
    choice = models.CharField(max_length=6, choices=Choice.choices, default=Choice.NONE, blank=True)
    value = models.JSONField(null=True)

    class Meta:
        ordering = ("model", "object_pk", "field")
        constraints = [
            models.UniqueConstraint(
                fields=["branch", "model", "object_pk", "kind", "field"],
                name="versioning_one_conflict",
            )
        ]

    def __str__(self) -> str:
        where = f"{self.model} {self.object_pk}"
        return f"{where}.{self.field}" if self.field else where

    def resolve(self, choice: str, value: Any = None) -> None:
        """Decide; the next merge or refresh takes it. `value` as the field's own Python value."""
        from longhouse.versioning.conflicts import resolve

        resolve(self, choice, value)


class Protection(models.Model):
    """What it takes to change main or a branch. `branch` None: main."""

    branch = models.ForeignKey(
        Branch, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    required_approvals = models.PositiveSmallIntegerField(default=1)
    # Else it is changed by merges only, and within `unprotected()`.
    allows_direct_writes = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Coalesce("branch", MAIN, output_field=models.BigIntegerField()),
                name="versioning_one_protection",
            )
        ]

    def __str__(self) -> str:
        return f"Protection of {self.branch or 'main'}"


class Grant(models.Model):
    """What a person or a group may do to a branch. `branch` None: to every branch."""

    class Role(models.TextChoices):
        """Each may what those before it may."""

        READ = "read"
        WRITE = "write"
        REVIEW = "review"
        MERGE = "merge"

    branch = models.ForeignKey(
        Branch, null=True, blank=True, on_delete=models.CASCADE, related_name="grants"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    group = models.ForeignKey(
        "auth.Group", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    role = models.CharField(max_length=6, choices=Role.choices)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(user=None) ^ models.Q(group=None),
                name="versioning_grant_user_or_group",
                violation_error_message="A grant is for a user or for a group.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user or self.group}: {self.role} {self.branch or 'every branch'}"


class Review(models.Model):
    """What somebody says of what a branch would bring. It is about `head` and nothing newer."""

    class Verdict(models.TextChoices):
        APPROVE = "approve"
        REQUEST_CHANGES = "request_changes"

    branch = models.ForeignKey(Branch, on_delete=models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    verdict = models.CharField(max_length=15, choices=Verdict.choices)
    head = models.CharField(max_length=64)
    text = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("-id",)
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.get_verdict_display()} by {self.reviewer}"


class Comment(models.Model):
    """One contribution to the discussion of a branch, of one change in it, or of one field."""

    branch = models.ForeignKey(Branch, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    model = models.CharField(max_length=200, blank=True)  # app_label.Model
    object_pk = models.CharField(max_length=255, blank=True)
    field = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        default_permissions = ("view", "delete")

    def __str__(self) -> str:
        return self.text[:80]
