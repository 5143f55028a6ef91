"""Where data lives: SQLite by default, PostgreSQL by one variable."""

from pathlib import Path
from typing import Any

from config.env import env

SQLITE_OPTIONS: dict[str, Any] = {
    # Take the write lock when a transaction starts: a read that turns into a write could
    # otherwise fail at once with "database is locked", whatever the timeout.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,  # seconds to wait for another writer
    "init_command": "; ".join(
        f"PRAGMA {pragma}"
        for pragma in (
            "journal_mode=WAL",  # readers and the writer do not wait for each other
            "synchronous=NORMAL",  # safe against a killed process; no fsync per commit
            "cache_size=-16000",  # 16 MB of pages per connection
            "mmap_size=134217728",  # 128 MB read without copying
            "temp_store=MEMORY",
            "recursive_triggers=ON",  # INSERT OR REPLACE fires delete triggers (search index)
        )
    ),
}


def sqlite(path: Path | str) -> dict[str, Any]:
    return {
        "ENGINE": "longhouse.versioning.backends.sqlite3",  # feature: versioning
        # without versioning: "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": None,
        "OPTIONS": SQLITE_OPTIONS,
    }


def default_database(fallback: Path) -> dict[str, Any]:
    """The `default` entry of DATABASES, from DATABASE_URL, from DB_*, or SQLite at `fallback`."""
    if env.str("DATABASE_URL", default=""):
        database: dict[str, Any] = dict(env.db_url("DATABASE_URL"))
    elif env.str("DB_NAME", default=""):
        database = {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": env.str("DB_NAME"),
            "USER": env.str("DB_USER", default="longhouse"),
            # As it stands: env.str would take $ at its beginning for another variable's name.
            "PASSWORD": env.ENVIRON.get("DB_PASSWORD", ""),
            "HOST": env.str("DB_HOST", default="127.0.0.1"),
            "PORT": env.str("DB_PORT", default="5432"),
        }
    else:
        return sqlite(fallback)
    if database["ENGINE"] == "django.db.backends.sqlite3":
        return sqlite(database["NAME"])
    if database["ENGINE"] == "django.db.backends.postgresql":
        options = database.setdefault("OPTIONS", {})
        # One pool per process instead of one connection per thread.
        options.setdefault("pool", {"min_size": 1, "max_size": env.int("DB_POOL_SIZE", default=8)})
        # Parameters travel apart from the statement, which PostgreSQL prepares when it comes again.
        # A pooler that hands out connections by transaction (PgBouncer before 1.21) cannot.
        options.setdefault("server_side_binding", True)
        if env.bool("DB_PREPARE", default=True):
            options.setdefault("prepare_threshold", 5)
        database["ENGINE"] = "longhouse.versioning.backends.postgresql"  # feature: versioning
    # feature: versioning
    elif database["ENGINE"] == "django.contrib.gis.db.backends.postgis":
        database["ENGINE"] = "longhouse.versioning.backends.postgis"
    # end feature: versioning
    return database
