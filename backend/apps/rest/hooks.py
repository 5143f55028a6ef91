"""What every operation of the public API has in its document, put there after drf-spectacular."""

import json
from typing import Any

from apps.core.problems import (
    Conflict,
    InvalidInput,
    MethodNotAllowed,
    NotAllowed,
    NotFound,
    NotSignedIn,
    Problem,
    TooManyRequests,
    respond,
)
from apps.rest.etags import PreconditionFailed, PreconditionRequired

MEANINGS = {
    "400": "The request could not be understood.",
    "401": "Nobody is signed in, or the token is not valid any more.",
    "403": "The caller may not do this.",
    "404": "There is no such thing.",
    "409": "This does not fit the present state, or the first request is still under way.",
    "412": "Somebody else changed this meanwhile.",
    "422": "Bad values; `errors` names the fields.",
    "428": "If-Match is missing.",
    "429": "Too many requests.",
    "4XX": "Any other failure.",
}
PROBLEM = {
    "type": "object",
    "description": "RFC 9457 problem details.",
    "required": ["type", "title", "status", "detail", "errors", "request_id"],
    "properties": {
        "type": {"type": "string", "description": "Stable; programs may switch on it."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
        "request_id": {"type": "string", "description": "The one in the server's logs."},
    },
}
PROBLEMS = {
    "400": Problem("The body is not JSON: unexpected end of data"),
    "401": NotSignedIn("Token is expired"),
    "403": NotAllowed("This token needs one of the scopes orders:write or write."),
    "404": NotFound("Not found."),
    "409": Conflict("The first request with this Idempotency-Key is still under way."),
    "412": PreconditionFailed("Read it again, then make your change again."),
    "422": InvalidInput(errors=[{"field": "name", "message": "This field is required."}]),
    "428": PreconditionRequired("Send the ETag of what you read in If-Match."),
    "429": TooManyRequests.wait(42),
    "4XX": MethodNotAllowed('Method "PUT" not allowed.'),
}
HEADERS = {
    "RateLimit": (
        "string",
        "For each limit that counted this call: name, calls left (`r`), seconds until more (`t`).",
        '"api-user";r=998;t=51',
    ),
    "RateLimit-Policy": (
        "string",
        "The limits: name, calls (`q`) in so many seconds (`w`).",
        '"api-user";q=1000;w=61',
    ),
    "Retry-After": ("integer", "Seconds to wait.", 42),
}


def add_rows(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """POSTPROCESSING_HOOKS: what is answered holds every field; bodies may leave some out."""
    bodies = {
        content["schema"].get("$ref", "").rpartition("/")[2]
        for path in result["paths"].values()
        for operation in path.values()
        for content in operation.get("requestBody", {}).get("content", {}).values()
    }
    for name, schema in result["components"]["schemas"].items():
        if name not in bodies and schema.get("properties"):
            schema["required"] = sorted(schema["properties"])
    return result


def add_problems(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """POSTPROCESSING_HOOKS: what every operation may answer when it fails, and its limits."""
    components = result["components"]
    components["schemas"]["Problem"] = PROBLEM
    components["examples"] = {
        f"Problem{code}": {"value": _document(problem)} for code, problem in PROBLEMS.items()
    }
    components["headers"] = {
        name: {"description": text, "schema": {"type": kind}, "example": example}
        for name, (kind, text, example) in HEADERS.items()
    }
    schema = {"$ref": "#/components/schemas/Problem"}
    contents = {
        code: {
            "application/problem+json": {
                "schema": schema,
                "examples": {"Example": {"$ref": f"#/components/examples/Problem{code}"}},
            }
        }
        for code in PROBLEMS
    }
    for path in result["paths"].values():
        for method, operation in path.items():
            headers = {entry["name"] for entry in operation.get("parameters", [])}
            guarded = {} not in operation.get("security", [{}])
            codes = {"400", "429"}
            codes |= {"401", "403"} if guarded or method != "get" else set()
            codes |= {"404"} if operation.get("parameters") else set()
            codes |= {"409"} if method != "get" else set()
            codes |= {"412", "428"} if "If-Match" in headers else set()
            codes |= {"422"} if "requestBody" in operation or method == "get" else set()
            for code in [*sorted(codes), "4XX"]:
                operation["responses"].setdefault(
                    code, {"description": MEANINGS[code], "content": contents[code]}
                )
            if "If-None-Match" in headers:
                operation["responses"]["304"] = {"description": "Your copy is current."}
            for code, answer in operation["responses"].items():
                # Who may not call at all is not counted.
                names = {"RateLimit", "RateLimit-Policy"} if code not in {"401", "403"} else set()
                names |= {"Retry-After"} if code == "429" else set()
                for name in sorted(names):
                    reference = {"$ref": f"#/components/headers/{name}"}
                    answer.setdefault("headers", {})[name] = reference
    return result


def _document(problem: Problem) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(respond(problem).content)
    return document | {"request_id": "01890a5d-ac96-774b-bcce-b302099a0010"}
