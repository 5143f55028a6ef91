"""Removable features: what is one, which lines are its own, and how to take it out of a tree.

`features.toml` at the root says what each feature gives, needs and owns alone; its lines in shared
files carry marks (see marks.py). Standard library only, and nothing here imports the project: the
same code runs on a checkout, on a copy, and on an older or newer commit.
"""
