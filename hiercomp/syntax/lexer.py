"""The lexer: one statement's characters to typed tokens, with everything that depends on what stands before.

Normalisation is token by token (``τ`` becomes the token ``tau`` where it stands), so spans stay true to the text.
"""

from __future__ import annotations

import re

from hiercomp.source import Source
from hiercomp.syntax import problems, scripts, words
from hiercomp.syntax.stream import TokenStream
from hiercomp.syntax.symbols import (
    SIGNS,
    SUPERSCRIPT_SIGNS,
    SUPERSCRIPTS,
    WORD_SIGNS,
)
from hiercomp.syntax.tokens import CLAUSE_WORDS, LATER_WORDS, OPERAND_ENDS, RESERVED, VALUE_ENDS, Tok

_LONGEST_NOTE = 4000

_TOKEN = re.compile(
    r"[^\S\n]*(?:"
    r"(?P<word>[A-Za-z][A-Za-z0-9_]*+(?![^\x00-\x7f]))"
    r"|(?P<number>(?:[0-9]+(?:\.(?!\.)[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<sign>\*\*|[<>!=]=|\+=|\.\.\.?|[-+*/^<>=~,:])"
    r"|(?P<open>[\[(])|(?P<close>[\])}])|(?P<comment>\#)|(?P<other>[^\s]))"
)
_NON_CENTERED = r"non[-‐‑–−]cent(?:er|re)ed\b"
_FACT_WORD = r"[A-Za-z]+(?:-[A-Za-z]+)*"
_SUM_TO_ZERO = r"sum[-‐‑–−]to[-‐‑–−]zero\b"
_SUMS_TO_ZERO = r"sums?[^\S\n]+(to[^\S\n]+(?:zero|0))\b"
# Words that mean something only right after the word of a clause.
_FOLLOWING = {
    ("TRUNCATED", "to"): "TO",
    ("CENSORED", "to"): "TO",
    ("CENSORED", "above"): "SIDE",
    ("CENSORED", "below"): "SIDE",
    ("CENSORED", "up"): "UP",
    ("UP", "to"): "BY",
    ("WEIGHTED", "by"): "BY",
}
_COMPARED_TEXT = r"""(?:"[^"]*"|'[^']*'|“[^”]*”)[^\S\n]*(?:[=!]=|=|≠)"""
_COMPARISONS = frozenset({"<", "<=", ">", ">=", "==", "!="})


