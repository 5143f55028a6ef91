"""What commits did to rows, as the tables tell it now, and the hashes of that.

A version of a row begins with a commit and ends with another. It moves (main's rows into their
companion) but says the same for ever. So what a commit did to a row can be told at any time after:
the version that begins with it, if one does, and the commit that began the one that ended.

The hash of a row is made of digests of its values, each with a salt of its own. To erase a value is
to forget it with its salt and to keep the digest: the hash stays what it was.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from django.db import connections

from longhouse.versioning import sql
from longhouse.versioning.companions import IMAGE, Versioned
from longhouse.versioning.context import INFINITY, MAIN
from longhouse.versioning.values import encode, reader

CHUNK = 1000  # rows that are in memory at once
_ENDED = -1  # in the place of `version_op`: no version begins


@dataclass(frozen=True, slots=True)
class Change:
    """What one commit did to one row of one table."""

    commit: int
    branch: int
    key: str
    op: int | None  # None: deleted, or given up by a branch
    base: int | None
    previous: int | None  # the commit that began the version that ended
    values: Sequence[Any]  # as the driver gives them; nothing when no version begins

    @property
    def identity(self) -> tuple[int, int, str]:
        return self.commit, self.branch, self.key


@dataclass(frozen=True, slots=True)
class Commits:
    """Some commits, and the branches that they can have written to."""

    ids: Sequence[int]
    branches: Sequence[int]


class Rows:
    """The rows of one versioned table, in one database."""

    def __init__(self, versioned: Versioned, using: str) -> None:
        self.versioned = versioned
        self.using = using
        self.model: str = versioned.model._meta.label_lower
        connection = connections[using]
        self.read_key = reader(versioned.pk_field, connection)
        self.fields = {field.attname: field for field in versioned.fields}
        self.readers = {
            name: (number, reader(field, connection))
            for number, (name, field) in enumerate(self.fields.items())
        }

    def changes(self, commits: Commits | None = None) -> Iterator[Change]:
        """What these commits did, or all, in no order: one statement, of one moment."""
        yield from self._fetch(" UNION ALL ".join(self._parts(commits)))

    def versions_of(self, keys: Sequence[str]) -> Iterator[Change]:
        """What all commits did to the rows of these keys."""
        connection, field = connections[self.using], self.versioned.pk_field
        values = [field.get_db_prep_value(field.to_python(key), connection) for key in keys]
        pk = sql.quoted(self.versioned.pk)
        among = f"{pk} IN ({', '.join(['%s'] * len(values))})"
        parts = self._parts(None, among=among)
        yield from self._fetch(" UNION ALL ".join(parts), values * len(parts))

    def _fetch(self, text: str, params: Sequence[Any] = ()) -> Iterator[Change]:
        with closing(connections[self.using].chunked_cursor()) as cursor:
            cursor.execute(text, list(params))
            while found := cursor.fetchmany(CHUNK):
                for commit, branch, key, op, base, previous, *values in found:
                    begins = op != _ENDED
                    yield Change(
                        commit,
                        branch,
                        str(self.read_key(key)),
                        op if begins else None,
                        base,
                        previous,
                        values if begins else (),
                    )

    def _parts(self, commits: Commits | None, among: str = "") -> list[str]:
        """SELECTs of: versions that begin, in the table, then in the companion; those that end."""
        table = sql.quoted(self.versioned.table)
        companion = sql.quoted(self.versioned.companion_table)
        pk, rev = sql.quoted(self.versioned.pk), sql.quoted(self.versioned.rev)
        names = self.versioned.columns
        mine = f" AND {{}}.{among}" if among else ""

        def ended_by(alias: str, branch: str, commit: str) -> str:
            return (
                f" LEFT JOIN {companion} p ON p.version_branch = {branch}"
                f" AND p.{pk} = {alias}.{pk} AND p.version_to = {commit}"
            )

        def begins(*when: str) -> str:
            conditions = "".join(f" AND {one}" for one in when)
            return (
                "SELECT v.version_from, v.version_branch, v.{pk}, v.version_op, v.version_base,"
                f" p.version_from, {sql.columns(names, 'v')} FROM {companion} v"
                f"{ended_by('v', 'v.version_branch', 'v.version_from')}"
                f" WHERE 1 = 1{conditions}{mine.format('v')}"
            ).replace("{pk}", pk)

        def ends(*when: str) -> str:
            conditions = "".join(f" AND {one}" for one in when)
            return (
                f"SELECT v.version_to, v.version_branch, v.{pk}, {_ENDED}, v.version_base,"
                f" v.version_from, {sql.columns(names, 'v')} FROM {companion} v"
                f" WHERE v.version_to < {INFINITY}{conditions}{mine.format('v')}"
                f" AND NOT EXISTS (SELECT 1 FROM {companion} n WHERE n.{pk} = v.{pk}"
                " AND n.version_branch = v.version_branch AND n.version_from = v.version_to)"
                f" AND NOT EXISTS (SELECT 1 FROM {table} m WHERE v.version_branch = {MAIN}"
                f" AND m.{pk} = v.{pk} AND m.{rev} = v.version_to)"
            )

        in_main = (
            f"SELECT m.{rev}, {MAIN}, m.{pk}, {IMAGE}, CAST(NULL AS bigint), p.version_from,"
            f" {sql.columns(names, 'm')} FROM {table} m{ended_by('m', str(MAIN), f'm.{rev}')}"
            f" WHERE 1 = 1{mine.format('m')}"
        )
        if commits is None:
            return [in_main, begins(), ends()]
        ids = ", ".join(map(str, commits.ids))
        branch = f"v.version_branch IN ({', '.join(map(str, commits.branches))})"
        # In two parts, and with what follows from the rest, for the sake of indexes.
        past = f"v.version_to < {INFINITY} AND v.version_to > {min(commits.ids)}"
        return [
            f"{in_main} AND m.{rev} IN ({ids})",
            begins(branch, past, f"v.version_from IN ({ids})"),
            begins(branch, f"v.version_to = {INFINITY}", f"v.version_from IN ({ids})"),
            ends(branch, f"v.version_to IN ({ids})"),
        ]

    def value(self, change: Change, name: str) -> Any:
        number, read = self.readers[name]
        return read(change.values[number])

    def hash(
        self,
        change: Change,
        names: Sequence[str],
        salt: bytes,
        openings: Mapping[str, Mapping[str, str]] | None = None,
    ) -> bytes:
        """The hash of a change of a row that had these fields. 32 bytes.

        Raises KeyError for a field that is there no more and was not erased.
        """
        begun = change.op is not None
        said = (change.op, change.base if begun else None, change.previous)
        total = hashlib.sha256(encode([self.model, *change.identity, *said]))
        for name in names if begun else ():
            total.update(encode(name))
            total.update(self._digest(change, name, salt, openings))
        return total.digest()

    def _digest(
        self,
        change: Change,
        name: str,
        salt: bytes,
        openings: Mapping[str, Mapping[str, str]] | None,
    ) -> bytes:
        if openings is None:
            return value_digest(salt_of(salt, name), self.value(change, name))
        if name in openings["erased"]:
            return bytes.fromhex(openings["erased"][name])
        return value_digest(bytes.fromhex(openings["salts"][name]), self.value(change, name))


def salt_of(salt: bytes, name: str) -> bytes:
    """The salt of one field's value: it tells nothing of the salts of the others."""
    return hashlib.sha256(salt + name.encode()).digest()[:16]


def value_digest(salt: bytes, value: Any) -> bytes:
    return hashlib.sha256(salt + encode(value)).digest()
