#!/usr/bin/env python3
"""Writes layout.json: what NumPy and PyTorch make of shapes and layout, and PyTorch's gradients.

Run once with a Python that has both, in any folder; the tests read the file and need no Python.
"""
import numpy as np
import torch

from cases import case, random, write


def ints(values):
    return {"ints": list(values)}


def dims(values):
    return {"dims": list(values)}


# Slices by NumPy's indexing, which knows negative steps; PyTorch sees the same by indices.
def indexed(shape, index):
    places = torch.from_numpy(np.arange(int(np.prod(shape))).reshape(shape)[index].copy())
    return lambda x: x.flatten()[places]


slices = [((7,), [1], [3], [2]), ((7,), [6], [4], [-2]), ((4, 5), [3, 0], [4, 5], [-1, 1]),
          ((3, 4, 5), [0, 2, 1], [3, 1, 2], [1, 7, 3]), ((3, 4), [1, 0], [2, 0], [1, 1])]
for shape, starts, sizes, steps in slices:
    index = tuple(np.array([a + i * s for i in range(n)], dtype=int)
                  for a, n, s in zip(starts, sizes, steps))
    take = indexed(shape, np.ix_(*index))
    attributes = {"starts": dims(starts), "sizes": dims(sizes), "steps": dims(steps)}
    case("slice", take, [random(*shape)], attributes)

    def put(x, shape=shape, index=np.ix_(*index)):
        y = torch.zeros(shape, dtype=torch.float64)
        y[tuple(torch.from_numpy(i) for i in index)] = x
        return y
    case("place", put, [random(*sizes)],
         {"starts": dims(starts), "steps": dims(steps), "shape": dims(shape)})

for start in (None, 0, 2, 9, -1, -9):
    for end in (None, 0, 3, 9, -1, -9):
        for step in (1, 2, -1, -3):
            open_end = 2**63 - 1 if step > 0 else -2**63
            open_start = 0 if step > 0 else 2**63 - 1
            case("slice_range", indexed((5,), slice(start, end, step)), [torch.arange(5.0)],
                 {"starts": ints([open_start if start is None else start]),
                  "ends": ints([open_end if end is None else end]), "axes": ints([-1]),
                  "steps": ints([step])}, gradient=False)
case("slice_range", lambda x: x[:, 1:7:2, :-1], [random(2, 6, 3)],
     {"starts": ints([1, 0]), "ends": ints([7, -1]), "axes": ints([1, 2]), "steps": ints([2, 1])})
case("slice_range", lambda x: x[2:0], [random(3, 2)],
     {"starts": ints([2]), "ends": ints([0]), "axes": ints([0]), "steps": ints([1])})

for axis, shapes in ((0, [(2, 3), (1, 3), (0, 3)]), (1, [(2, 3), (2, 4)]), (2, [(1, 2, 3)] * 3)):
    case("concatenate", lambda *x, d=axis: torch.cat(x, dim=d), [random(*s) for s in shapes],
         {"axis": {"int": axis}})
case("concatenate", lambda *x: torch.cat(x),
     [torch.tensor([1, -2], dtype=torch.int8), torch.tensor([127], dtype=torch.int8)],
     {"axis": {"int": 0}}, gradient=False)


# Paddings that repeat: NumPy says which element goes where.
def padding(shape, before, after, mode):
    places = np.pad(np.arange(int(np.prod(shape))).reshape(shape), list(zip(before, after)), mode)
    return torch.from_numpy(places)


def fold(shape, places):
    def apply(g):
        flat = torch.zeros(int(np.prod(shape)), dtype=torch.float64)
        return flat.index_add(0, places.flatten(), g.flatten()).reshape(shape)
    return apply


paddings = [((4,), [2], [3]), ((3, 4), [1, 2], [0, 3]), ((2, 3, 2), [1, 0, 3], [1, 2, 0]),
            ((3,), [7], [11]), ((1, 2), [1, 4], [2, 3])]
for shape, before, after in paddings:
    attributes = {"before": dims(before), "after": dims(after)}
    for value in (0.0, -1.5):
        case("pad", lambda x, b=before, a=after, v=value: torch.nn.functional.pad(
                 x, [n for pair in reversed(list(zip(b, a))) for n in pair], value=v),
             [random(*shape)],
             attributes | {"mode": {"string": "constant"}, "value": {"double": value}})
    for mode in ("edge", "reflect", "wrap"):
        places = padding(shape, before, after, mode)
        named = attributes | {"mode": {"string": mode}}
        case("pad", lambda x, p=places: x.flatten()[p], [random(*shape)],
             named | {"value": {"double": 0.0}})
        case("pad_gradient", fold(shape, places), [random(*places.shape)], named)
# PyTorch's own words for the modes, one of them with elements taken away.
for mode, name in (("reflect", "reflect"), ("replicate", "edge"), ("circular", "wrap")):
    case("pad", lambda x, m=mode: torch.nn.functional.pad(x, [2, 1, 3, 2], mode=m),
         [random(1, 2, 4, 3)],
         {"mode": {"string": name}, "before": dims([0, 0, 3, 2]), "after": dims([0, 0, 2, 1]),
          "value": {"double": 0.0}})
