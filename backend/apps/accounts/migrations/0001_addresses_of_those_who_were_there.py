from django.db import migrations


def vouch(apps, schema_editor):
    """Whoever has an account already was let in by somebody who runs the site."""
    User = apps.get_model("users", "User")
    EmailAddress = apps.get_model("account", "EmailAddress")
    known = EmailAddress.objects.values("user_id")
    people = User.objects.exclude(pk__in=known).values_list("pk", "email")
    EmailAddress.objects.bulk_create(
        (
            EmailAddress(user_id=pk, email=email, verified=True, primary=True)
            for pk, email in people.iterator()
        ),
        batch_size=1000,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("account", "0009_emailaddress_unique_primary_email"),
        ("users", "0001_initial"),
    ]
    operations = [migrations.RunPython(vouch, migrations.RunPython.noop)]
