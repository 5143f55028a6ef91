from django.conf import settings

from apps.core.throttling import RateLimit

# One count, whichever API takes the report.
report_limit = RateLimit("report", settings.REPORT_RATE)