case("pad", lambda x: torch.nn.functional.pad(x, [-1, 2, 1, -2]), [random(4, 5)],
     {"mode": {"string": "constant"}, "before": dims([1, -1]), "after": dims([-2, 2]),
      "value": {"double": 0.0}})
case("pad", lambda x: torch.nn.functional.pad(x, [1, 1], value=1), [torch.tensor([True, False])],
     {"mode": {"string": "constant"}, "before": dims([1]), "after": dims([1]),
      "value": {"double": 1.0}}, gradient=False)

for upper, function in ((False, torch.tril), (True, torch.triu)):
    for offset, shape in ((0, (3, 3)), (1, (2, 3, 4)), (-1, (4, 3)), (9, (2, 2)), (-9, (2, 2))):
        case("triangle", lambda x, f=function, k=offset: f(x, k), [random(*shape)],
             {"is_upper": {"bool": upper}, "offset": {"int": offset}})
special = torch.tensor([[float("nan"), float("inf")], [float("-inf"), float("nan")]])
case("triangle", torch.tril, [special.double()],
     {"is_upper": {"bool": False}, "offset": {"int": 0}}, gradient=False)


def number_range(start, step, count, dtype):
    return {"start": {"double": start}, "step": {"double": step}, "count": dims([count]),
            "dtype": {"string": dtype}}


for start, step, count in ((0.0, 1.0, 5), (-2.5, 0.25, 9), (3.0, -0.125, 4), (1.0, 2.0, 0)):
    case("range", lambda a=start, s=step, n=count: a + s * torch.arange(n, dtype=torch.float64), [],
         number_range(start, step, count, "float32"), gradient=False)
for dtype in (torch.int32, torch.int64, torch.uint8):
    # PyTorch wraps what leaves the type.
    case("range", lambda t=dtype: torch.arange(250, 250 + 7 * 3, 3).to(t), [],
         number_range(250.0, 3.0, 7, str(dtype).split(".")[1]), gradient=False)
for start, end, step in ((0.0, 5.0, 2.0), (1.0, 0.0, -0.25), (1.0, 0.0, 1.0), (0.0, 1.0, 0.3)):
    case("range_to", lambda a=start, e=end, s=step: torch.from_numpy(np.arange(a, e, s)), [],
         {"start": {"double": start}, "end": {"double": end}, "step": {"double": step}},
         gradient=False)

case("reshape_inferred", lambda x: x.reshape(4, -1), [random(2, 3, 4)], {"shape": dims([4, -1])})
case("squeeze", lambda x: x.squeeze(), [random(1, 3, 1)], {"axes": ints([0, 2])})
case("unsqueeze", lambda x: x.unsqueeze(0).unsqueeze(-1), [random(2, 3)], {"axes": ints([0, -1])})
case("swap_axes", lambda x: x.swapaxes(0, -1), [random(2, 3, 4)], {"axes": ints([0, -1])})
case("move_axis", lambda x: x.movedim(0, -1), [random(2, 3, 4)], {"axes": ints([0, -1])})
case("move_axis", lambda x: x.movedim(2, 1), [random(2, 3, 4)], {"axes": ints([2, 1])})
for axis in (0, 1, -1):
    case("stack", lambda *x, d=axis: torch.stack(x, dim=d), [random(2, 3) for _ in range(3)],
         {"axis": {"int": axis}})
case("split", lambda x: torch.chunk(x, 3, dim=1)[1], [random(2, 6)],
     {"count": {"int": 3}, "axis": {"int": 1}, "part": {"int": 1}})
case("split_sizes", lambda x: torch.split(x, [1, 4, 2], dim=-1)[1], [random(2, 7)],
     {"sizes": dims([1, 4, 2]), "axis": {"int": -1}, "part": {"int": 1}})
case("slice_end", lambda x: x[:, -3:], [random(2, 5)], {"axis": {"int": 1}, "start": {"int": -3}})
case("flip", lambda x: x.flip([0, 2]), [random(2, 3, 4)], {"axes": ints([0, 2])})
for shifts, axes in (([1], [0]), ([-2], [1]), ([5, -7], [0, 1])):
    case("roll", lambda x, s=shifts, d=axes: x.roll(s, d), [random(3, 4)],
         {"shifts": ints(shifts), "axes": ints(axes)})
for counts in ([2], [2, 3], [2, 1, 3], [0, 2]):
    case("tile", lambda x, c=counts: x.tile(c), [random(2, 3)], {"counts": dims(counts)})
for axis in (0, 1):
    case("repeat", lambda x, d=axis: x.repeat_interleave(3, dim=d), [random(2, 3)],
         {"count": {"int": 3}, "axis": {"int": axis}})
for offset in (0, 1, -1, 3, -5):
    case("diagonal", lambda x, k=offset: x.diagonal(k, 0, 2), [random(3, 2, 4)],
         {"offset": {"int": offset}, "axes": ints([0, 2])})
for offset in (0, 2, -1):
    case("diagonal_matrix", lambda x, k=offset: x.diag_embed(k), [random(2, 3)],
         {"offset": {"int": offset}})
    case("eye", lambda k=offset: torch.from_numpy(np.eye(3, 4, k)), [],
         {"sizes": dims([3, 4]), "offset": {"int": offset}}, gradient=False)

write(__file__)
