"""A chain of hashes over commits and what they did to each row: tampering shows.

Commits are sealed some time after they were made (`seal`), so writers do not pay for it. `verify`
compares what the tables say with what was sealed; heads of the chain that are kept outside the
database show whether the chain itself was written anew. See README.md.
"""

from longhouse.versioning.integrity.erasure import erase, erase_message
from longhouse.versioning.integrity.heads import Head, heads, read_head
from longhouse.versioning.integrity.pruning import prune
from longhouse.versioning.integrity.sealing import seal
from longhouse.versioning.integrity.verification import Problem, Report, verify

__all__ = [
    "Head",
    "Problem",
    "Report",
    "erase",
    "erase_message",
    "heads",
    "prune",
    "read_head",
    "seal",
    "verify",
]