class StatementLexer(TokenStream):
    """Cuts the lines of one statement, one call of `line` for each.

    `later` is the word that begins a construct which is read past.
    """

    __slots__ = ("_equals", "_first", "_mode", "_tildes", "later", "text")

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.text = source.text
        self.later: Tok | None = None
        self._mode = ""  # the clause at hand: if, where or for
        self._equals = False
        self._tildes = False
        self._first = True

    def line(self, pos: int, eol: int, limit: int) -> int:
        """Cut ``text[pos:eol]``; return where the line ends, which is later than `eol` if a note runs on.

        `limit` is where the region that holds the statement ends.
        """
        self._first = True
        self.after_note = False
        match = _TOKEN.match
        while not self.dead and self.later is None:
            found = match(self.text, pos, eol)
            if found is None:
                break
            kind = found.lastgroup
            start, pos = found.span(kind or 0)
            if kind == "word":
                pos = self._word(found[kind], start, pos, eol)
            elif kind == "number":
                pos = self._number(found[kind], start, pos, eol)
            elif kind == "sign":
                self._sign(found[kind], start, pos)
            elif kind == "open":
                pos = self._open(found[kind], start, eol, limit)
                if pos > eol:
                    end = self.text.find("\n", pos, limit)
                    eol = limit if end < 0 else end
            elif kind == "close":
                self.close(found[kind], start)
            elif kind == "comment":
                self._comment(start, eol)
                break
            else:
                pos = self._other(start, eol)
            self._first = False
        return eol

    # --- words

    def _word(self, word: str, start: int, end: int, eol: int) -> int:
        if word[-1] == "_":
            return self._underscore(word, start, end)
        if self.last in {"IS", "WORD"} and (fact_end := self._fact_word(word, start, eol)):
            return fact_end
        if not self.tokens and (first_end := self._first_word(word, start, end, eol)):
            return first_end
        if self.last in {"TILDE", "NEXT_TILDE"} or self._in_mixture():
            found = words.distribution(self.text, start, eol, anywhere=self.last in {"TILDE", "NEXT_TILDE"})
            if found is not None:
                word, end = found
        self._classify(word, start, end, eol)
        return self.tokens[-1].end

    def _classify(self, word: str, start: int, end: int, eol: int) -> None:
        at_clause = not self.stack and (self.last in VALUE_ENDS or (self._first and bool(self.tokens)))
        if at_clause and word == "non" and (hyphenated := re.match(_NON_CENTERED, self.text[start:eol])):
            word, end = "non-centered", start + hyphenated.end()
        if at_clause and word in {"sum", "sums"}:
            if hyphenated := re.match(_SUM_TO_ZERO, self.text[start:eol]):
                word, end = "sum-to-zero", start + hyphenated.end()
            elif self._mode == "where" and (sums := re.match(_SUMS_TO_ZERO, self.text[start:eol])):
                self.emit("IS", word, start, end)
                self.emit("WORD", "sum-to-zero", start + sums.start(1), start + sums.end())
                return
        type_ = RESERVED.get(word)
        following = self.text[end] if end < eol else ""
        if type_ is not None:
            self._reserved(type_, word, start, end)
        elif at_clause and word in CLAUSE_WORDS and (following == "(") == (word == "smoothly"):
            self.emit(CLAUSE_WORDS[word], word, start, end)
            if self.last in {"CENSORED", "WEIGHTED"}:
                self._mode = ""  # what follows is an expression, no fact
        elif following == "(":
            self.emit("FUNC", word, start, end)
        elif (type_ := _FOLLOWING.get((self.last, word))) is not None:
            self.emit(type_, word, start, end)
        elif self.last == "NAME" and word == "extends" and self.tokens[0].type == "MODEL":
            self.emit("EXTENDS", word, start, end)
        else:
            self._name(word, start, end, eol)

    def _reserved(self, type_: str, word: str, start: int, end: int) -> None:
        if not self.stack:
            if type_ in {"WHERE", "FOR", "IF"}:
                self._mode = word
            elif word == "and" and self._mode == "where":
                type_ = "FACT_AND"
        self.emit(type_, word, start, end)

    def _name(self, word: str, start: int, end: int, eol: int) -> None:
        after = words.skip_blanks(self.text, end, eol)
        token = self.emit("NAME", word, start, end)
        if after == end or after >= eol or self.text[after] != "(":
            return
        if len(self.tokens) > 1 and self.tokens[-2].type in {"TILDE", "NEXT_TILDE"}:
            token.type = self.last = "FUNC"
        elif self.tokens[0].type not in {"MODEL", "FIT"} and self.last not in {"TRUNCATED", "CENSORED"}:
            self.report(problems.lexical.call_or_product(token, self.span(start, after + 1)))
            token.type = self.last = "FUNC"

    def _underscore(self, word: str, start: int, end: int) -> int:
        if end < len(self.text) and self.text[end] == "{" and word.strip("_"):
            self.emit("NAME", word.rstrip("_"), start, end - 1)
            self.push(self.emit("LSUB", "{", end - 1, end + 1), "subscript")
            return end + 1
        self.report(problems.lexical.trailing_underscore(word, self.span(start, end)))
        self.emit("NAME", word.rstrip("_") or "x", start, end)
        return end

    def _fact_word(self, word: str, start: int, eol: int) -> int:
        """Take a word of ``is a simplex``; return its end, 0 where the words of the fact are over."""
        if word in RESERVED:
            return 0
        if self.last == "WORD" and (self.tokens[-1].text in words.COMPLETE_FACTS or word in CLAUSE_WORDS):
            return 0
        found = re.match(_FACT_WORD, self.text[start:eol])
        if found is None or (self.last == "WORD" and found[0].lower() in CLAUSE_WORDS):
            return 0
        self.emit("WORD", found[0].lower(), start, start + found.end())
        return start + found.end()

    def _first_word(self, word: str, start: int, end: int, eol: int) -> int:
        """Take the word that begins a line which is no statement of a model; return its end, 0 for other words."""
        if word == "fit" and words.next_is(self.text, end, eol, ":"):
            self.emit("FIT", word, start, end)
        elif word == "data" and words.begins_path(self.text, end, eol):
            self.emit("DATA", word, start, end)
            return self._path(words.skip_blanks(self.text, end, eol), eol)
        elif word == "model" and words.begins_name(self.text, end, eol):
            self.emit("MODEL", word, start, end)
        elif word == "levels" and words.begins_name(self.text, end, eol):
            self.emit("LEVELS", word, start, end)
        elif word == "design" and words.begins_name(self.text, end, eol):
            self.emit("DESIGN", word, start, end)
        elif word == "study" and words.ends_line(self.text, end, eol):
            self.emit("STUDY", word, start, end)
        elif word == "def" and words.begins_name(self.text, end, eol):
            self.emit("DEF", word, start, end)
        elif word in LATER_WORDS and words.begins_name(self.text, end, eol):
            self.later = self.emit("NAME", word, start, end)
        else:
            return 0
        return end

    def _path(self, start: int, eol: int) -> int:
        quote = self.text[start]
        end = self.text.find(quote, start + 1, eol) if quote in "\"'“”" else -1
        if quote == "“":
            end = self.text.find("”", start + 1, eol)
        if end < 0:
            self.report(problems.lexical.path_quotes(self.span(start, eol), quote in "\"'“”"))
            self.dead = True
            return eol
        self.emit("STRING", self.text[start + 1 : end], start, end + 1)
        return end + 1

    def _is_text(self, start: int, eol: int) -> bool:
        """Say whether a quotation mark begins text: in a design, as a level, and beside a comparison."""
        if self.tokens[0].type in {"DESIGN", "LEVELS"} or (
            self.last in {"OP", "REL"} and self.tokens[-1].text in _COMPARISONS
        ):
            return True
        return self.last not in VALUE_ENDS and re.match(_COMPARED_TEXT, self.text[start:eol]) is not None

    def _in_mixture(self) -> bool:
        return bool(self.stack) and self.stack[-1][1] == "mixture" and self.last in {"LPAR", "COMMA", "EQ"}

    # --- numbers and signs

    def _number(self, digits: str, start: int, end: int, eol: int) -> int:
        if end < eol and self.text[end] == "%":
            digits, end = f"{digits}%", end + 1
        token = self.emit("NUMBER", digits, start, end)
        if not words.finite(digits):
            self.report(problems.lexical.number_range(token))
        return end

    def _sign(self, sign: str, start: int, end: int) -> None:
        sign = SIGNS.get(sign, sign)
        if sign in _COMPARISONS:
            self.emit("REL" if self._mode == "where" and not self.stack else "OP", sign, start, end)
        elif sign == "=":
            self._equal(start, end)
        elif sign == "~":
            again = self._first and self._tildes and not self.stack
            self.emit("NEXT_TILDE" if again else "TILDE", sign, start, end)
            if not self.stack:
                self._tildes = True
                self._mode = ""
        else:
            self._equals |= sign == "+="
            self.emit(_SIGN_TYPES.get(sign, "OP"), sign, start, end)

    def _equal(self, start: int, end: int) -> None:
        """An equals sign defines, begins the next piece, names an argument, or compares."""
        role = self.stack[-1][1] if self.stack else ""
        if role == "group" or (role not in {"", "call", "mixture"} and self._mode in {"if", "where"}):
            self.emit("OP", "==", start, end)
        elif self.stack:
            self.emit("EQ", "=", start, end)
        elif self._first and self._equals:
            self._mode = ""
            self.emit("NEXT_EQ", "=", start, end)
        elif self._mode == "if" and not self._first:
            self.emit("OP", "==", start, end)
        elif self._mode == "where" and not self._first:
            self.emit("REL", "==", start, end)
        else:
            self._equals = True
            self._mode = ""
            self.emit("EQ", "=", start, end)

    # --- brackets

    def _open(self, bracket: str, start: int, eol: int, limit: int) -> int:
        end = start + 1
        # `i in (a + b)..N` is a range, `where p in (0, 1)` an interval; a square bracket after `in` is always one.
        interval = self.last == "TO" or (
            self.last == "IN" and (bracket == "[" or (self._mode == "where" and not self.stack))
        )
        if interval:
            self.push(self.emit("LIVL", bracket, start, end), "interval")
        elif bracket == "(":
            role = "group"
            if self.last in {"FUNC", "SMOOTHLY"}:
                role = "mixture" if words.takes_distributions(self.tokens[-1].text) else "call"
            self.push(self.emit("LPAR", bracket, start, end), role)
        elif self.last in _INDEXABLE and (self.stack or self.tokens[-1].end == start):
            self.push(self.emit("LSQB", bracket, start, end), "index")
        elif self.last in VALUE_ENDS and not self.stack:
            return self._note(start, eol, limit)
        else:
            self.push(self.emit("LPAR", bracket, start, end), "group")
        return end

    def _bar(self, start: int, eol: int) -> bool:
        """Take a bar as one of the two around an absolute value, if it can be."""
        if self.stack and self.stack[-1][1] == "bars" and self.last in VALUE_ENDS:
            self.stack.pop()
            self.emit("RPAR", "|", start, start + 1)
            return True
        if self.last in VALUE_ENDS or not self.tokens or "|" not in self.text[start + 2 : eol]:
            return False
        self.emit("FUNC", "abs", start, start)
        self.push(self.emit("LPAR", "|", start, start + 1), "bars")
        return True

    def _note(self, start: int, eol: int, limit: int) -> int:
        end = words.balancing(self.text, start, min(limit, start + _LONGEST_NOTE))
        if end < 0 and self.text[start:eol].rstrip().endswith("]"):
            end = start + len(self.text[start:eol].rstrip())
        if end < 0:
            self.report(problems.lexical.unclosed(Tok("NOTE", "[", self.source, start, start + 1), note=True))
            self.dead = True  # to look for the end of every further note would take its time, and tell nothing new
            end = eol
        could_index = self.last in _INDEXABLE and self._equals and self._mode in {"", "if"}
        self.add_note(self.text[start + 1 : end - 1], start, end, self.tokens[-1] if could_index else None)
        self.after_note = True
        return end

    def _comment(self, start: int, eol: int) -> None:
        self.add_note(self.text[start + 1 : eol], start, eol, None)
        self.after_note = False

    # --- characters outside ASCII

    def _other(self, start: int, eol: int) -> int:
        char = self.text[start]
        if char in "\"'“" and self.tokens and self._is_text(start, eol):
            return self._path(start, eol)
        if char == "|" and self._bar(start, eol):
            return start + 1
        if char in WORD_SIGNS:
            word = WORD_SIGNS[char]
            self._reserved(RESERVED[word], word, start, start + 1)
            return start + 1
        if char in SIGNS:
            self._sign(SIGNS[char], start, start + 1)
            return start + 1
        if char == "√":
            self.emit("ROOT", char, start, start + 1)
            return start + 1
        if char in SUPERSCRIPTS or char in SUPERSCRIPT_SIGNS:
            return scripts.superscript(self, start, eol)
        word, end = scripts.unicode_name(self.text, start, eol)
        if word:
            end = self._word(word, start, end, eol)
            return scripts.subscript_index(self, end, eol)
        self.report(problems.lexical.stray(char, self.text[start + 1 : start + 2], self.span(start, start + 1)))
        if char == "{":
            self.push(Tok("LPAR", char, self.source, start, start + 1), "group")
        return start + 1


_SIGN_TYPES = {"+": "PLUS", "-": "MINUS", ",": "COMMA", ":": "COLON", "..": "DOTDOT", "+=": "PLUSEQ"}
_INDEXABLE = OPERAND_ENDS - {"NUMBER", "RPAR", "STRING"}
