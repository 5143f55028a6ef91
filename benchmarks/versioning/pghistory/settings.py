from settings_of_all import *

INSTALLED_APPS[:0] = ["pgtrigger", "pghistory"]
