"""Work on a hundred thousand rows, which have reviews: shapes of queries, bulk_update."""

from bench.models import Review
from shapes import SHAPES
from work import Work


class Reading(Work):
    def fill(self, rows: int) -> None:
        super().fill(rows)
        Review.objects.bulk_create(
            (
                Review(park_id=1 + number * 7919 % rows, stars=number % 5, text="ok " * 10)
                for number in range(2 * rows)
            ),
            batch_size=5000,
        )
        self.settle()

    def shape(self, name: str) -> None:
        SHAPES[name]()

    def shapes(self) -> list[str]:
        return list(SHAPES)
