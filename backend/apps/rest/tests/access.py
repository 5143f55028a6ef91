from tests.access.cases import Case

CASES: list[Case] = []
# They ask for a password, or for a refresh token.
OPEN = {"POST api/v1/token/", "POST api/v1/token/refresh/", "POST api/v1/token/blacklist/"}
