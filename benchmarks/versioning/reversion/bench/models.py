import reversion
from tables import AreaColumns, ParkColumns


class Area(AreaColumns):
    pass


@reversion.register()
class Park(ParkColumns):
    pass
