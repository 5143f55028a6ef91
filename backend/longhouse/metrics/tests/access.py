# Not people's: who has the token. The tests have none, so there is nothing for anybody.
from tests.access.cases import Case

CASES = [Case("GET metrics", ())]
