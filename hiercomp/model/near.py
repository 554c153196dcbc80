"""Names that a wrong one may have been meant for, found in time that does not grow with how many names there are."""

from __future__ import annotations

from collections.abc import Iterable

_SHORT = 3


def _plain(word: str) -> str:
    return word.replace("-", "").replace("_", "").lower()


def _shortened(word: str) -> set[str]:
    """Return `word` and every form of it with one character left out: two words near each other share one."""
    return {word, *(word[:k] + word[k + 1 :] for k in range(len(word)))}


class NearNames:
    """An index of known names, built at the first question: asking costs only the length of the word."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = names
        self._index: dict[str, list[str]] | None = None

    def __call__(self, word: str) -> list[str]:
        """Return up to three known names that differ from `word` by about one keystroke, nearest first."""
        if self._index is None:
            self._index = {}
            for name in dict.fromkeys(self._names):
                for key in self._keys(name):
                    self._index.setdefault(key, []).append(name)
        plain = _plain(word)
        found = dict.fromkeys(name for key in self._keys(word) for name in self._index.get(key, ()) if name != word)
        return sorted(found, key=lambda name: (_plain(name) != plain, abs(len(name) - len(word)), name))[:3]

    @staticmethod
    def _keys(word: str) -> set[str]:
        plain = _plain(word)
        # `mu` and `nu` are one keystroke apart and never a misprint of each other.
        return {plain} if len(plain) <= _SHORT else _shortened(plain)


def did_you_mean(names: Iterable[str]) -> str:
    """Return the hint with the near names, or nothing where there are none."""
    listed = ", ".join(f"`{name}`" for name in names)
    return f"did you mean {listed}?" if listed else ""
