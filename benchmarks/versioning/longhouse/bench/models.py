from tables import AreaColumns, ParkColumns, ReviewColumns

from longhouse.versioning.models import VersionedModel


class Area(VersionedModel, AreaColumns):
    pass


class Park(VersionedModel, ParkColumns):
    pass


class Review(VersionedModel, ReviewColumns):
    pass
