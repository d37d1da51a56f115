#!/usr/bin/env python3
"""Writes random.json: uniform and normal numbers, derived with NumPy from the words of Philox4x32-10.

NumPy brings Philox4x64 alone, so that the generator is written down here with NumPy's integers, and
held against the known answers that Random123 publishes (kat_vectors) before anything is written.
Run with a Python that has NumPy, in any folder; the tests read the file and need no Python.
"""
import json
import pathlib

import numpy as np

LOW = np.uint64(0xFFFFFFFF)
BITS = np.uint64(32)


def philox(counter, key):
    """Blocks for counters [n, 4] and a key of two words: Salmon et al. 2011, ten rounds."""
    c = [np.asarray(counter, dtype=np.uint64)[..., place] for place in range(4)]
    k = [np.uint64(word) for word in key]
    for _ in range(10):
        a, b = np.uint64(0xD2511F53) * c[0], np.uint64(0xCD9E8D57) * c[2]
        c = [(b >> BITS) ^ c[1] ^ k[0], b & LOW, (a >> BITS) ^ c[3] ^ k[1], a & LOW]
        k = [(k[0] + np.uint64(0x9E3779B9)) & LOW, (k[1] + np.uint64(0xBB67AE85)) & LOW]
    return np.stack(c, axis=-1)


ONES = 0xFFFFFFFF
KNOWN = [
    ([0, 0, 0, 0], [0, 0], [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]),
    ([ONES] * 4, [ONES] * 2, [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD]),
    ([0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344], [0xA4093822, 0x299F31D0],
     [0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1]),
]
for counter, key, answer in KNOWN:
    assert philox([counter], key)[0].tolist() == answer, (counter, key)


def words(count, stream, seed, draw):
    """64 elements are the first words of 16 blocks, then the second, third and fourth."""
    element = np.arange(count)
    counters = np.zeros((count, 4), dtype=np.uint64)
    counters[:, 0] = element // 64 * 16 + element % 16
    counters[:, 1] = stream
    counters[:, 2:] = [draw & ONES, draw >> 32]
    blocks = philox(counters, [seed & ONES, seed >> 32])
    return blocks[element, element % 64 // 16]


def unit(words):
    """The upper 24 bits, exact in float32."""
    return (words >> np.uint64(8)).astype(np.float64) * 2.0**-24


def uniform(count, stream, seed, draw):
    return unit(words(count, stream, seed, draw))


def normal(count, stream, seed, draw):
    """Box and Muller 1958, in float64; the results are numbers of float32."""
    first = unit(words(count, stream, seed, draw))
    second = unit(words(count, stream | 1 << 31, seed, draw))
    values = np.sqrt(-2 * np.log1p(-first)) * np.cos(2 * np.pi * second)
    return values.astype(np.float32).astype(np.float64)


cases = []
for op, function in (("random_uniform", uniform), ("random_normal", normal)):
    # Into a second group of blocks; streams to the last one; both words of seed and draw.
    for shape, stream, seed, draw in (([70], 0, 0, 0), ([3, 5], 7, 42, 1),
                                      ([2, 1, 4], 2**31 - 1, 0x0123456789ABCDEF, 2**40 + 3)):
        values = function(int(np.prod(shape)), stream, seed, draw)
        cases.append({"op": op, "inputs": [], "seed": seed, "draw": draw,
                      "attributes": {"shape": {"dims": shape}, "stream": {"int": stream}},
                      "output": {"shape": shape, "dtype": "float32",
                                 "values": [float(f"{value:.15g}") for value in values]}})

target = pathlib.Path(__file__).with_name("random.json")
lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
target.write_text("[\n" + lines + "\n]\n")
print(f"{len(cases)} cases, {target.stat().st_size} bytes")
