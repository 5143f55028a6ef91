from django.db import migrations

from longhouse.versioning.functions import install


def create(apps, schema_editor):
    install(schema_editor.connection)


class Migration(migrations.Migration):
    """`migrate` always sees to the function; this says that it has to be run."""

    dependencies = [("versioning", "0005_pins")]

    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
