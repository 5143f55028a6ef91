from settings_of_all import *
