#!/usr/bin/env python3
"""Writes reductions.json: what PyTorch, and NumPy where PyTorch has no stable order with NaN last,
compute for reductions, scans and sorting.

Run once with a Python that has both, in any folder; the tests read the file and need no Python.
"""
import math

import numpy
import torch

from cases import case, cases, random, tensor, write

DOUBLE = torch.float64


def axes_of(axes):
    return {"axes": {"ints": axes}}


def floats(*values):
    return torch.tensor(values, dtype=torch.float32).to(DOUBLE)


def over(function, axes):
    """A function of one axis applied to several, flattened."""
    def apply(x):
        kept = [d for d in range(x.dim()) if d not in axes]
        flat = x.permute(kept + axes).reshape([x.shape[d] for d in kept] + [-1])
        return function(flat)
    return apply


reductions = {
    "reduce_min": lambda x, d: x.amin(dim=d),
    "product": lambda x, d: over(lambda y: y.prod(dim=-1), d)(x),
    "l1_norm": lambda x, d: torch.linalg.vector_norm(x, 1, dim=d),
    "l2_norm": lambda x, d: torch.linalg.vector_norm(x, 2, dim=d),
    "sum_of_squares": lambda x, d: (x * x).sum(dim=d),
    "log_sum_exp": lambda x, d: torch.logsumexp(x, dim=d),
}
for op, function in reductions.items():
    for axes in ([0], [1], [0, 2], [0, 1, 2]):
        case(op, lambda x, d=axes: function(x, d), [random(2, 3, 4)], axes_of(axes))
for correction in (0, 1):
    for axes in ([0], [1], [0, 2], [0, 1, 2]):
        attributes = axes_of(axes) | {"correction": {"int": correction}}
        case("variance", lambda x, d=axes: x.var(dim=d, correction=correction),
             [random(2, 3, 4)], attributes)
        case("standard_deviation", lambda x, d=axes: x.std(dim=d, correction=correction),
             [random(2, 3, 4)], attributes)
    large = axes_of([0]) | {"correction": {"int": correction}}
    case("variance", lambda x: x.var(dim=0, correction=correction), [random(9) + 1e4], large)
    case("standard_deviation", lambda x: x.std(dim=0, correction=correction),
         [random(9) + 1e4], large)
    case("variance", lambda x: x.var(dim=0, correction=correction), [floats(3)], large,
         gradient=False)
case("standard_deviation", lambda x: x.std(dim=0, correction=0), [floats(3, 3, 3)],
     axes_of([0]) | {"correction": {"int": 0}})

# Zeros, none, one and two a group; equal extremes; kinks.
zeros = torch.tensor([[2, 3, 4], [2, 0, 4], [0, 3, 0]], dtype=DOUBLE)
case("product", lambda x: x.prod(dim=1), [zeros], axes_of([1]))
case("product", lambda x: over(lambda y: y.prod(dim=-1), [0, 2])(x),
     [torch.stack([zeros, zeros + 1])], axes_of([0, 2]))
case("reduce_min", lambda x: x.amin(dim=[1]), [random(4, 9).round()], axes_of([1]))
case("l1_norm", lambda x: torch.linalg.vector_norm(x, 1, dim=1), [zeros - 2], axes_of([1]))
case("l2_norm", lambda x: torch.linalg.vector_norm(x, 2, dim=1), [zeros * 0], axes_of([1]))
inf = math.inf
extreme = torch.tensor([[1e4, 1e4 + 1, 0], [-1e4, -1e4, -1e4], [-inf, 0, 1]], dtype=DOUBLE)
case("log_sum_exp", lambda x: x.logsumexp(dim=1), [extreme], axes_of([1]))
limits = torch.tensor([[inf, 0, 1], [-inf, -inf, -inf], [math.nan, 0, inf], [inf, -inf, 0]],
                      dtype=DOUBLE)
case("log_sum_exp", lambda x: x.logsumexp(dim=1), [limits], axes_of([1]), gradient=False)
for op in ("reduce_min", "l1_norm", "l2_norm", "sum_of_squares"):
    case(op, lambda x, f=reductions[op]: f(x, [1]), [limits], axes_of([1]), gradient=False)
case("reduce_max", lambda x: x.amax(dim=[1]), [limits], axes_of([1]), gradient=False)

# Of no elements.
for op in ("product", "l1_norm", "l2_norm", "sum_of_squares", "log_sum_exp"):
    case(op, lambda x, f=reductions[op]: f(x, [0]), [random(0, 3)], axes_of([0]), gradient=False)
case("variance", lambda x: x.var(dim=0, correction=0), [random(0, 3)],
     axes_of([0]) | {"correction": {"int": 0}}, gradient=False)

for dtype in (torch.int8, torch.uint8, torch.int32, torch.int64):
    info = torch.iinfo(dtype)
    low, high = max(info.min, -2**40), min(info.max, 2**40)
    x = torch.tensor([[low, high, 7], [100, 3, high - 1], [3, 3, 3]], dtype=torch.int64).to(dtype)
    case("sum", lambda x: x.sum(dim=1), [x], axes_of([1]), gradient=False)
    case("product", lambda x: x.prod(dim=0), [(x % 7).to(dtype)], axes_of([0]), gradient=False)
    case("reduce_max", lambda x: x.amax(dim=[0, 1]), [x], axes_of([0, 1]), gradient=False)
    case("reduce_min", lambda x: x.amin(dim=[0, 1]), [x], axes_of([0, 1]), gradient=False)
    for op, find in (("argmax", torch.argmax), ("argmin", torch.argmin)):
        case(op, lambda x, f=find: f(x, dim=1).to(torch.int32), [x], {"axis": {"int": 1}},
             gradient=False)
    for op, function in (("cumsum", torch.cumsum), ("cumprod", torch.cumprod)):
        case(op, lambda x, f=function: f(x, dim=1), [(x % 7).to(dtype)],
             {"axis": {"int": 1}, "exclusive": {"bool": False}, "reverse": {"bool": False}},
             gradient=False)
