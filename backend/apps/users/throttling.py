from django.conf import settings

from apps.core.throttling import RateLimit

# One count for every door: an attacker gains nothing by trying the site, the admin and the public
# API in turn.
sign_in_limit = RateLimit("sign-in", settings.SIGN_IN_RATE)
