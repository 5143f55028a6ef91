from settings_of_all import *

INSTALLED_APPS.insert(0, "simple_history")
