"""
The mutants of a file: each replaces one stretch of its source by something a test should notice.

Not touched are: docstrings and the sentences that describe a parameter or a switch (`DESCRIBED`), annotations, imports and `__all__`,
assertions (they tell the type checker what is known; `raise AssertionError` is one), `__repr__`, what stands inside an f-string, and
generated files. The text of a refusal is none of these: whoever calls reads it.
"""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from types import CodeType

from attrs import field, frozen

ROOT = Path(__file__).parents[2]

OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
BOUNDARY: dict[type[ast.cmpop], type[ast.cmpop]] = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
DESCRIBED: dict[str, int] = {"P": 1, "Switch": 2, "control": 1}
"""Calls that declare something, and which of their arguments says in English what it is: a docstring in all but form."""
EITHER_WAY = ("max", "min")
"""Functions whose arguments may stand in any order."""
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


@frozen(eq=False)
class Source:
    """A file of source, split as its tree counts: lines, and bytes within them."""

    path: Path
    text: str
    lines: list[bytes] = field(init=False)

    @lines.default
    def _split(self) -> list[bytes]:
        return self.text.encode().splitlines(keepends=True)

    @classmethod
    def read(cls, path: Path) -> Source:
        """Read a file."""
        return cls(path, path.read_text("utf-8"))

    @property
    def name(self) -> str:
        """Return its path in the checkout."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def module(self) -> str:
        """Return the name by which it is imported."""
        return self.name.removesuffix(".py").replace("/", ".").removesuffix(".__init__")


@frozen(eq=False, slots=False)
class Mutant:
    """
    One change.

    Attributes:
        scope: the qualified name of the function or class around it; "" for the module.
        kind: what sort of change it is.
        start, end: the stretch that goes, as (line from 1, byte in it).
        new: what comes in its place.
        outside: it is (also) run when the module is imported: default values, class bodies, the module's own statements.
    """

    source: Source
    scope: str
    kind: str
    start: tuple[int, int]
    end: tuple[int, int]
    new: str
    outside: bool

    @property
    def line(self) -> int:
        """Return the line at which it begins."""
        return self.start[0]

    @property
    def lines(self) -> range:
        """Return all lines it touches."""
        return range(self.start[0], self.end[0] + 1)

    @property
    def old(self) -> str:
        """Return what goes."""
        (first, left), (last, right) = self.start, self.end
        lines = self.source.lines[first - 1 : last]
        lines[-1] = lines[-1][:right]
        lines[0] = lines[0][left:]
        return b"".join(lines).decode()

    @cached_property
    def text(self) -> str:
        """Return the whole source with the change."""
        return self._with(self.new)

    def code(self) -> CodeType:
        """Return the changed module, compiled; every line keeps its number. Raises: SyntaxError, it is no Python any more."""
        gap = "\n" * (self.end[0] - self.start[0])
        padded = f"{self.new[:-1]}{gap})" if self.new.endswith(")") else self.new + gap
        return compile(self._with(padded), str(self.source.path), "exec", dont_inherit=True)

    def _with(self, new: str) -> str:
        lines = self.source.lines
        (first, left), (last, right) = self.start, self.end
        before = b"".join(lines[: first - 1]) + lines[first - 1][:left]
        return (before + new.encode() + lines[last - 1][right:] + b"".join(lines[last:])).decode()

    @property
    def diff(self) -> list[str]:
        """Return the lines that go and those that come, marked - and +."""
        made = difflib.unified_diff(self.source.text.splitlines(), self.text.splitlines(), n=0, lineterm="")
        return [line for line in made if not line.startswith(("---", "+++", "@@"))]

    @property
    def key(self) -> tuple[str, ...]:
        """Return what it is known by when lines have moved."""
        return (self.source.name, self.scope, *self.diff)


def of(source: Source) -> list[Mutant]:
    """Return all mutants of a file, in order of their places."""
    found = list(_Finder(source).walk(ast.parse(source.text), "", True))
    return sorted(found, key=lambda mutant: (mutant.start, mutant.end, mutant.kind, mutant.new))


class _Finder:
    def __init__(self, source: Source) -> None:
        self._source = source

    def walk(self, node: ast.AST, scope: str, outside: bool) -> Iterator[Mutant]:
        """Yield the mutants of a node and all in it."""
        for kind, place, new in _changes(node):
            yield self._mutant(scope, kind, place, new, outside)
        for name, child in _children(node):
            inner, is_outside = scope, outside
            if isinstance(child, (*FUNCTIONS[:2], ast.ClassDef)):
                inner = f"{scope}.{child.name}".lstrip(".")
            if isinstance(node, FUNCTIONS) and name == "body":
                is_outside = False
            yield from self.walk(child, inner, is_outside)

    def _mutant(self, scope: str, kind: str, place: ast.expr | ast.stmt | ast.keyword, new: str, outside: bool) -> Mutant:
        assert place.end_lineno is not None and place.end_col_offset is not None
        start, end = (place.lineno, place.col_offset), (place.end_lineno, place.end_col_offset)
        return Mutant(self._source, scope, kind, start, end, new, outside)


def _children(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Yield the parts of a node in which mutants are looked for, with the name of the field."""
    if isinstance(node, (ast.Assert, ast.JoinedStr, ast.Import, ast.ImportFrom, ast.arg)):
        return
    if isinstance(node, ast.Call) and _is_for_types(node):
        yield from (("args", one) for one in node.args[0 if node.keywords else 1 :])
        return
    described = _described(node)
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "type_comment", "ctx", "op", "ops"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and child is not described and not _is_left_alone(child):
                yield name, child


