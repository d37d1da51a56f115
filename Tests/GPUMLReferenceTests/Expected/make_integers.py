#!/usr/bin/env python3
"""Writes integers.json: what NumPy computes, in int64, for Einstein sums of whole numbers.

Run with a Python that has NumPy, in any folder; the tests read the file and need no Python.
"""
import json
import pathlib

import numpy as np

random = np.random.default_rng(20240609)
EQUATIONS = [
    ("bij,bjk->bik", (2, 3, 4), (2, 4, 2)), ("ij,kj->ki", (3, 4), (2, 4)), ("ii->i", (3, 3)),
    ("ii", (4, 4)), ("ijk->ki", (2, 3, 2)), ("i,j->ij", (3,), (2,)), ("i,i->", (5,), (5,)),
    ("ab,bc,c->a", (2, 3), (3, 2), (2,)), ("i->", (6,)), ("ij->ji", (2, 3)),
]


def tensor(value, dtype):
    return {"shape": list(value.shape), "dtype": dtype, "values": value.flatten().tolist()}


cases = []
for equation, *shapes in EQUATIONS:
    for dtype in ("int8", "uint8", "int32", "uint32", "int64"):
        # Sums that the type itself would not hold.
        info = np.iinfo(dtype if dtype in ("int8", "uint8") else "int16")
        low = max(info.min, np.iinfo(dtype).min)
        operands = [random.integers(low, info.max, shape, endpoint=True) for shape in shapes]
        output = np.asarray(np.einsum(equation, *operands))
        cases.append({"op": "einsum", "inputs": [tensor(x, dtype) for x in operands],
                      "attributes": {"equation": {"string": equation}},
                      "output": tensor(output, "int64")})

target = pathlib.Path(__file__).with_name("integers.json")
lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
target.write_text("[\n" + lines + "\n]\n")
print(f"{len(cases)} cases, {target.stat().st_size} bytes")
