#!/usr/bin/env python3
"""Writes expected.json: what PyTorch computes, in float64, for the primitives and their gradients.

Run once with a Python that has PyTorch, in any folder; the tests read the file and need no Python.
"""
import math

import torch
import torch.nn.functional as F

from cases import case, cases, random, tensor, write

special = torch.tensor([0.0, -0.0, math.inf, -math.inf, math.nan, 1e4, -1e4, 1e-30],
                       dtype=torch.float64)
unary = {
    "exp": torch.exp, "log": torch.log, "sqrt": torch.sqrt, "erf": torch.erf,
    "relu": torch.relu, "tanh": torch.tanh, "sigmoid": torch.sigmoid,
}
for op, function in unary.items():
    positive = op in ("log", "sqrt")
    case(op, function, [random(3, 5, low=0.1 if positive else -3.0)])
    case(op, function, [special.to(torch.float32).to(torch.float64)], gradient=False)
for approximate in (False, True):
    mode = "tanh" if approximate else "none"
    case("gelu", lambda x, m=mode: F.gelu(x, approximate=m), [random(17)],
         {"approximate": {"bool": approximate}})

binary = {"add": torch.add, "subtract": torch.sub, "multiply": torch.mul, "divide": torch.div,
          "maximum": torch.maximum}
shapes = [((2, 1, 3), (4, 1)), ((2, 3), ()), ((1,), (4,)), ((0, 3), (1, 3))]
for op, function in binary.items():
    for left, right in shapes:
        case(op, function, [random(*left), random(*right, low=0.5)])
    a = special.repeat_interleave(len(special)).to(torch.float32).to(torch.float64)
    b = special.repeat(len(special)).to(torch.float32).to(torch.float64)
    case(op, function, [a, b], gradient=False)
for op, function in {"less": torch.lt, "less_equal": torch.le, "equal": torch.eq}.items():
    case(op, function, [a, b], gradient=False)
    case(op, function, [random(3, 1).round(), random(4).round()], gradient=False)

for dtype in (torch.int8, torch.uint8, torch.int32, torch.int64):
    info = torch.iinfo(dtype)
    low, high = max(info.min, -2**52), min(info.max, 2**52)
    x = torch.tensor([low, high, 7, 100, 3, high - 1], dtype=torch.int64).to(dtype)
    y = torch.tensor([2, 3, 3, 100, 7, 5], dtype=torch.int64).to(dtype)
    if dtype is not torch.int64:
        for op in ("add", "subtract", "multiply"):
            case(op, binary[op], [x, y], gradient=False)
    case("divide", lambda p, q: torch.div(p, q, rounding_mode="trunc"), [x, y], gradient=False)
    case("maximum", torch.maximum, [x, y], gradient=False)

condition = torch.rand(3, 1) < 0.5
case("select", torch.where, [condition, random(3, 4), random(4)])
for axes in ([0], [1], [0, 2], [0, 1, 2]):
    attributes = {"axes": {"ints": axes}}
    case("sum", lambda x, d=axes: x.sum(dim=d), [random(2, 3, 4)], attributes)
    case("mean", lambda x, d=axes: x.mean(dim=d), [random(2, 3, 4)], attributes)
    case("reduce_max", lambda x, d=axes: x.amax(dim=d), [random(2, 3, 4)], attributes)
case("sum", lambda x: x.sum(dim=[0]), [random(0, 3)], {"axes": {"ints": [0]}})
case("mean", lambda x: x.mean(dim=[0]), [random(0, 3)], {"axes": {"ints": [0]}}, gradient=False)
# PyTorch shares the gradient of amax evenly among equal elements, as gpuml does.
case("reduce_max", lambda x: x.amax(dim=[1]), [random(4, 9).round()], {"axes": {"ints": [1]}})
for axis in (0, 1):
    case("argmax", lambda x, d=axis: x.argmax(dim=d).to(torch.int32),
         [torch.cat([random(4, 9), special[:5].repeat(4, 1)], dim=1)], {"axis": {"int": axis}},
         gradient=False)