def _described(node: ast.AST) -> ast.expr | None:
    """Return the argument of a call that describes what is declared."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return None
    place = DESCRIBED.get(node.func.id)
    return node.args[place] if place is not None and place < len(node.args) else None


def _is_left_alone(node: ast.AST) -> bool:
    """Return whether a node is a docstring, a function for debuggers, an assertion, or types and names for checkers alone."""
    if isinstance(node, ast.Raise):
        raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
        return isinstance(raised, ast.Name) and raised.id == "AssertionError"
    if isinstance(node, ast.Assign):
        return any(isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets)
    if isinstance(node, FUNCTIONS[:2]):
        return node.name == "__repr__"
    if isinstance(node, ast.If):
        return isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


Change = tuple[str, "ast.expr | ast.stmt | ast.keyword", str]


def _changes(node: ast.AST) -> Iterator[Change]:
    """Yield the changes to one node itself: the kind, what is replaced, and by what."""
    if isinstance(node, ast.Compare):
        yield from _of_comparison(node)
    elif isinstance(node, ast.BoolOp):
        yield from _of_condition(node)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not", node, _said(node.operand)
    elif isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC and not _is_type(node):
        yield "arithmetic", node, _said(ast.BinOp(node.left, ARITHMETIC[type(node.op)](), node.right))
    elif isinstance(node, ast.Constant):
        yield from _of_constant(node)
    elif isinstance(node, ast.IfExp):
        yield "branch", node, _said(ast.IfExp(node.test, node.orelse, node.body))
    elif isinstance(node, (ast.If, ast.While)) and not isinstance(node.test, (ast.Compare, ast.BoolOp, ast.UnaryOp)):
        if not isinstance(node.test, ast.Constant):
            yield "not", node.test, _said(ast.UnaryOp(ast.Not(), node.test))
    elif isinstance(node, ast.Call):
        yield from _of_call(node)
    elif isinstance(node, ast.comprehension):
        for test in node.ifs:
            yield "filter", test, _said(ast.BoolOp(ast.Or(), [test, ast.Constant(True)]))
    elif isinstance(node, ast.stmt):
        yield from _of_statement(node)


def _of_comparison(node: ast.Compare) -> Iterator[Change]:
    for number, operator in enumerate(node.ops):
        for kind, table in (("comparison", OPPOSITE), ("boundary", BOUNDARY)):
            if type(operator) in table:
                ops = [*node.ops[:number], table[type(operator)](), *node.ops[number + 1 :]]
                yield kind, node, _said(ast.Compare(node.left, ops, node.comparators))


def _of_condition(node: ast.BoolOp) -> Iterator[Change]:
    other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    yield "and/or", node, _said(ast.BoolOp(other, node.values))
    for number in range(len(node.values)):
        left = [value for place, value in enumerate(node.values) if place != number]
        yield "part", node, _said(left[0] if len(left) == 1 else ast.BoolOp(node.op, left))


def _of_constant(node: ast.Constant) -> Iterator[Change]:
    value = node.value
    if isinstance(value, bool):
        yield "constant", node, repr(not value)
    elif isinstance(value, (int, float)):
        yield "constant", node, f"({value + 1!r})"
    elif isinstance(value, str):
        yield "text", node, f"({value + 'X'!r})"
    elif isinstance(value, bytes):
        yield "text", node, f"({value + b'X'!r})"


def _of_call(node: ast.Call) -> Iterator[Change]:
    if _is_for_types(node):
        return
    for number, keyword in enumerate(node.keywords):
        if keyword.arg is not None:
            left = [*node.keywords[:number], *node.keywords[number + 1 :]]
            yield "argument", node, _said(ast.Call(node.func, node.args, left))
    pair = node.args[:2] if not (isinstance(node.func, ast.Name) and node.func.id in EITHER_WAY) else []
    if len(set(map(ast.dump, pair))) == 2 and not any(isinstance(one, ast.Starred) for one in pair):
        yield "argument", node, _said(ast.Call(node.func, [node.args[1], node.args[0], *node.args[2:]], node.keywords))


def _of_statement(node: ast.stmt) -> Iterator[Change]:
    if isinstance(node, ast.Return) and node.value is not None and not _is_empty(node.value):
        yield "return", node, "return None"
    elif isinstance(node, ast.AugAssign):
        yield "statement", node, "pass"
        if type(node.op) in ARITHMETIC:
            operator = ARITHMETIC[type(node.op)]()
            yield "arithmetic", node, ast.unparse(ast.AugAssign(node.target, operator, node.value))
    elif isinstance(node, ast.Assign) and not all(isinstance(one, ast.Name) for one in node.targets):
        if not any(isinstance(one, ast.Tuple) for one in node.targets):
            yield "statement", node, "pass"
    elif (isinstance(node, ast.Expr) and isinstance(node.value, (ast.Call, ast.Await))) or isinstance(node, (ast.Raise, ast.Delete)):
        yield "statement", node, "pass"
    elif isinstance(node, ast.Continue):
        yield "loop", node, "break"
    elif isinstance(node, ast.Break):
        yield "loop", node, "continue"


def _said(node: ast.expr) -> str:
    return f"({ast.unparse(node)})"


def _is_for_types(node: ast.Call) -> bool:
    """Return whether a call only tells the type checker something, or asserts what it says: `cast`, and `zip` that is strict."""
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    return name in ("cast", "TypeVar") or (name == "zip" and [one.arg for one in node.keywords] == ["strict"])


def _is_nothing(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_empty(node: ast.expr) -> bool:
    """Return whether a value is hardly to be told from None: False, 0, ""."""
    return isinstance(node, ast.Constant) and not node.value


def _is_type(node: ast.BinOp) -> bool:
    """Return whether `a | b` joins types rather than numbers."""
    sides = (node.left, node.right)
    return isinstance(node.op, ast.BitOr) and any(_is_nothing(side) or _names_type(side) for side in sides)


def _names_type(node: ast.expr) -> bool:
    name = node.value if isinstance(node, ast.Subscript) else node
    text = name.id if isinstance(name, ast.Name) else name.attr if isinstance(name, ast.Attribute) else ""
    return text in ("str", "int", "bool", "float", "bytes", "dict", "list", "tuple") or (text[:1].isupper() and not text.isupper())
