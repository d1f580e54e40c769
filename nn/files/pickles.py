"""Pickles without the danger: a small machine that builds numbers, words, containers and numpy arrays.

A pickle is a program for a machine with a stack. Python's own machine has an instruction to call anything that
can be imported, which is why a pickle from a stranger must not be opened with it. The machine here has no such
instruction. It knows the few names that pickled numpy arrays mention, as mere words, and does itself what they
stand for, after holding every size against the bytes that are there. Any other name ends it.

Protocols 0 to 5, of Python 2 (whose strings are read as Latin-1) and 3. Source: CPython, Lib/pickletools.py.
"""

from __future__ import annotations

import codecs
import re
import struct
from typing import TYPE_CHECKING, Any

from nn.files.pickled_arrays import NAMES, Blob, Name, PickledArray, PickledType, built, called
from nn.files.streams import DamageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from nn.files.pickled_arrays import Keep
    from nn.files.streams import Stream

INSTRUCTIONS = 200_000
"""The most that a pickle may take; one of MNIST takes about two hundred."""
HELD = 150 * 2**20
"""Bytes that may be held at a time: 50,000 digits in float32, the largest array in mnist.pkl.gz, take 149.5 MB."""
_WORDS = 4 * 2**20
_LONG = 2**16
_DEPTH = 8
_SPELLED = re.compile(rb"(?:[^\\]++|\\(?:x[0-9a-fA-F]{2}|[\\'\"nrt]))*+")
"""What a string of Python 2 is spelled with: characters as they are, and the escapes that it writes."""
_MARK = Name("mark")


def read_pickle(stream: Stream, keep: Keep | None = None, *, held: int = HELD) -> Any:  # noqa: ANN401 - what it is
    """Run a pickle and return what it builds.

    Parameters
    ----------
    stream
        At the beginning of the pickle.
    keep
        What to keep of each array, such as pixels as bytes instead of floats, so that several large ones need not
        be in memory together; without it, the arrays themselves.
    held
        Bytes that may be held at a time.

    Raises
    ------
    DamageError
        If the pickle is damaged, too large, or names anything but arrays.
    """
    machine = _Machine(stream, keep, held)
    with_arrays = machine.run()
    return _finished(with_arrays, _DEPTH, [INSTRUCTIONS])