case("transpose", lambda x: x.permute(2, 0, 1), [random(2, 3, 4)],
     {"permutation": {"ints": [2, 0, 1]}})
case("reshape", lambda x: x.reshape(4, 6), [random(2, 3, 4)], {"shape": {"dims": [4, 6]}})
case("expand", lambda x: x.expand(2, 3, 4), [random(3, 1)], {"shape": {"dims": [2, 3, 4]}})
for left in (False, True):
    for right in (False, True):
        for m, k, n in ((3, 5, 7), (1, 1, 1), (2, 0, 3)):
            a = random(*((k, m) if left else (m, k)))
            b = random(*((n, k) if right else (k, n)))
            case("matmul",
                 lambda x, y, p=left, q=right: (x.T if p else x) @ (y.T if q else y), [a, b],
                 {"transposes_left": {"bool": left}, "transposes_right": {"bool": right}})

for shape in ((3, 7), (1,), (2, 1), (2, 3, 4)):
    case("softmax", lambda x: F.softmax(x, dim=-1), [random(*shape)])
case("softmax", lambda x: F.softmax(x, dim=-1),
     [torch.tensor([[1e4, -1e4, 0], [math.nan, 0, 1], [-math.inf, 0, 1]], dtype=torch.float64)],
     gradient=False)
for rows, classes in ((4, 7), (1, 1), (3, 2)):
    labels = torch.randint(0, classes, (rows,), dtype=torch.int32)
    case("softmax_cross_entropy",
         lambda x, y: F.cross_entropy(x, y.to(torch.int64), reduction="none"),
         [random(rows, classes) * 4, labels])

floats = torch.tensor([1.5, -1.5, 2.5, -0.0, 127.9, -128.9, 0.99, 100.0], dtype=torch.float64)
for dtype in (torch.int8, torch.int32, torch.int64, torch.bool):
    name = str(dtype).split(".")[1]
    case("cast", lambda x, t=dtype: x.to(t), [floats.to(torch.float32).to(torch.float64)],
         {"dtype": {"string": name}}, gradient=False)


def optimizer(op, attributes, slots, make):
    parameter = random(5).requires_grad_(True)
    algorithm = make([parameter])
    state = [torch.zeros(5, dtype=torch.float64) for _ in slots]
    for step in range(3):
        gradient = random(5)
        before = [parameter.detach().clone(), gradient] + [s.clone() for s in state]
        parameter.grad = gradient.clone()
        algorithm.step()
        kept = algorithm.state[parameter]
        state = [kept[s].clone() for s in slots]
        cases.append({"op": op, "attributes": attributes, "step": step, "rate": 0.015625,
                      "inputs": [tensor(x) for x in before],
                      "outputs": [tensor(parameter)] + [tensor(s) for s in state]})


# Without momentum no buffer is kept.
for momentum, nesterov, decay in ((0.0, False, 0.0), (0.5, False, 0.25), (0.75, True, 0.125)):
    optimizer("sgd_update",
              {"momentum": {"double": momentum}, "nesterov": {"bool": nesterov},
               "weight_decay": {"double": decay}}, ["momentum_buffer"] if momentum else [],
              lambda p, m=momentum, n=nesterov, d=decay: torch.optim.SGD(
                  p, lr=0.015625, momentum=m, nesterov=n, weight_decay=d))
for decoupled, decay in ((False, 0.0), (False, 0.25), (True, 0.25)):
    kind = torch.optim.AdamW if decoupled else torch.optim.Adam
    optimizer("adam_update",
              {"beta1": {"double": 0.9}, "beta2": {"double": 0.999}, "epsilon": {"double": 1e-8},
               "weight_decay": {"double": decay}, "decoupled": {"bool": decoupled}},
              ["exp_avg", "exp_avg_sq"],
              lambda p, k=kind, d=decay: k(p, lr=0.015625, weight_decay=d))

write(__file__)
