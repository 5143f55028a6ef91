import json
from pathlib import Path
from typing import Any

from allauth.headless.spec.internal.schema import get_schema
from django.core.management.base import BaseCommand, CommandParser

# allauth makes up a new one each time; the file must only change when the API does.
EXAMPLE_ID = "01890a5d-ac96-774b-bcce-b302099a8057"


class Command(BaseCommand):
    help = "Write the OpenAPI document of allauth's browser API, for the typed client."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--output", type=Path, required=True)

    def handle(self, *, output: Path, **options: Any) -> None:
        schema = get_schema()
        components = schema["components"]
        components["schemas"]["User"]["properties"]["id"]["example"] = EXAMPLE_ID
        components["examples"]["User"]["value"]["id"] = EXAMPLE_ID
        del schema["info"]["description"]  # allauth's manual
        output.write_text(json.dumps(schema, indent=2, sort_keys=True, default=str) + "\n")
