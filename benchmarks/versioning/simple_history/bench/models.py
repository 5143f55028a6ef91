from simple_history.models import HistoricalRecords
from tables import AreaColumns, ParkColumns


class Area(AreaColumns):
    pass


class Park(ParkColumns):
    history = HistoricalRecords()