class _Machine:
    """The stack, the memo, and one method for each kind of instruction."""

    def __init__(self, stream: Stream, keep: Keep | None, limit: int) -> None:
        self.stream, self.keep, self.limit = stream, keep, limit
        self.stack: list[Any] = []
        self.memo: dict[int, Any] = {}
        self.held = self.spelled = 0

    def run(self) -> Any:  # noqa: ANN401
        for _ in range(INSTRUCTIONS):
            code = self.stream.read(1)
            if code == b".":
                return self.pop()
            instruction = _INSTRUCTIONS.get(code)
            if instruction is None:
                raise DamageError(f"it is no pickle of arrays: the instruction {code!r} is not for building them")
            instruction(self)
        raise DamageError("it takes too many instructions for a pickle of arrays")

    def push(self, value: Any) -> None:  # noqa: ANN401
        self.stack.append(value)

    def pop(self) -> Any:  # noqa: ANN401
        if not self.stack:
            raise DamageError("it is damaged: it takes from an empty stack")
        return self.stack.pop()

    def double(self) -> None:
        self.push(self.pop())
        self.push(self.stack[-1])

    def since_mark(self) -> list[Any]:
        for position in range(len(self.stack) - 1, -1, -1):
            if self.stack[position] is _MARK:
                found = self.stack[position + 1 :]
                del self.stack[position:]
                return found
        raise DamageError("it is damaged: a mark is missing")

    def top(self, kind: type[Any]) -> Any:  # noqa: ANN401
        if not self.stack or type(self.stack[-1]) is not kind:
            raise DamageError(f"it is damaged: a {kind.__name__} is missing")
        return self.stack[-1]

    def number(self, layout: str) -> Any:  # noqa: ANN401
        return struct.unpack(layout, self.stream.read(struct.calcsize(layout)))[0]

    def line(self) -> bytes:
        """Return a line of text, as long as all of them together stay within bounds."""
        line = self.stream.line(_WORDS)
        self.spelled += len(line)
        if self.spelled > _WORDS:
            raise DamageError("it holds more text than a pickle of arrays")
        return line

    def hold(self, count: int) -> None:
        self.held += count
        if self.held > self.limit:
            raise DamageError(f"it holds more than {self.limit >> 20} MB at a time")

    def octets(self, count: int) -> bytes | Blob:
        """Take `count` bytes from the stream: as they are, or if there are many, as a blob."""
        self.hold(count)
        return self.stream.read(count) if count < _LONG else Blob(self.stream.block(count))

    def text(self, count: int) -> str | Blob:
        found = self.octets(count)
        if isinstance(found, Blob):
            found.is_text = True
            return found
        return _decoded(found, "utf-8")

    def python_2_string(self, count: int) -> str | Blob:
        found = self.octets(count)
        return found if isinstance(found, Blob) else found.decode("latin-1")

    def recall(self, index: int) -> None:
        if index not in self.memo:
            raise DamageError("it is damaged: it recalls what it never kept")
        self.push(self.memo[index])

    def memorize(self, index: int) -> None:
        if not self.stack:
            raise DamageError("it is damaged: it keeps what is not there")
        self.memo[index] = self.stack[-1]

    def name(self, module: object, word: object) -> None:
        known = NAMES.get(f"{module} {word}") if isinstance(module, str) and isinstance(word, str) else None
        if known is None:
            raise DamageError(f"it asks for {str(module)[:40]}.{str(word)[:40]}, and only arrays are admitted")
        self.push(known)

    def reduce(self) -> None:
        arguments, name = self.pop(), self.pop()
        result, used = called(name, arguments, self.keep)
        self.settle(used, result)
        self.push(result)

    def build(self) -> None:
        state, target = self.pop(), self.pop()
        used = built(target, state, self.keep)
        self.settle(used, target)
        self.push(target)

    def settle(self, used: Blob | None, result: object) -> None:
        """Count what an array keeps in place of the bytes that it was made from."""
        if used is not None and isinstance(result, PickledArray):
            self.held -= used.size
            self.hold(result.nbytes)

    def set_items(self, items: list[Any]) -> None:
        target = self.top(dict)
        if len(items) % 2 or not all(type(key) is str for key in items[::2]):
            raise DamageError("it holds a dictionary whose keys are no words")
        target.update(zip(items[::2], items[1::2], strict=True))

    def set_item(self) -> None:
        value, key = self.pop(), self.pop()
        self.set_items([key, value])

    def append(self) -> None:
        value = self.pop()
        self.top(list).append(value)

    def extend(self) -> None:
        values = self.since_mark()
        self.top(list).extend(values)

    def tuple_of(self, count: int) -> None:
        values = [self.pop() for _ in range(count)]
        self.push(tuple(values[::-1]))

    def dictionary(self) -> None:
        items = self.since_mark()
        self.push({})
        self.set_items(items)


def _decoded(text: bytes, encoding: str) -> str:
    try:
        return text.decode(encoding)
    except UnicodeDecodeError as error:
        raise DamageError("a word in it is damaged") from error


def _whole(line: bytes) -> int | bool:
    if line in (b"00", b"01"):
        return line == b"01"
    try:
        return int(line.removesuffix(b"L"))
    except ValueError as error:
        raise DamageError("a number in it is damaged") from error


def _real(line: bytes) -> float:
    try:
        return float(line)
    except ValueError as error:
        raise DamageError("a number in it is damaged") from error


def _unquoted(line: bytes) -> str:
    """Return the string of Python 2 that a line spells, quotes and escapes undone."""
    if (
        len(line) < 2
        or line[:1] not in (b"'", b'"')
        or line[:1] != line[-1:]
        or not _SPELLED.fullmatch(line[1:-1])
    ):
        raise DamageError("a string in it is damaged")
    return codecs.escape_decode(line[1:-1])[0].decode("latin-1")


