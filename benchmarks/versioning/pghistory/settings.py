from settings_of_all import *

INSTALLED_APPS[:0] = ["pgtrigger", "pghistory"]
# What it sends along with a statement cannot be prepared.
DATABASES["default"].pop("OPTIONS")
