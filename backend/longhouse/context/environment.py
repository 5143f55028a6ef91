"""Which environment variables Python code reads, told from its syntax alone."""

import ast
from collections.abc import Iterator

READERS = ("os.environ.get", "os.environ.pop", "os.environ.setdefault", "os.getenv")


def variable(node: ast.AST) -> str | None:
    """The variable that this expression reads: by `env` of django-environ, or by `os`."""
    if isinstance(node, ast.Subscript) and name_of(node.value) == "os.environ":
        return text_of(node.slice)
    if isinstance(node, ast.Call) and node.args:
        called = name_of(node.func)
        if called in READERS or called == "env" or called.startswith("env."):
            return text_of(node.args[0])
    return None


def variables(tree: ast.AST) -> set[str]:
    return {name for node in ast.walk(tree) if (name := variable(node))}


def required(tree: ast.Module) -> set[str]:
    """The variables without which importing this module fails.

    Those are the arguments of a call of the project's own `require(...)`, and values that are read
    without a default: `SECRET_KEY = env("SECRET_KEY")`.
    """
    found: set[str] = set()
    for statement in tree.body:
        value = getattr(statement, "value", None)
        if not isinstance(value, ast.Call | ast.Subscript):
            continue
        if isinstance(value, ast.Call) and name_of(value.func) == "require":
            found.update(filter(None, map(text_of, value.args)))
        elif (name := variable(value)) and _has_no_default(value):
            found.add(name)
    return found


def name_of(node: ast.AST) -> str:
    """`a.b.c` of a name or attribute; "" for anything else."""
    if isinstance(node, ast.Attribute):
        owner = name_of(node.value)
        return f"{owner}.{node.attr}" if owner else ""
    return node.id if isinstance(node, ast.Name) else ""


def text_of(node: ast.AST) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def statements(body: list[ast.stmt]) -> Iterator[tuple[ast.stmt, list[ast.expr]]]:
    """Each statement of a module, also below `if`, `try` and `with`, and the tests it is under."""
    for statement in body:
        yield statement, []
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        test = [statement.test] if isinstance(statement, ast.If) else []
        for name in ("body", "orelse", "finalbody"):
            for inner, tests in statements(getattr(statement, name, [])):
                yield inner, [*test, *tests]
        for handler in getattr(statement, "handlers", []):
            yield from statements(handler.body)


def _has_no_default(call: ast.Call | ast.Subscript) -> bool:
    # os.environ[...] and django-environ raise; os.getenv and .get answer None.
    return isinstance(call, ast.Subscript) or (
        name_of(call.func).partition(".")[0] == "env"
        and len(call.args) == 1
        and not any(keyword.arg == "default" for keyword in call.keywords)
    )
