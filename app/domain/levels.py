"""A directed graph cut into levels, so that what waits only for earlier levels can be computed at once; or its circle.

Nodes are positions 0..n-1; edge i leads from `source[i]` to `target[i]`.
"""

from collections import defaultdict, deque

import numpy as np
from numpy.typing import NDArray

Positions = NDArray[np.int64]

UNREACHED = -1


def levels_of(count: int, source: Positions, target: Positions) -> Positions:
    """The level of each of `count` nodes: 0 without predecessors, else one more than the highest of its predecessors.

    What lies on a circle or after one is UNREACHED.
    """
    followers = target[np.argsort(source, kind="stable")]
    begins = offsets(source, count)
    waiting = np.bincount(target, minlength=count)
    level = np.full(count, UNREACHED, np.int64)
    ready = np.flatnonzero(waiting == 0)
    number = 0
    while len(ready):
        level[ready] = number
        number += 1
        reached = followers[_ranges(begins[ready], begins[ready + 1])]
        np.subtract.at(waiting, reached, 1)
        ready = np.unique(reached[waiting[reached] == 0])
    return level


def offsets(keys: Positions, count: int) -> Positions:
    """Where each key 0..count-1 begins in a list sorted by key, and where the last one ends: count + 1 numbers."""
    found = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(keys, minlength=count), out=found[1:])
    return found


def circle(level: Positions, source: Positions, target: Positions) -> list[int]:
    """A circle among what `levels_of` could not reach: positions, each before the next, the last before the first.

    It begins with its lowest position, meets no position twice, and there is none shorter through one of them.
    """
    inside = (level[source] == UNREACHED) & (level[target] == UNREACHED)
    edges = list(zip(source[inside].tolist(), target[inside].tolist(), strict=True))
    # Whatever is unreached waits for something unreached, so that going back for long enough ends in a circle.
    before = {follower: node for node, follower in edges}
    at, seen = min(before), set[int]()
    while at not in seen:
        seen.add(at)
        at = before[at]
    found = _way_round(at, edges)
    lowest = found.index(min(found))
    return found[lowest:] + found[:lowest]


def _way_round(start: int, edges: list[tuple[int, int]]) -> list[int]:
    """The shortest way from a node of a circle back to it."""
    followers = defaultdict(list)
    for node, follower in edges:
        followers[node].append(follower)
    came_from: dict[int, int] = {}
    ahead = deque([start])
    while start not in came_from:
        node = ahead.popleft()
        for follower in followers[node]:
            if follower not in came_from:
                came_from[follower] = node
                ahead.append(follower)
    found = [came_from[start]]
    while found[-1] != start:
        found.append(came_from[found[-1]])
    return found[::-1]


def _ranges(begins: Positions, ends: Positions) -> Positions:
    """All whole numbers from each begin to before its end, one range after the other."""
    lengths = ends - begins
    shifts = np.repeat(begins - np.cumsum(lengths) + lengths, lengths)
    return shifts + np.arange(len(shifts))
