"""The tree over the log is the one of RFC 6962, and a way through it fits one place only."""

from __future__ import annotations

from hashlib import sha256

import pytest

from ledger.proof.merkle import EMPTY, PART, climbed, leaf, levels, node, part_roots, path, root

# The leaves and roots that implementations of RFC 6962 agree on (Certificate Transparency's reference tests).
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def rows(count: int) -> list[bytes]:
    """Hashes of some rows."""
    return [sha256(str(number).encode()).digest() for number in range(count)]


def by_definition(hashes: list[bytes]) -> bytes:
    """The recursion of RFC 6962, section 2.1, word for word."""
    if len(hashes) < 2:
        return leaf(hashes[0]) if hashes else EMPTY
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return node(by_definition(hashes[:split]), by_definition(hashes[split:]))


def test_roots_are_those_that_others_compute() -> None:
    leaves = [leaf(bytes.fromhex(each)) for each in LEAVES]
    assert [root(leaves[: size + 1]).hex() for size in range(len(leaves))] == ROOTS


@pytest.mark.parametrize("size", [0, 1, 2, 7, 64, PART - 1, PART, PART + 1, 3 * PART + 5])
def test_parts_make_the_same_tree(size: int) -> None:
    hashes = rows(size)
    assert root([each for each, _ in part_roots(hashes)]) == by_definition(hashes)


def test_a_way_leads_from_its_own_place_to_the_root_and_from_no_other() -> None:
    for size in range(1, 36):
        tree = levels([leaf(each) for each in rows(size)])
        for index in range(size):
            way = path(tree, index)
            for place in range(size):
                reached = climbed(tree[0][index], place, size, way)
                assert (reached == tree[-1][0]) is (place == index), (size, index, place)
            assert climbed(tree[0][index], index, size, [*way, bytes(32)]) is None
            assert not way or climbed(tree[0][index], index, size, way[:-1]) is None
