"""Without history: what everything else is compared with."""

from tables import AreaColumns, ParkColumns, ReviewColumns


class Area(AreaColumns):
    pass


class Park(ParkColumns):
    pass


class Review(ReviewColumns):
    pass