def _finished(value: Any, depth: int, left: list[int]) -> Any:  # noqa: ANN401
    """Put the arrays in place of what stands for them; refuse what is no part of a pickle of arrays."""
    left[0] -= 1
    if depth < 0 or left[0] < 0:
        raise DamageError("what it holds is nested too deep")
    if isinstance(value, PickledArray):
        return value.finished()
    if type(value) is dict:
        return {key: _finished(item, depth - 1, left) for key, item in value.items()}
    if type(value) in (list, tuple):
        return type(value)(_finished(item, depth - 1, left) for item in value)
    if isinstance(value, (Blob, Name, PickledType)):
        raise DamageError("it holds parts of arrays that were never put together")
    return value


def _constant(value: object) -> Callable[[_Machine], None]:
    return lambda machine: machine.push(value)


def _number(layout: str) -> Callable[[_Machine], None]:
    return lambda machine: machine.push(machine.number(layout))


def _stack_name(machine: _Machine) -> None:
    word, module = machine.pop(), machine.pop()
    machine.name(module, word)


def _protocol(machine: _Machine) -> None:
    if machine.number("<B") > 5:
        raise DamageError("its pickle protocol is newer than 5")


_INSTRUCTIONS: dict[bytes, Callable[[_Machine], Any]] = {
    # containers
    b"(": _constant(_MARK),
    b"0": _Machine.pop,
    b"1": _Machine.since_mark,
    b"2": _Machine.double,
    b")": _constant(()),
    b"t": lambda m: m.push(tuple(m.since_mark())),
    b"\x85": lambda m: m.tuple_of(1),
    b"\x86": lambda m: m.tuple_of(2),
    b"\x87": lambda m: m.tuple_of(3),
    b"]": lambda m: m.push([]),
    b"l": lambda m: m.push(m.since_mark()),
    b"a": _Machine.append,
    b"e": _Machine.extend,
    b"}": lambda m: m.push({}),
    b"d": _Machine.dictionary,
    b"s": _Machine.set_item,
    b"u": lambda m: m.set_items(m.since_mark()),
    # numbers
    b"N": _constant(None),
    b"\x88": _constant(value=True),
    b"\x89": _constant(value=False),
    b"I": lambda m: m.push(_whole(m.line())),
    b"L": lambda m: m.push(_whole(m.line())),
    b"J": _number("<i"),
    b"K": _number("<B"),
    b"M": _number("<H"),
    b"\x8a": lambda m: m.push(int.from_bytes(m.stream.read(m.number("<B")), "little", signed=True)),
    b"F": lambda m: m.push(_real(m.line())),
    b"G": _number(">d"),
    # words and bytes
    b"S": lambda m: m.push(_unquoted(m.line())),
    b"T": lambda m: m.push(m.python_2_string(m.number("<I"))),
    b"U": lambda m: m.push(m.python_2_string(m.number("<B"))),
    b"V": lambda m: m.push(_decoded(m.line(), "raw-unicode-escape")),
    b"X": lambda m: m.push(m.text(m.number("<I"))),
    b"\x8c": lambda m: m.push(m.text(m.number("<B"))),
    b"\x8d": lambda m: m.push(m.text(m.number("<Q"))),
    b"B": lambda m: m.push(m.octets(m.number("<I"))),
    b"C": lambda m: m.push(m.octets(m.number("<B"))),
    b"\x8e": lambda m: m.push(m.octets(m.number("<Q"))),
    b"\x96": lambda m: m.push(m.octets(m.number("<Q"))),
    # memo
    b"p": lambda m: m.memorize(_whole(m.line())),
    b"q": lambda m: m.memorize(m.number("<B")),
    b"r": lambda m: m.memorize(m.number("<I")),
    b"\x94": lambda m: m.memorize(len(m.memo)),
    b"g": lambda m: m.recall(_whole(m.line())),
    b"h": lambda m: m.recall(m.number("<B")),
    b"j": lambda m: m.recall(m.number("<I")),
    # names, and what they stand for
    b"c": lambda m: m.name(_decoded(m.line(), "utf-8"), _decoded(m.line(), "utf-8")),
    b"\x93": _stack_name,
    b"R": _Machine.reduce,
    b"b": _Machine.build,
    # where it begins, and how it was cut into frames
    b"\x80": _protocol,
    b"\x95": lambda m: m.stream.read(8),
}
