"""The lane: read operations of a Ninja API that are answered before Django's middleware.

    @router.get("/books", response=Page[BookCard])
    @lane
    def list_books(request, query: Query[BookQuery]): ...

`lane` (marks.py) changes nothing about the route, its schema or its client; it says that the
function returns what its response schema describes, ready to be written as JSON. `Lane` (wsgi.py)
stands before Django and answers successful requests of these operations itself: same function,
same authentication, same validation, same headers. `LoopLane` (loop.py) does so on the event loop,
without a thread. Whatever is not plainly a success goes on to Django as if the lane were not there,
so every error has one author.
"""

from longhouse.lane.loop import LoopLane
from longhouse.lane.marks import lane
from longhouse.lane.wsgi import Lane

__all__ = ["Lane", "LoopLane", "lane"]
