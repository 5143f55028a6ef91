"""Verification: what the tables say, beside what was sealed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Max, OuterRef, Subquery

from longhouse.versioning.batch import chunks
from longhouse.versioning.companions import tables
from longhouse.versioning.context import MAIN
from longhouse.versioning.integrity.chain import START, entry_hash, rows_digest
from longhouse.versioning.integrity.heads import Head
from longhouse.versioning.integrity.rows import CHUNK, Change, Rows
from longhouse.versioning.integrity.sealing import described, unsealed
from longhouse.versioning.models import Branch, Commit, Seal, SealedRow
from longhouse.versioning.sql import quoted

LOOKED_UP = 300  # rows looked up by one statement: three parameters each
Identity = tuple[int, int, str]  # commit, branch, key


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not what it was when it was sealed.

    `what`: "entry" of the chain, "head", "commit", "version" of a row, or "row" of main: written
    past the engine.
    """

    what: str
    where: str
    how: str

    def __str__(self) -> str:
        return f"{self.what} {self.where}: {self.how}"


@dataclass
class Report:
    """What `verify` has found."""

    entries: int = 0
    versions: int = 0
    erased: int = 0  # versions with values that were erased
    anonymous: int = 0  # commits whose author is there no more
    silenced: int = 0  # commits whose message was erased
    unsealed: int = 0  # commits that wait to be sealed: nothing can be said of them
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return not self.problems


def verify(
    heads: Iterable[Head] = (), *, using: str = DEFAULT_DB_ALIAS, limit: int = 1000
) -> Report:
    """Compare everything with the chain, and the chain with `heads` that were kept elsewhere.

    Reads in bounded memory, while others write. Stops after `limit` problems.
    """
    report = Report(unsealed=unsealed(using).count())
    for problem in _Verification(using, report, list(heads)).problems():
        report.problems.append(problem)
        if len(report.problems) >= limit:
            break
    return report


