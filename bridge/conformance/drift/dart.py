"""
Read off a plugin's Dart code what it sends over the channel, what its classes read and write, and which events it hears.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from bridge.conformance.drift.facts import Call, Event, Model, Sent
from bridge.conformance.drift.trees import Node, child, line, literal, of_type, text, walk

LITERALS = ("set_or_map_literal",)
INVOKE = "invokeMethod"


class Source(NamedTuple):
    """A file: its tree and its name."""

    root: Node
    name: str

    def at(self, node: Node) -> str:
        """Return where a node stands."""
        return f"{self.name}:{line(node)}"


def functions(root: Node) -> Iterator[tuple[Node, Node]]:
    """Yield (signature, body) of every function of a file."""
    for node in walk(root):
        if node.type == "function_body":
            before = node.prev_named_sibling
            while before is not None and before.type in ("comment", "documentation_comment", "annotation"):
                before = before.prev_named_sibling
            if before is not None and before.type in ("method_signature", "function_signature"):
                yield before, node


def name_of(signature: Node) -> str:
    """Return the name of a function: of a constructor the part behind the dot."""
    inner = next((one for one in signature.children if one.type.endswith("_signature")), signature)
    names = [text(one) for one in inner.children if one.type == "identifier"]
    return names[-1] if names else ""


def parameters(signature: Node) -> dict[str, str]:
    """Return the types of a function's parameters by name, without what makes them nullable."""
    found = {}
    for one in of_type(signature, "formal_parameter"):
        names = [part for part in one.children if part.type == "identifier"]
        if names:
            head = text(one)[: names[-1].start_byte - one.start_byte]
            found[text(names[-1])] = plain_type(head)
    return found


def plain_type(said: str) -> str:
    """Return a type as it is compared: no blanks, no words before it, no question mark."""
    words = [word for word in said.split() if word not in ("required", "final", "late", "covariant", "var", "static", "const")]
    return "".join(words).replace("?", "")


def callee(arguments: Node) -> str:
    """Return the name just before the parentheses of a call."""
    part = arguments.parent
    selector = part.parent if part is not None and part.type == "argument_part" else part
    before = selector.prev_sibling if selector is not None else None
    return text(before).lstrip(".?!") if before is not None else ""


def given(arguments: Node) -> list[Node]:
    """Return the positional arguments of a call, each as the list of nodes below it."""
    return [one for one in arguments.children if one.type == "argument"]


def only(node: Node) -> Node | None:
    """Return the one named thing in a node, None where it is made of several."""
    named = [one for one in node.children if one.is_named and one.type != "comment"]
    return named[0] if len(named) == 1 else None


def index_key(node: Node) -> tuple[str, str] | None:
    """Return (name, key) of `name['key']` where a selector stands behind an identifier, None for anything else."""
    found = child(node, "index_selector") if node.type == "unconditional_assignable_selector" else None
    inner = only(found) if found is not None else None
    key = literal(inner)
    if key is None:
        return None
    holder = node.parent if node.parent is not None and node.parent.type == "selector" else node
    before = holder.prev_named_sibling
    if before is not None and text(before) in ("!", "?"):
        before = before.prev_named_sibling
    return (text(before), key) if before is not None and before.type in ("identifier", "assignable_expression") else None


def managers(source: Source) -> dict[str, str]:
    """Return which manager a function of a file puts into the arguments, by the function's name."""
    found = {}
    if b"TIMManagerName" in (source.root.text or b""):
        for signature, body in functions(source.root):
            for one in of_type(body, "assignment_expression"):
                left = child(one, "assignable_expression")
                value = literal(one.named_children[-1])
                if left is not None and value is not None and _key_of(left) == "TIMManagerName":
                    found[name_of(signature)] = value
    return found


def _key_of(left: Node) -> str | None:
    selector = child(left, "unconditional_assignable_selector", "index_selector")
    index = selector if selector is None or selector.type == "index_selector" else child(selector, "index_selector")
    return literal(only(index)) if index is not None else None


def calls(sources: list[Source]) -> Iterator[Call]:
    """Yield every call over a channel whose name is a plain text, or one of several."""
    shared = {name: manager for source in sources for name, manager in managers(source).items()}
    for source in calling(sources):
        known = shared | managers(source)
        for signature, body in functions(source.root):
            for arguments in of_type(body, "arguments"):
                if callee(arguments) == INVOKE:
                    yield from _calls(source, signature, body, arguments, known)


def calling(sources: list[Source]) -> list[Source]:
    """Return the files in which a channel is called."""
    return [source for source in sources if INVOKE.encode() in (source.root.text or b"")]


