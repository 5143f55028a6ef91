from django.conf import settings

from apps.core.throttling import RateLimit

# One count for every door: an attacker gains nothing by trying one after the other.
sign_in_limit = RateLimit("sign-in", settings.SIGN_IN_RATE)
