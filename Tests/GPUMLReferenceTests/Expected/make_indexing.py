#!/usr/bin/env python3
"""Writes indexing.json: what PyTorch and NumPy compute for gathers, scatters, sizes that data decide
and random numbers, for which Philox4x32-10 is written down here once more.

Run with a Python that has PyTorch, in any folder; the tests read the file and need no Python.
"""
import math

import numpy as np
import torch

from cases import case, cases, random, write

torch.manual_seed(20240608)


def ints(*shape, low, high, dtype=torch.int32):
    return torch.randint(low, high, shape, dtype=dtype)


def wrapped(index, size):
    index = index.to(torch.int64)
    return torch.where(index < 0, index + size, index)


def along(axis, **more):
    return {"axis": {"int": axis}, **more}


def fills(zero):
    return {"fills_zero": {"bool": zero}}


def sized(size):
    return {"size": {"dims": [size]}}


def gather(x, index, axis):
    flat = wrapped(index, x.shape[axis]).flatten()
    shape = x.shape[:axis] + index.shape + x.shape[axis + 1:]
    return x.index_select(axis, flat).reshape(shape)


def filled(x, index, axis, value):
    """Gathers with an element more, for indices that name none."""
    size = x.shape[axis]
    extra = torch.full(x.shape[:axis] + (1,) + x.shape[axis + 1:], value, dtype=x.dtype)
    place = wrapped(index, size)
    place = torch.where((place < 0) | (place >= size), size, place)
    return gather(torch.cat([x, extra], axis), place, axis)


for shape, axis, indices in (((4, 3), 0, (5,)), ((2, 4, 3), 1, (2, 2)), ((5,), 0, ()),
                             ((2, 3), 1, (0,))):
    for dtype in (torch.int32, torch.int64):
        size = shape[axis]
        case("gather", lambda x, i, a=axis: gather(x, i, a),
             [random(*shape), ints(*indices, low=-size, high=size, dtype=dtype)],
             along(axis, **fills(False)))
outside = torch.tensor([0, 3, -4, 2, -5, 4, 2**40, -2**40], dtype=torch.int64)
case("gather", lambda x, i: filled(x, i, 0, math.nan), [random(4, 2), outside],
     along(0, **fills(False)), gradient=False)
case("gather", lambda x, i: filled(x, i, 0, 0.0), [random(4, 2), outside], along(0, **fills(True)))
case("gather", lambda x, i: gather(x, i, 1), [ints(2, 3, low=-9, high=9), ints(4, low=0, high=3)],
     along(1, **fills(False)), gradient=False)

for shape, axis, picks in (((4, 3), 0, 6), ((2, 4, 3), 1, 2), ((5,), 0, 3), ((3, 4), 1, 0)):
    indices = list(shape)
    indices[axis] = picks
    size = shape[axis]
    index = ints(*indices, low=-size, high=size)
    case("take_along_axis",
         lambda x, i, a=axis: torch.gather(x, a, wrapped(i, x.shape[a])), [random(*shape), index],
         along(axis, **fills(False)))
    case("take_along_axis",
         lambda x, i, a=axis: torch.from_numpy(np.take_along_axis(x.numpy(), i.numpy(), a)),
         [random(*shape), index.to(torch.int64)], along(axis, **fills(False)), gradient=False)


def scatter_sum(u, index, axis, size, start=None):
    n = index.dim()
    shape = u.shape[:axis] + (index.numel(),) + u.shape[axis + n:]
    if start is None:
        start = torch.zeros(shape[:axis] + (size + 1,) + shape[axis + 1:], dtype=u.dtype)
    place = wrapped(index, size).flatten()
    place = torch.where((place < 0) | (place >= size), size, place)
    return start.index_add(axis, place, u.reshape(shape)).narrow(axis, 0, size)


for shape, axis, n, size in (((5, 3), 0, 1, 4), ((2, 2, 3, 2), 1, 2, 3), ((3,), 0, 0, 2),
                             ((0, 2), 0, 1, 3)):
    index = ints(*shape[axis:axis + n], low=-size - 1, high=size + 1)
    case("scatter_sum", lambda u, i, a=axis, s=size: scatter_sum(u, i, a, s),
         [random(*shape), index], along(axis, **sized(size)))


def scatter_sum_along(u, index, axis, size):
    shape = list(u.shape)
    shape[axis] = size + 1
    place = wrapped(index, size)
    place = torch.where((place < 0) | (place >= size), size, place)
    return torch.zeros(shape, dtype=u.dtype).scatter_add(axis, place, u).narrow(axis, 0, size)


for shape, axis, size in (((5, 3), 0, 4), ((2, 4, 3), 1, 2), ((6,), 0, 3)):
    case("scatter_sum_along_axis", lambda u, i, a=axis, s=size: scatter_sum_along(u, i, a, s),
         [random(*shape), ints(*shape, low=-size - 1, high=size + 1)], along(axis, **sized(size)))


