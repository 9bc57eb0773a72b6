"""The largest flow that fits through a network of whole-number capacities: Dinic's algorithm, the same for every run.

It steps through the network without recursion, for a chain of groups may be longer than Python's stack is deep.
"""

from collections import deque


class FlowNetwork:
    """Nodes are numbered from 0. Edges lie in pairs, each beside its way back, so `edge ^ 1` is the other of a pair."""

    def __init__(self, nodes: int) -> None:
        self._edges: list[list[int]] = [[] for _ in range(nodes)]
        self._target: list[int] = []
        self._left: list[int] = []

    def join(self, source: int, target: int, capacity: int) -> int:
        """Adds an edge that carries up to `capacity`, and returns its name for `carried`."""
        edge = len(self._target)
        self._target += [target, source]
        self._left += [capacity, 0]
        self._edges[source].append(edge)
        self._edges[target].append(edge + 1)
        return edge

    def send(self, source: int, sink: int) -> int:
        """Sends as much as fits from `source` to `sink`, and returns how much that is."""
        sent = 0
        while (levels := self._levels(source, sink))[sink] is not None:
            sent += self._fill(source, sink, levels)
        return sent

    def carried(self, edge: int) -> int:
        """How much of what was sent passes an edge."""
        return self._left[edge ^ 1]

    def _levels(self, source: int, sink: int) -> list[int | None]:
        """How many edges with room each node is away from the source, until the sink is found; None: no way."""
        levels: list[int | None] = [None] * len(self._edges)
        levels[source] = 0
        waiting = deque([(source, 0)])
        while waiting and levels[sink] is None:
            node, level = waiting.popleft()
            for edge in self._edges[node]:
                if self._left[edge] and levels[self._target[edge]] is None:
                    levels[self._target[edge]] = level + 1
                    waiting.append((self._target[edge], level + 1))
        return levels

    def _fill(self, source: int, sink: int, levels: list[int | None]) -> int:
        """Fills the shortest ways until none has room. A dead end is left once and not entered again."""
        sent, node = 0, source
        way: list[int] = []
        tried = [0] * len(self._edges)
        while True:
            if node == sink:
                sent += self._push(way)
                way, node = [], source
            elif (edge := self._onward(node, levels, tried)) is not None:
                way.append(edge)
                node = self._target[edge]
            elif way:
                node = self._target[way.pop() ^ 1]
                tried[node] += 1
            else:
                return sent

    def _onward(self, node: int, levels: list[int | None], tried: list[int]) -> int | None:
        """The first edge with room that leads one level further, from where this node's search stands."""
        edges, level = self._edges[node], levels[node]
        assert level is not None
        while tried[node] < len(edges):
            edge = edges[tried[node]]
            if self._left[edge] and levels[self._target[edge]] == level + 1:
                return edge
            tried[node] += 1
        return None

    def _push(self, way: list[int]) -> int:
        amount = min(self._left[edge] for edge in way)
        for edge in way:
            self._left[edge] -= amount
            self._left[edge ^ 1] += amount
        return amount
