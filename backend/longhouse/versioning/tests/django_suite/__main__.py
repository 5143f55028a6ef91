"""Django's own tests of the ORM, with every table read through a branch.

    python -m longhouse.versioning.tests.django_suite [--rows main|branch|plain] [suite ...]

The tables of the suites' models are versioned behind their back: the models are as Django wrote
them, without a field `rev`. With `--rows main` the tests write to main and read through a branch
that lies on it; with `--rows branch` they write to the branch as well; with `--rows plain`
nothing is versioned. What may fail stands, with
the reason, in expected.toml; any other failure ends with status 1. DATABASE_URL names a PostgreSQL
server whose user may create databases; without, the tests run on SQLite.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import django

from longhouse.versioning.tests.django_suite import runner

UV = Path(__file__).parents[5] / ".tools" / "uv" / "bin" / "uv"
# What the ORM does; the rest of Django's tests asks it for nothing else.
SUITES = [
    "aggregation",
    "aggregation_regress",
    "annotations",
    "basic",
    "bulk_create",
    "constraints",
    "custom_columns",
    "custom_managers",
    "custom_pk",
    "datatypes",
    "dates",
    "datetimes",
    "db_functions",
    "defer",
    "defer_regress",
    "delete",
    "delete_regress",
    "distinct_on_fields",
    "empty",
    "expressions",
    "expressions_case",
    "expressions_window",
    "extra_regress",
    "filtered_relation",
    "force_insert_update",
    "foreign_object",
    "from_db_value",
    "generic_relations",
    "generic_relations_regress",
    "get_earliest_or_latest",
    "get_object_or_404",
    "get_or_create",
    "indexes",
    "known_related_objects",
    "lookup",
    "m2m_and_m2o",
    "m2m_intermediary",
    "m2m_multiple",
    "m2m_recursive",
    "m2m_regress",
    "m2m_signals",
    "m2m_through",
    "m2m_through_regress",
    "m2o_recursive",
    "many_to_many",
    "many_to_one",
    "many_to_one_null",
    "model_fields",
    "model_formsets",
    "model_inheritance",
    "model_inheritance_regress",
    "model_regress",
    "multiple_database",
    "mutually_referential",
    "nested_foreign_keys",
    "null_fk",
    "null_fk_ordering",
    "null_queries",
    "one_to_one",
    "or_lookups",
    "order_with_respect_to",
    "ordering",
    "pagination",
    "prefetch_related",
    "proxy_models",
    "queries",
    "queryset_pickle",
    "raw_query",
    "reserved_names",
    "reverse_lookup",
    "save_delete_hooks",
    "select_for_update",
    "select_related",
    "select_related_onetoone",
    "select_related_regress",
    "signals",
    "string_lookup",
    "transactions",
    "update",
    "update_only_fields",
    "xor_lookups",
]


def download(folder: Path) -> Path:
    """Django's tests, of the version that is installed, from its source distribution."""
    command = [shutil.which("uv") or str(UV)]
    command += ["run", "--no-project", "--with", "pip", "python", "-m", "pip", "download"]
    command += ["--quiet", "--no-deps", "--no-binary", "Django", "--dest", str(folder)]
    subprocess.run([*command, f"Django=={django.__version__}"], check=True)
    (archive,) = folder.glob("*.tar.gz")
    shutil.unpack_archive(archive, folder, filter="data")
    return next(folder.glob("*/tests"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", choices=["main", "branch", "plain"], default="branch")
    parser.add_argument("--source", type=Path, help="the folder tests/ of Django's sources")
    parser.add_argument("suites", nargs="*")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="django-suite-") as folder:
        os.environ["TMPDIR"] = folder
        source = (arguments.source or download(Path(folder))).resolve()
        sys.path.insert(0, str(source))
        os.chdir(source)
        os.environ["DJANGO_SETTINGS_MODULE"] = f"{runner.__package__}.suite_settings"
        import runtests  # type: ignore[import-not-found]

        runner.Runner.rows = arguments.rows

        runtests.ALWAYS_INSTALLED_APPS.append("longhouse.versioning")
        if arguments.rows != "plain":
            runner.versioned_by_us(arguments.rows)
            runner.update_as_ours()
        suites = arguments.suites or [name for name in SUITES if (source / name).is_dir()]
        return int(
            bool(
                runtests.django_tests(
                    verbosity=1, interactive=False, failfast=False, keepdb=False, reverse=False,
                    test_labels=suites, debug_sql=False, parallel=1, tags=None, exclude_tags=None,
                    test_name_patterns=None, start_at=None, start_after=None, pdb=False,
                    buffer=False, timing=False, shuffle=False,
                )
            )
        )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
