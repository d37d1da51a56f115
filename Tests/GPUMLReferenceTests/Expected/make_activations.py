#!/usr/bin/env python3
"""Writes activations.json: what PyTorch computes, in float64, for activations and their gradients.

Run once with a Python that has PyTorch, in any folder; the tests read the file and need no Python.
"""
import math

import torch
import torch.nn.functional as F

from cases import case, random, write

# PyTorch gives NaN for some of these at an infinity, where gpuml gives the limit: left out there.
finite = torch.tensor([0.0, -0.0, math.nan, 1e4, -1e4, 1e-30, 88, -104], dtype=torch.float64)
finite = finite.to(torch.float32).to(torch.float64)
special = torch.cat([finite, torch.tensor([math.inf, -math.inf], dtype=torch.float64)])

plain = {
    "relu6": (F.relu6, special), "silu": (F.silu, finite), "mish": (F.mish, finite),
    "softsign": (F.softsign, finite), "hard_swish": (F.hardswish, finite),
    "selu": (F.selu, special), "log_sigmoid": (F.logsigmoid, finite),
    "gelu": (F.gelu, finite),
}
for op, (function, values) in plain.items():
    attributes = {"approximate": {"bool": False}} if op == "gelu" else None
    case(op, function, [random(4, 9, low=-8, high=8)], attributes)
    case(op, function, [values], attributes, gradient=False)
# The gradient far from 0 must be 0 or 1, not NaN.
far = torch.tensor([1e4, -1e4, 300, -300, 30, -30], dtype=torch.float64)
for op, (function, _) in plain.items():
    case(op, function, [far], {"approximate": {"bool": False}} if op == "gelu" else None)
case("gelu", lambda x: F.gelu(x, approximate="tanh"), [far], {"approximate": {"bool": True}})

for slope in (0.01, 0.25, -0.5):
    case("leaky_relu", lambda x, s=slope: F.leaky_relu(x, s), [random(3, 7)],
         {"slope": {"double": slope}})
case("leaky_relu", lambda x: F.leaky_relu(x, 0.125), [special], {"slope": {"double": 0.125}},
     gradient=False)
for alpha in (1.0, 0.5, 2.0):
    case("elu", lambda x, a=alpha: F.elu(x, a), [random(3, 7, low=-8)], {"alpha": {"double": alpha}})
    case("elu", lambda x, a=alpha: F.elu(x, a), [special], {"alpha": {"double": alpha}},
         gradient=False)
    case("celu", lambda x, a=alpha: F.celu(x, a), [random(3, 7, low=-8)],
         {"alpha": {"double": alpha}})
    case("celu", lambda x, a=alpha: F.celu(x, a), [special], {"alpha": {"double": alpha}},
         gradient=False)
# Without a threshold PyTorch is exact as well, until exp overflows.
for beta in (1.0, 0.5, 3.0):
    function = lambda x, b=beta: F.softplus(x, beta=b, threshold=500)
    case("softplus", function, [random(3, 7, low=-20, high=20)], {"beta": {"double": beta}})
    case("softplus", function, [special], {"beta": {"double": beta}}, gradient=False)
case("hard_sigmoid", F.hardsigmoid, [random(3, 7, low=-5, high=5)],
     {"slope": {"double": 1 / 6}, "offset": {"double": 0.5}})
case("hard_sigmoid", F.hardsigmoid, [special],
     {"slope": {"double": 1 / 6}, "offset": {"double": 0.5}}, gradient=False)
case("hard_sigmoid", lambda x: (x * 0.2 + 0.25).clamp(0, 1), [random(3, 7, low=-5, high=5)],
     {"slope": {"double": 0.2}, "offset": {"double": 0.25}})

for shape, slope in (((2, 3, 4), (3,)), ((2, 3), (1,)), ((3, 2, 2, 3), (2,))):
    case("prelu_of_channels", F.prelu, [random(*shape), random(*slope)])
for shape, slope in (((2, 3, 4), (4,)), ((5,), ()), ((2, 3, 4), (3, 1))):
    case("prelu", lambda x, s: torch.where(x > 0, x, x * s), [random(*shape), random(*slope)])

write(__file__)
