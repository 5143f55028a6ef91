"""Token families took the place of SimpleJWT's blacklist, whose rows would keep people from being deleted."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import StateApps

DROP = """
DROP TABLE IF EXISTS token_blacklist_blacklistedtoken;
DROP TABLE IF EXISTS token_blacklist_outstandingtoken;
"""


def forget_migrations(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    MigrationRecorder(editor.connection).migration_qs.filter(app="token_blacklist").delete()


class Migration(migrations.Migration):
    dependencies = [("rest", "0001_token_families")]

    operations = [
        migrations.RunSQL(DROP, migrations.RunSQL.noop),
        migrations.RunPython(forget_migrations, migrations.RunPython.noop),
    ]
