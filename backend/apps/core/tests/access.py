from tests.access.cases import EVERYBODY, Case

CASES = [
    Case("GET health/live", EVERYBODY),
    Case("GET health/ready", EVERYBODY),
]
# feature: spa
# Built pages; what is not there is not found by anybody.
OPEN = {"GET (?P<path>.*)"}
# end feature: spa