def unreadable(sources: list[Source]) -> list[str]:
    """Return where calls stand whose name is not a plain text."""
    return [
        source.at(arguments)
        for source in calling(sources)
        for _, body in functions(source.root)
        for arguments in of_type(body, "arguments")
        if callee(arguments) == INVOKE and given(arguments) and not _names(given(arguments)[0])
    ]


def _names(argument: Node) -> list[str]:
    """Return the names that a call may have: one, or those of a condition."""
    one = only(argument)
    if one is not None and one.type in ("conditional_expression", "parenthesized_expression"):
        found = [literal(part) for part in of_type(one, "string_literal") if part.parent.type != "equality_expression"]
    else:
        found = [literal(one)]
    return [name for name in found if name is not None]


def _calls(source: Source, signature: Node, body: Node, arguments: Node, known: dict[str, str]) -> Iterator[Call]:
    parts = given(arguments)
    names = _names(parts[0]) if parts else []
    manager: str | None = None
    sent: dict[str, Sent] | None = {} if len(parts) < 2 else None
    if len(parts) > 1:
        manager, holder = _wrapped(parts[1], body, known)
        sent = _sent(only(holder), body, parameters(signature))
        manager = manager or _written_manager(holder)
    if sent is not None:
        sent.pop("TIMManagerName", None)
    for name in names:
        yield Call(name, manager, sent, source.at(arguments))


def _wrapped(argument: Node, body: Node, known: dict[str, str]) -> tuple[str | None, Node]:
    """Return the manager that a function puts into the arguments, and the argument of that function; a local name is looked up."""
    one = only(argument)
    if one is not None and one.type == "identifier":
        for made in of_type(body, "initialized_variable_definition"):
            if text(one) in [text(part) for part in made.children if part.type == "identifier"][:1]:
                argument = made
    inner = next((part for part in of_type(argument, "arguments") if callee(part) in known), None)
    if inner is None:
        return None, argument
    return known[callee(inner)], (given(inner) or [inner])[0]


def _written_manager(holder: Node) -> str | None:
    for pair in of_type(holder, "pair"):
        if literal(pair.named_children[0]) == "TIMManagerName":
            return literal(pair.named_children[-1])
    return None


def _sent(node: Node | None, body: Node, types: dict[str, str]) -> dict[str, Sent] | None:
    """Return the arguments that a node stands for: a map written out, or the name of a local one."""
    if node is not None and node.type in LITERALS:
        return _pairs(node, types)
    if node is None or node.type != "identifier":
        return None
    name = text(node)
    found: dict[str, Sent] | None = None
    for one in of_type(body, "initialized_variable_definition"):
        literals = [part for part in one.children if part.type in LITERALS]
        if literals and name in [text(part) for part in one.children if part.type == "identifier"]:
            found = _pairs(literals[-1], types)
    for one in of_type(body, "assignment_expression"):
        left = child(one, "assignable_expression")
        if found is not None and left is not None and text(left.children[0]) == name and _key_of(left) is not None:
            key = _key_of(left)
            assert key is not None
            found[key] = _value(one.named_children[1:], types)
    return found


def _pairs(node: Node, types: dict[str, str]) -> dict[str, Sent]:
    """Return the keys of a map, those of conditional elements included."""
    found: dict[str, Sent] = {}
    for one in node.children:
        if one.type == "pair":
            key = literal(one.named_children[0])
            if key is not None:
                found[key] = _value(one.named_children[1:], types)
        elif one.type in ("if_element", "spread_element"):
            found |= _pairs(one, types)
    return found


def _value(nodes: list[Node], types: dict[str, str]) -> Sent:
    """Return what is sent: a parameter as it is, or the map of one that is a class."""
    said = "".join(text(one) for one in nodes)
    if len(nodes) == 1 and nodes[0].type == "identifier":
        return Sent(types.get(said), None)
    if "toJson" in said:
        root = next((text(one) for part in nodes for one in of_type(part, "identifier")), "")
        kind = types.get(root, "")
        inner = kind.removeprefix("List<").removesuffix(">")
        return Sent(kind or None, inner or None)
    return Sent(None, None)


def models(sources: list[Source]) -> dict[str, Model]:
    """Return the classes that are made of maps, or made into maps, by name."""
    found: dict[str, Model] = {}
    for source in sources:
        for node in of_type(source.root, "class_definition"):
            model = _model(source, node)
            if model is not None:
                found.setdefault(model.name, model)
    return found


