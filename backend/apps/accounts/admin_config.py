from django.contrib.admin import apps


class AdminConfig(apps.AdminConfig):
    """Django's admin, behind the site's own sign-in."""

    default_site = "apps.accounts.admin_site.AdminSite"
