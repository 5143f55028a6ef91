from tests.access.cases import Case

CASES: list[Case] = []
# They ask for a password, or for a refresh token.
OPEN = {"POST api/v1/token/", "POST api/v1/token/refresh/", "POST api/v1/token/blacklist/"}
OPEN |= {"GET api/v1/docs/", "GET api/v1/schema/"}
# without spa: # What nobody else answers under api/ is not found by anybody.
# without spa: OPEN |= {"GET api/"}