class _Verification:
    def __init__(self, using: str, report: Report, heads: list[Head]) -> None:
        self.using = using
        self.report = report
        self.heads = {head.number: head for head in heads}
        self.seals = Seal.objects.using(using)
        self.last = self.seals.aggregate(last=Max("id"))["last"] or 0
        events = self.seals.filter(id__lte=self.last)
        self.deleted = set(events.filter(kind=Seal.Kind.DELETION).values_list("branch", flat=True))
        pruning = events.filter(kind=Seal.Kind.PRUNING).order_by("-id").first()
        kept: Any = {"before": 0, "pins": []} if pruning is None else pruning.contents
        self.kept_since: int = kept["before"]
        self.pins: list[int] = kept["pins"]
        self.erased: dict[tuple[str, str], set[str]] = defaultdict(set)
        #: commit -> the entry by which its message was erased
        self.silenced: dict[int, Seal] = {}
        for entry in events.filter(kind=Seal.Kind.ERASURE).order_by("id"):
            said = entry.contents
            if "commit" in said:
                self.silenced[said["commit"]] = entry
            else:
                self.erased[said["model"], said["key"]] |= set(said["fields"])

    def problems(self) -> Iterator[Problem]:
        yield from self._chain()
        yield from self._commits()
        for versioned in tables.values():
            yield from self._rows(Rows(versioned, self.using))

    # The chain ----------------------------------------------------------------------------------

    def _chain(self) -> Iterator[Problem]:
        number, hash_ = 0, START
        for entry in self.seals.filter(id__lte=self.last).order_by("id").iterator(CHUNK):
            if entry.pk != number + 1:
                yield Problem("entry", str(number + 1), "is missing")
            elif entry.hash != entry_hash(entry, hash_):
                yield Problem("entry", str(entry.pk), "was changed, or the one before it was")
            yield from self._sealed_rows(entry)
            head = self.heads.pop(entry.pk, None)
            if head is not None and (head.hash, head.branch) != (entry.hash, entry.branch):
                yield Problem("head", str(head.number), "is another than the one that was kept")
            number, hash_ = entry.pk, entry.hash
            self.report.entries += 1
        for head in self.heads.values():
            yield Problem("head", str(head.number), "that was kept is not in the chain")

    def _sealed_rows(self, entry: Seal) -> Iterator[Problem]:
        if entry.kind not in (Seal.Kind.COMMIT, Seal.Kind.BASELINE):
            return
        found = rows_digest(self.using, entry.commit or 0, entry.contents.get("model"))
        if found != (entry.contents["rows"], entry.contents["digest"]):
            yield Problem("entry", str(entry.pk), "has other hashes of rows than it had")

    # Commits ------------------------------------------------------------------------------------

    def _commits(self) -> Iterator[Problem]:
        sealed = self.seals.filter(kind=Seal.Kind.COMMIT, id__lte=self.last)
        for entries in chunks(sealed.order_by("id").iterator(CHUNK), CHUNK):
            there = Commit.objects.using(self.using).in_bulk([one.commit for one in entries])
            for entry in entries:
                if (commit := there.get(entry.commit)) is not None:
                    yield from self._commit(entry, commit)
                elif not self._is_gone(entry.branch):
                    yield Problem("commit", str(entry.commit), "is missing")
        newest = {
            entry["branch"]: entry["last"]
            for entry in sealed.order_by().values("branch").annotate(last=Max("commit"))
        }
        known = self.seals.filter(commit__isnull=False).values("commit")
        extra = Commit.objects.using(self.using).exclude(pk__in=known).order_by("pk")
        for number, branch in extra.values_list("pk", "branch_id").iterator(CHUNK):
            if number <= newest.get(branch or MAIN, 0):
                yield Problem("commit", str(number), "was inserted")

    def _commit(self, entry: Seal, commit: Commit) -> Iterator[Problem]:
        salt, said = entry.salt, entry.contents
        if (erasure := self.silenced.get(commit.pk)) is not None:
            salt, said = erasure.salt, said | erasure.contents
            self.report.silenced += 1
        now = described(commit, bytes(salt))
        changed = {name for name, value in now.items() if value != said[name]}
        if (commit.branch_id or MAIN) != entry.branch:
            changed.add("branch")
        if commit.author_id is None and "author" in changed:  # the account was deleted
            changed.remove("author")
            self.report.anonymous += 1
        if commit.merged_id is None and self._is_gone(entry.contents["merged"]):
            changed.discard("merged")
        if commit.picks_id is None and self._is_gone(self._branch_of(entry.contents["picks"])):
            changed.discard("picks")
        if changed:
            yield Problem("commit", str(commit.pk), f"has another {', '.join(sorted(changed))}")

    def _branch_of(self, commit: int | None) -> int | None:
        entry = self.seals.filter(commit=commit or -1).first()
        return None if entry is None else entry.branch

    def _is_gone(self, branch: int | None) -> bool:
        """Whether the branch was deleted, by what the chain says now: it may have been just now."""
        if branch in self.deleted:
            return True
        return self.seals.filter(kind=Seal.Kind.DELETION, branch=branch or -1).exists()

    # Rows ---------------------------------------------------------------------------------------

    def _rows(self, rows: Rows) -> Iterator[Problem]:
        matched, is_whole = 0, True
        fields: dict[int, list[str]] = {}
        for changes in chunks(rows.changes(), LOOKED_UP):
            fields = self._fields(rows, {change.commit for change in changes}, fields)
            sealed = self._sealed(rows, changes)
            for change in changes:
                row = sealed.get(change.identity)
                if row is not None and change.commit in fields:
                    matched += 1
                how = self._how(rows, change, row, fields)
                if how:
                    is_whole = False
                    yield self._problem(rows, change, how)
        if not is_whole or matched != self._expected(rows).count():
            yield from self._missing(rows)

    def _fields(
        self, rows: Rows, commits: set[int], known: dict[int, list[str]]
    ) -> dict[int, list[str]]:
        """commit -> fields that the table's rows had then; only of commits that are sealed."""
        fields = {commit: known[commit] for commit in commits if commit in known}
        asked = commits - set(fields)
        sealed = self.seals.filter(id__lte=self.last)
        entries: Any = sealed.filter(commit__in=asked).values_list("commit", "contents__fields")
        for commit, by_model in entries:
            fields[commit] = (by_model or {}).get(rows.model, [])
        if 0 in asked:
            baseline = sealed.filter(kind=Seal.Kind.BASELINE, contents__model=rows.model).first()
            if baseline is not None:
                fields[0] = baseline.contents["fields"].get(rows.model, [])
        return fields

    def _sealed(self, rows: Rows, changes: Sequence[Change]) -> dict[Identity, Any]:
        """salt, openings and hash of the rows that were sealed for these changes."""
        marks = ", ".join(["(%s, %s, %s)"] * len(changes))
        names = ", ".join(f"s.{quoted(name)}" for name in ("commit", "branch", "key"))
        table = quoted(SealedRow._meta.db_table)
        found = SealedRow.objects.using(self.using).raw(
            f"SELECT s.*{self._neighbours(table)} FROM {table} s"
            f" WHERE s.model = %s AND ({names}) IN (VALUES {marks})",
            [rows.model, *(part for change in changes for part in change.identity)],
        )
        return {(row.commit, row.branch, row.key): row for row in found}

    def _neighbours(self, table: str) -> str:
        """Columns: the commits that changed the same row before and after; where that is asked."""
        if not self.kept_since:
            return ""
        same = f"FROM {table} n WHERE n.model = s.model AND n.key = s.key AND n.branch = s.branch"
        commit, other = 'n."commit"', 's."commit"'
        return (
            f", (SELECT MAX({commit}) {same} AND {commit} < {other}) AS earlier"
            f", (SELECT MIN({commit}) {same} AND {commit} > {other}) AS later"
        )

    def _how(
        self, rows: Rows, change: Change, row: Any, fields: dict[int, list[str]]
    ) -> str | None:
        """What is wrong with it; None: nothing, or nothing that can be told."""
        self.report.versions += 1
        if change.branch != MAIN and change.branch in self.deleted:
            return "belongs to a branch that was deleted"
        if change.commit not in fields:
            return None if self._is_pending(change) else "is of no commit"
        if row is None:
            return "was inserted"
        if row.openings is not None:
            self.report.erased += 1
            erased = set(row.openings["erased"])
            if not erased <= self.erased.get((rows.model, row.key), set()):
                return "is marked as erased, but the chain tells of no erasure"
        try:
            hash_ = rows.hash(change, fields[change.commit], bytes(row.salt), row.openings)
        except KeyError as error:
            return f"cannot be checked: the field {error} is there no more"
        if hash_ == bytes(row.hash) or self._is_after_pruning(rows, change, row, fields):
            return None
        return "was changed"

    def _is_after_pruning(
        self, rows: Rows, change: Change, row: Any, fields: dict[int, list[str]]
    ) -> bool:
        """Whether it is as it was, but for its neighbours, which were removed."""
        if not self.kept_since or change.branch != MAIN or change.commit > self.kept_since:
            return False
        if change.op is None:  # seems to end a version: the one that began then was removed
            return self._was_pruned(rows, row)
        if change.previous is not None:
            return False
        whole = replace(change, previous=row.earlier)
        names = fields[change.commit]
        return rows.hash(whole, names, bytes(row.salt), row.openings) == bytes(row.hash)

    def _was_pruned(self, rows: Rows, row: Any) -> bool:
        """Whether a pruning removed it rightly: it was over by then, and no pin shows it."""
        if not self.kept_since or row.branch != MAIN or row.commit > self.kept_since:
            return False
        is_over = row.later is not None and row.later <= self.kept_since
        if is_over and not any(row.commit <= pin < row.later for pin in self.pins):
            return True
        deletion = Change(row.commit, MAIN, row.key, None, None, row.earlier, ())
        return rows.hash(deletion, (), b"") == bytes(row.hash)

    def _is_pending(self, change: Change) -> bool:
        """Whether it is to be sealed yet: with its commit, or as what the table had before any."""
        commit = Commit.objects.using(self.using).filter(pk=change.commit)
        return change.commit == 0 or commit.exists()

    def _expected(self, rows: Rows) -> Any:
        """Rows that were sealed and must be there."""
        entries = self.seals.filter(id__lte=self.last)
        sealed = SealedRow.objects.using(self.using).filter(model=rows.model)
        sealed = sealed.exclude(branch__in=self.deleted)
        if not entries.filter(kind=Seal.Kind.BASELINE, contents__model=rows.model).exists():
            sealed = sealed.exclude(commit=0)
        commits = entries.filter(commit__isnull=False).values("commit")
        return sealed.filter(commit__in=commits) | sealed.filter(commit=0)

    def _missing(self, rows: Rows) -> Iterator[Problem]:
        expected = self._expected(rows).order_by("pk")
        if self.kept_since:
            same = SealedRow.objects.using(self.using).filter(
                model=OuterRef("model"), key=OuterRef("key"), branch=OuterRef("branch")
            )
            earlier = same.filter(commit__lt=OuterRef("commit")).order_by("-commit")
            later = same.filter(commit__gt=OuterRef("commit")).order_by("commit")
            expected = expected.annotate(
                earlier=Subquery(earlier.values("commit")[:1]),
                later=Subquery(later.values("commit")[:1]),
            )
        for sealed in chunks(expected.iterator(CHUNK), LOOKED_UP):
            there = {change.identity for change in rows.versions_of([one.key for one in sealed])}
            for row in sealed:
                identity = (row.commit, row.branch, row.key)
                gone = identity not in there and not self._is_gone(row.branch or None)
                if gone and not self._was_pruned(rows, row):
                    yield self._problem(rows, Change(*identity, None, None, None, ()), "is missing")

    def _problem(self, rows: Rows, change: Change, how: str) -> Problem:
        branch = "main" if change.branch == MAIN else self._name(change.branch)
        where = f"{rows.model} {change.key} of {branch}, commit {change.commit}"
        return Problem("row" if self._is_current(rows, change) else "version", where, how)

    def _name(self, branch: int) -> str:
        found = Branch.objects.using(self.using).filter(pk=branch).first()
        return f"branch {found or branch}"

    def _is_current(self, rows: Rows, change: Change) -> bool:
        """Whether it should be what main's own table has of the row."""
        if change.branch != MAIN:
            return False
        later = SealedRow.objects.using(self.using).filter(
            model=rows.model, key=change.key, branch=MAIN, commit__gt=change.commit
        )
        images = rows.versioned.companion._base_manager.using(self.using).filter(
            version_branch=MAIN,
            version_from=change.commit,
            **{rows.versioned.pk_field.attname: rows.versioned.pk_field.to_python(change.key)},
        )
        return not (later.exists() or images.exists())
