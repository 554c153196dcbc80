"""Names of a document's blocks: the nearest heading or label above a block that no other block shares."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from hiercomp.records import record
from hiercomp.syntax.markdown import Title
from hiercomp.syntax.symbols import identifier


@record
class Named:
    name: str
    title: str


def name_blocks(paths: Sequence[tuple[Title, ...]], taken: set[str], fallback: str) -> list[Named]:
    """Return a name for each block, given the titles above it, outermost first; `taken` grows by what is given away.

    Blocks whose nearest titles read alike (three sections called "Specification") go one level up, together, until
    they differ; blocks that never do are numbered in their order.
    """
    chosen: dict[int, Named] = {}
    waiting = list(range(len(paths)))
    level = 1
    while waiting and any(len(paths[number]) >= level for number in waiting):
        candidates = {n: paths[n][-level] for n in waiting if len(paths[n]) >= level}
        slugs = {number: identifier(title.text, fallback) for number, title in candidates.items()}
        shared = Counter(slugs.values())
        for number, slug in slugs.items():
            if shared[slug] == 1 and slug not in taken:
                chosen[number] = Named(slug, candidates[number].text)
        taken.update(chosen[number].name for number in slugs if number in chosen)
        waiting = [number for number in waiting if number not in chosen]
        level += 1
    for number in waiting:
        title = paths[number][-1].text if paths[number] else ""
        chosen[number] = Named(_numbered(identifier(title, fallback), taken), title)
    return [chosen[number] for number in range(len(paths))]


def _numbered(base: str, taken: set[str]) -> str:
    name, count = base, 1
    while name in taken:
        count += 1
        name = f"{base}_{count}"
    taken.add(name)
    return name
