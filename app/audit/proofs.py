"""Proofs of RFC 6962: that a leaf stands in a tree, and that a tree is the beginning of another."""

from collections.abc import Sequence

from app.audit.rules import grown, root_hash


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over these leaf hashes."""
    frontier: list[bytes] = []
    for size, leaf in enumerate(leaves):
        frontier = grown(frontier, size, leaf)
    return root_hash(frontier)


def inclusion(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """PATH of RFC 6962 §2.1.1: the hashes that lead from a leaf to the root, nearest first. `0 <= index < len(leaves)`."""
    first, end, path = 0, len(leaves), []
    while end - first > 1:
        middle = first + _left(end - first)
        if index < middle:
            path.append(root_of(leaves[middle:end]))
            end = middle
        else:
            path.append(root_of(leaves[first:middle]))
            first = middle
    return path[::-1]


def consistency(leaves: Sequence[bytes], size: int) -> list[bytes]:
    """PROOF of RFC 6962 §2.1.2: that the tree over the first `size` leaves is the beginning of this one. `0 < size <= len(leaves)`."""
    first, end, path, is_known = 0, len(leaves), [], True
    while size < end:
        middle = first + _left(end - first)
        if size <= middle:
            path.append(root_of(leaves[middle:end]))
            end = middle
        else:
            path.append(root_of(leaves[first:middle]))
            first, is_known = middle, False
    return path[::-1] if is_known else [root_of(leaves[first:end]), *path[::-1]]


def _left(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1
