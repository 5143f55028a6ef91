"""Real pinball machines, in our own words; a doubtful fact is left out."""

from apps.museum.demo.facts.dot_matrix import DOT_MATRIX
from apps.museum.demo.facts.electromechanical import ELECTROMECHANICAL
from apps.museum.demo.facts.fact import Fact
from apps.museum.demo.facts.modern import MODERN
from apps.museum.demo.facts.solid_state import SOLID_STATE
from apps.museum.models import Era

FACTS: dict[str, tuple[Fact, ...]] = {
    Era.ELECTROMECHANICAL: ELECTROMECHANICAL,
    Era.SOLID_STATE: SOLID_STATE,
    Era.DOT_MATRIX: DOT_MATRIX,
    Era.MODERN: MODERN,
}

__all__ = ("FACTS", "Fact")