def last_places(index, axis, size):
    shape = list(index.shape)
    shape[axis] = size
    places = np.full(shape, -2**31, dtype=np.int32)
    for at in np.ndindex(*index.shape):
        place = int(index[at])
        place = place + size if place < 0 else place
        if 0 <= place < size:
            to = list(at)
            to[axis] = place
            places[tuple(to)] = at[axis]
    return torch.from_numpy(places)


for shape, axis, size in (((5, 3), 0, 4), ((2, 4, 3), 1, 2), ((6,), 0, 3)):
    case("last_places", lambda i, a=axis, s=size: last_places(i, a, s),
         [ints(*shape, low=-size - 1, high=size + 1)], along(axis, **sized(size)), gradient=False)

# Compositions. Where several write to one place NumPy's assignment keeps the last.
points = torch.tensor([[0, 1], [1, -1], [-2, 0], [1, 3]], dtype=torch.int32)


def at_points(x, p):
    return x[wrapped(p[..., 0], x.shape[0]), wrapped(p[..., 1], x.shape[1])]


case("gather_nd", at_points, [random(2, 4), points])
case("gather_nd", at_points, [random(2, 4, 3), points])


def unique_scatter(x, u, i, axis):
    return x.index_copy(axis, wrapped(i, x.shape[axis]), u)


case("scatter", lambda x, u, i: unique_scatter(x, u, i, 0),
     [random(5, 2), random(3, 2), torch.tensor([4, 0, -3], dtype=torch.int32)], along(0))
case("scatter", lambda x, u, i: unique_scatter(x, u, i, 1),
     [random(2, 4, 3), random(2, 2, 3), torch.tensor([3, 0], dtype=torch.int64)], along(1))


def assigned(x, u, i):
    result = x.numpy().copy()
    for place, value in zip(i.numpy(), u.numpy()):
        result[place] = value
    return torch.from_numpy(result)


def last_wins(x, u, i):
    """The same with gradients: what is overwritten keeps none."""
    kept = torch.zeros(len(i), dtype=torch.bool)
    for place in range(len(i)):
        kept[place] = not (i[place + 1:] == i[place]).any()
    return x.index_copy(0, i.to(torch.int64)[kept], u[kept])


twice = torch.tensor([2, 0, 2, 1, 0, 2], dtype=torch.int32)
case("scatter", assigned, [random(4, 2), random(6, 2), twice], along(0), gradient=False)
case("scatter", last_wins, [random(4, 2), random(6, 2), twice], along(0))
case("scatter_add", lambda x, u, i: x.index_add(0, i.to(torch.int64), u),
     [random(4, 2), random(6, 2), twice], along(0))
case("scatter_add", lambda x, u, i: x.index_add(1, i, u),
     [random(2, 4), random(2, 3), torch.tensor([1, 1, 3])], along(1))
case("scatter_nd", lambda x, u, p: x.index_put((wrapped(p[:, 0], 2), wrapped(p[:, 1], 4)), u),
     [random(2, 4, 3), random(3, 3), points[:3]])
case("scatter_nd_add",
     lambda x, u, p: x.index_put(
         (wrapped(p[:, 0], 2), wrapped(p[:, 1], 4)), u, accumulate=True),
     [random(2, 4), random(5), torch.cat([points, points[:1]])])


def put(x, u, i, axis):
    result = x.numpy().copy()
    np.put_along_axis(result, i.numpy(), u.numpy(), axis)
    return torch.from_numpy(result)


order = torch.stack([torch.randperm(4)[:3] for _ in range(5)])
case("put_along_axis", lambda x, u, i: put(x, u, i, 1), [random(5, 4), random(5, 3), order],
     along(1), gradient=False)
case("put_along_axis", lambda x, u, i: x.scatter(1, i, u), [random(5, 4), random(5, 3), order],
     along(1))
repeated = torch.tensor([[1, 0, 1, -1]], dtype=torch.int64)
case("put_along_axis", lambda x, u, i: put(x, u, i, 1), [random(1, 3), random(1, 4), repeated],
     along(1), gradient=False)
case("add_along_axis", lambda x, u, i: x.scatter_add(0, i, u),
     [random(3, 2), random(4, 2), ints(4, 2, low=0, high=3, dtype=torch.int64)], along(0))
case("one_hot", lambda i: torch.nn.functional.one_hot(i.to(torch.int64), 4).to(torch.float64),
     [ints(2, 3, low=0, high=4)], {"depth": {"int": 4}, "axis": {"int": 2}}, gradient=False)
case("one_hot",
     lambda i: torch.nn.functional.one_hot(i, 5).movedim(-1, 0).to(torch.float64),
     [ints(2, 3, low=0, high=5, dtype=torch.int64)], {"depth": {"int": 5}, "axis": {"int": 0}},
     gradient=False)