def _model(source: Source, node: Node) -> Model | None:
    name, body = child(node, "identifier"), child(node, "class_body")
    if name is None or body is None:
        return None
    reads: set[str] | None = None
    writes: set[str] | None = None
    types: dict[str, str] = {}
    fields = _fields(body)
    for signature, code in functions(body):
        if name_of(signature) == "fromJson":
            reads = (reads or set()) | set(_read(signature, code))
        elif name_of(signature) == "toJson":
            written = dict(_written(code))
            writes = set(written)
            types = {key: fields[field] for key, field in written.items() if field in fields}
    if reads is None and writes is None:
        return None
    above = child(node, "superclass")
    kept = [frozenset(keys) if keys is not None else None for keys in (reads, writes)]
    return Model(text(name), kept[0], kept[1], types, source.at(node), text(above.named_children[0]) if above else None)


def _fields(body: Node) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in body.children:
        names = child(one, "initialized_identifier_list", "identifier_list")
        if one.type == "declaration" and names is not None:
            kind = plain_type(text(one)[: names.start_byte - one.start_byte])
            for part in of_type(names, "initialized_identifier"):
                found[text(part.children[0])] = kind
    return found


def _read(signature: Node, code: Node) -> Iterator[str]:
    """Yield the keys that are read of the map itself."""
    names = [*parameters(signature)][:1]
    for one in of_type(code, "unconditional_assignable_selector"):
        found = index_key(one)
        if found is not None and found[0] in names:
            yield found[1]


def _written(code: Node) -> Iterator[tuple[str, str]]:
    """Yield (key, source of the value) of what goes into the map that is returned: by assignment, or written out."""
    for one in of_type(code, "assignment_expression"):
        left = child(one, "assignable_expression")
        key = _key_of(left) if left is not None else None
        if key is not None and not _tests_itself(one, left):
            yield key, "".join(text(part) for part in one.named_children[1:])
    outer = next((one for one in of_type(code, *LITERALS) if any(part.type in ("pair", "if_element") for part in one.children)), None)
    if outer is not None:
        for pair in _outer_pairs(outer):
            key = literal(pair.named_children[0])
            if key is not None:
                yield key, "".join(text(part) for part in pair.named_children[1:])


def _tests_itself(assignment: Node, left: Node) -> bool:
    """Return whether what is written stands under a condition on the very map that is written, in which nothing is yet: it never is."""
    name, one = text(left.children[0]), assignment.parent
    while one is not None and one.type != "function_body":
        if one.type == "if_statement":
            condition = one.named_children[0]
            if text(condition).startswith(f"{name}["):
                return True
        one = one.parent
    return False


def _outer_pairs(node: Node) -> Iterator[Node]:
    for one in node.children:
        if one.type == "pair":
            yield one
        elif one.type == "if_element":
            yield from _outer_pairs(one)


def constants(sources: list[Source]) -> dict[str, str]:
    """Return texts that classes hold under a name, by `Class.name`."""
    found = {}
    for source in sources:
        for node in of_type(source.root, "class_definition"):
            name = child(node, "identifier")
            for one in of_type(node, "static_final_declaration"):
                value = literal(one.named_children[-1])
                if name is not None and value is not None:
                    found[f"{text(name)}.{text(one.named_children[0])}"] = value
    return found


def events(sources: list[Source]) -> dict[tuple[str, str], Event]:
    """Return the events that the handler of the channel tells apart, by (listener, type)."""
    known = constants(sources)
    found: dict[tuple[str, str], Event] = {}
    for source in sources:
        if b"setMethodCallHandler" not in (source.root.text or b""):
            continue
        for one in of_type(source.root, "if_statement"):
            listener = _listener(one, known)
            if listener is not None:
                for event in _cases(source, one, listener):
                    found.setdefault((event.listener, event.type), event)
    return found


def _listener(node: Node, known: dict[str, str]) -> str | None:
    condition = child(node, "equality_expression") or next(of_type(node, "equality_expression"), None)
    said = text(condition).replace(" ", "") if condition is not None else ""
    if "call.method==" not in said:
        return None
    name = said.partition("call.method==")[2]
    return known.get(name) or name.strip("'\"").rpartition(".")[2]


def _cases(source: Source, node: Node, listener: str) -> Iterator[Event]:
    then = child(node, "block")
    for case in of_type(then, "switch_statement_case") if then is not None else ():
        kind = next((literal(one) for one in case.named_children[:3] for one in of_type(one, "string_literal")), None)
        if kind is not None:
            yield Event(listener, kind, frozenset(_looked_at(case)), source.at(case))


def _looked_at(case: Node) -> Iterator[str]:
    for one in of_type(case, "unconditional_assignable_selector"):
        found = index_key(one)
        if found is not None and found[0] in ("params", "data"):
            yield found[1]