truth = torch.rand(3, 4) < 0.5
for shape_axes in ([0], [1], [0, 1]):
    case("any", lambda x, d=shape_axes: torch.any(x, dim=d), [truth], axes_of(shape_axes),
         gradient=False)
    case("all", lambda x, d=shape_axes: torch.all(x, dim=d), [truth], axes_of(shape_axes),
         gradient=False)
    case("sum", lambda x, d=shape_axes: x.sum(dim=d), [truth], axes_of(shape_axes), gradient=False)
for op, function in (("any", torch.any), ("all", torch.all)):
    case(op, lambda x: function(x, dim=0), [torch.zeros(0, 2, dtype=torch.bool)], axes_of([0]),
         gradient=False)
for axis in (0, 1):
    case("argmin", lambda x, d=axis: x.argmin(dim=d).to(torch.int32),
         [torch.cat([random(4, 9).round(), limits.repeat(1, 2)], dim=1)], {"axis": {"int": axis}},
         gradient=False)


def directed(function, axis, exclusive, reverse, first):
    """A scan with the flags of ONNX, from one without."""
    def apply(x):
        x = x.flip(axis) if reverse else x
        y = function(x, dim=axis)
        if exclusive:
            y = torch.cat([torch.full_like(y.narrow(axis, 0, 1), first),
                           y.narrow(axis, 0, y.shape[axis] - 1)], dim=axis)
        return y.flip(axis) if reverse else y
    return apply


for op, function, first in (("cumsum", torch.cumsum, 0), ("cumprod", torch.cumprod, 1)):
    for axis in (0, 1, 2):
        for exclusive in (False, True):
            for reverse in (False, True):
                attributes = {"axis": {"int": axis}, "exclusive": {"bool": exclusive},
                              "reverse": {"bool": reverse}}
                apply = directed(function, axis, exclusive, reverse, first)
                case(op, apply, [random(2, 4, 3)], attributes)
                if axis == 1:
                    case(op, apply, [zeros.reshape(1, 9, 1)], attributes)


def recurrence(axis, form, reverse):
    def apply(x, a):
        n = x.shape[axis]
        order = range(n - 1, -1, -1) if reverse else range(n)
        state = torch.zeros_like(x.select(axis, 0))
        states = [None] * n
        for t in order:
            before = state
            if form == "shifted":
                states[t] = before + x.select(axis, t)
                state = a.select(axis, t) * states[t]
            else:
                state = a.select(axis, t) * before + x.select(axis, t)
                states[t] = before if form == "exclusive" else state
        return torch.stack(states, dim=axis)
    return apply


for form in ("inclusive", "exclusive", "shifted"):
    for reverse in (False, True):
        for axis in (0, 1):
            case("linear_recurrence", recurrence(axis, form, reverse),
                 [random(5, 3), random(5, 3, low=-1, high=1)],
                 {"axis": {"int": axis}, "form": {"string": form}, "reverse": {"bool": reverse}})


def ordered(op, attributes, x, axis, descending, k=None, gradient=True):
    """Stable, NaN last: NumPy's order, with PyTorch's gradient of a gather."""
    values = x.numpy()
    keys = -values.astype(numpy.float64) if descending else values
    order = torch.from_numpy(numpy.argsort(keys, axis=axis, kind="stable"))
    if k is not None:
        order = order.narrow(axis, 0, k)
    leaf = x.clone().requires_grad_(gradient)
    y = leaf.gather(axis, order)
    entry = {"op": op, "attributes": attributes, "inputs": [tensor(x)],
             "outputs": [tensor(y), tensor(order.to(torch.int32))]}
    if gradient:
        upstream = random(*y.shape)
        (y * upstream).sum().backward()
        entry["upstream"] = tensor(upstream)
        entry["gradients"] = [tensor(leaf.grad)]
    cases.append(entry)


nan = torch.tensor([[1, math.nan, 0, -inf, math.nan, inf, -0.0, 1]], dtype=DOUBLE).repeat(2, 1)
for descending in (False, True):
    for axis in (0, 1):
        attributes = {"axis": {"int": axis}, "descending": {"bool": descending}}
        ordered("sort", attributes, random(5, 7), axis, descending)
        ordered("sort", attributes, random(5, 7).round(), axis, descending, gradient=False)
        ordered("sort", attributes, nan, axis, descending, gradient=False)
        ordered("sort", attributes, torch.tensor([[3, -1, 3], [0, 3, 2]], dtype=torch.int8), axis,
                descending, gradient=False)
        for k in (0, 1, 4):
            top = {"axis": {"int": axis}, "k": {"int": k}, "largest": {"bool": descending}}
            ordered("top_k", top, random(5, 7), axis, descending, k)
            ordered("top_k", top, nan.repeat(2, 1), axis, descending, k, gradient=False)
for axis, size in ((0, 6), (1, 5)):
    shape = [3, 4]
    places = torch.stack([torch.randperm(size)[:shape[axis]] for _ in range(shape[1 - axis])])
    places = places.T.contiguous() if axis == 0 else places
    case("sort_gradient",
         lambda g, p, d=axis, n=size: torch.zeros(
             [n if i == d else s for i, s in enumerate(shape)], dtype=DOUBLE
         ).scatter(d, p.to(torch.int64), g),
         [random(*shape), places.to(torch.int32)],
         {"axis": {"int": axis}, "size": {"dims": [size]}}, gradient=False)

write(__file__)