mask = torch.tensor([[True, False, True], [False, False, True]])
special = torch.tensor([0.0, -0.0, math.nan, math.inf, 1e-30, -2.0], dtype=torch.float64)
for x in (mask, special.to(torch.float32).to(torch.float64), torch.zeros(2, 2, dtype=torch.int32),
          torch.ones((), dtype=torch.int32), torch.ones(2, 0, 3, dtype=torch.int8),
          ints(3, 2, 4, low=0, high=2)):
    for dtype, kind in (("int64", torch.int64), ("int32", torch.int32)):
        case("non_zero", lambda v, k=kind: v.nonzero().to(k), [x],
             {"symbol": {"string": "count"}, "dtype": {"string": dtype}}, gradient=False)
    case("count_non_zero", lambda v: v.count_nonzero().to(torch.int32), [x], gradient=False)
case("masked_select", torch.masked_select, [random(2, 3), mask], gradient=False)
case("masked_select", lambda x, m: x[m], [random(2, 3, 2), mask], gradient=False)
case("masked_square_sum", lambda x, m: (x[m] ** 2).sum(), [random(2, 3), mask])


def philox(counter, key):
    """Salmon et al. 2011, table 2 and figure 4."""
    counter, key = list(counter), list(key)
    for _ in range(10):
        a = 0xD2511F53 * counter[0]
        b = 0xCD9E8D57 * counter[2]
        counter = [b >> 32 ^ counter[1] ^ key[0], b & 0xffffffff,
                   a >> 32 ^ counter[3] ^ key[1], a & 0xffffffff]
        key = [(key[0] + 0x9E3779B9) & 0xffffffff, (key[1] + 0xBB67AE85) & 0xffffffff]
    return counter


def words(count, stream):
    # 64 elements are the first words of 16 blocks, then the second, third and fourth.
    return np.array([philox((i // 64 * 16 + i % 16, stream, 0, 0), (0, 0))[i % 64 // 16]
                     for i in range(count)],
                    dtype=np.uint64)


def drawn(shape, stream, **more):
    return {"shape": {"dims": list(shape)}, "stream": {"int": stream}, **more}


def opened(count, stream):
    return torch.from_numpy(((words(count, stream) >> np.uint64(9)) + 0.5) * 2.0**-23)


case("random_bits", lambda: torch.from_numpy(words(10, 7).astype(np.int64)).reshape(2, 5), [],
     drawn((2, 5), 7), gradient=False, dtypes="uint32")
for low, high in ((0, 1), (-3, 4), (-2**31, 2**31 - 1)):
    case("random_integer",
         lambda l=low, h=high: torch.tensor(
             [l + (int(w) * (h - l) >> 32) for w in words(9, 3)], dtype=torch.int32), [],
         drawn((9,), 3, low={"int": low}, high={"int": high}), gradient=False)
case("random_exponential", lambda: -opened(9, 1000).log(), [], drawn((9,), 1000), gradient=False)
for mean, deviation, low, high in ((0.0, 1.0, -2.0, 2.0), (1.0, 0.5, 0.75, 9.0),
                                   (0.0, 1.0, -7.0, -5.0)):
    def truncated(m=mean, d=deviation, l=low, h=high):
        # torch.special.ndtr is off by 1e-11 that far out.
        below, under = (0.5 * math.erfc(-(v - m) / d / math.sqrt(2)) for v in (l, h))
        inside = under - below
        return torch.special.ndtri(below + opened(9, 5) * inside) * d + m
    case("random_truncated_normal", truncated, [],
         drawn((9,), 5, mean={"double": mean}, deviation={"double": deviation},
               low={"double": low}, high={"double": high}), gradient=False)
case("key_order",
     lambda k: torch.from_numpy(np.argsort(k.numpy(), kind="stable").astype(np.int32)),
     [ints(20, low=0, high=6, dtype=torch.int64)], gradient=False)
case("permutation",
     lambda: torch.from_numpy(np.argsort(words(20, 9), kind="stable").astype(np.int32)), [],
     {"count": {"int": 20}, "stream": {"int": 9}}, gradient=False)

case("bernoulli",
     lambda p: torch.from_numpy((words(12, 4) >> np.uint64(8)) * 2.0**-24).reshape(3, 4) < p,
     [random(3, 4, low=0.0, high=1.0)], {"stream": {"int": 4}}, gradient=False)
case("categorical",
     lambda x: (x - (-opened(30, 6).log()).log().reshape(2, 5, 3)).argmax(-1).to(torch.int32),
     [random(2, 5, 3)], {"stream": {"int": 6}}, gradient=False)

# PyTorch has no tensors of 32 bits without sign to sort.
for c in (c for c in cases if c["op"] == "key_order"):
    c["inputs"][0]["dtype"] = "uint32"
write(__file__)
