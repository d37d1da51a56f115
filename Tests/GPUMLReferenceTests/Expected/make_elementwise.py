#!/usr/bin/env python3
"""Writes elementwise.json: functions, arithmetic, comparisons, logic and type promotion.

PyTorch computes in float64. Where it differs from gpuml on purpose, NumPy or the definition is
the authority: the sign of NaN is NaN, as in NumPy, and the gradient by an exponent is 0 where the
base is not positive, as in TensorFlow.
"""
import math

import numpy
import torch

from cases import case, cases, random, tensor, write

special = torch.tensor([0.0, -0.0, math.inf, -math.inf, math.nan, 1e4, -1e4, 1e-30, 88, -104, 0.5,
                        -0.5, 1.5, 2.5], dtype=torch.float32).to(torch.float64)
domains = {"log1p": (-0.9, 4), "rsqrt": (0.2, 4), "reciprocal": (0.3, 4), "asin": (-0.95, 0.95),
           "acos": (-0.95, 0.95), "tan": (-1.3, 1.3)}
functions = {
    "expm1": torch.expm1, "log1p": torch.log1p, "reciprocal": torch.reciprocal,
    "rsqrt": torch.rsqrt, "sin": torch.sin, "cos": torch.cos, "tan": torch.tan,
    "asin": torch.asin, "acos": torch.acos, "atan": torch.atan, "sinh": torch.sinh,
    "cosh": torch.cosh, "floor": torch.floor, "ceil": torch.ceil, "round": torch.round,
    "negate": torch.neg, "abs": torch.abs, "sign": torch.sign,
}
for op, function in functions.items():
    low, high = domains.get(op, (-3, 3))
    case(op, function, [random(3, 5, low=low, high=high)])
    values = special
    if op == "sign":
        function = lambda x: torch.from_numpy(numpy.sign(x.numpy()))
    if op in ("sinh", "cosh"):
        # Beyond the range of float64's exponent nothing is to be learned.
        values = special.clamp(-700, 700)
    case(op, function, [values], gradient=False)
case("abs", torch.abs, [torch.tensor([0.0, -1.0, 2.0], dtype=torch.float64)])
case("sign", torch.sign, [torch.tensor([0.0, -1.0, 2.0], dtype=torch.float64)])
for op, function in {"is_nan": torch.isnan, "is_inf": torch.isinf,
                     "is_finite": torch.isfinite}.items():
    case(op, function, [special], gradient=False)
for low, high in ((-1.0, 1.5), (-math.inf, 0.5), (0.25, math.inf)):
    attributes = {"low": {"double": low if math.isfinite(low) else "-inf"},
                  "high": {"double": high if math.isfinite(high) else "inf"}}
    clamp = lambda x, a=low, b=high: torch.clamp(x, a, b)
    case("clamp", clamp, [torch.cat([random(9), torch.tensor([low, high]).to(torch.float64)])
                          if math.isfinite(low + high) else random(9)], attributes)
    case("clamp", clamp, [special], attributes, gradient=False)

floor_divide = lambda a, b: torch.div(a, b, rounding_mode="floor")
binary = {"minimum": torch.minimum, "remainder": torch.remainder, "atan2": torch.atan2}
a = special.repeat_interleave(len(special))
b = special.repeat(len(special))
for op, function in binary.items():
    for left, right in (((2, 1, 3), (4, 1)), ((2, 3), ()), ((0, 3), (1, 3))):
        case(op, function, [random(*left), random(*right, low=0.5)])
        case(op, function, [random(*left), random(*right, low=-3.0, high=-0.5)])
    case(op, function, [a, b] if op != "remainder" else [a[b.abs() > 1e-20], b[b.abs() > 1e-20]],
         gradient=False)
case("floor_divide", floor_divide, [random(3, 7), random(7, low=0.25)], gradient=False)
case("floor_divide", floor_divide, [random(3, 7), random(7, low=-3, high=-0.25)], gradient=False)
case("floor_divide", floor_divide, [a, b], gradient=False)
case("not_equal", torch.ne, [a, b], gradient=False)
case("greater", torch.gt, [a, b], gradient=False)
case("greater_equal", torch.ge, [a, b], gradient=False)

case("power", torch.pow, [random(3, 4, low=0.125), random(4)])
case("power", torch.pow, [a, b], gradient=False)
for exponent in (-2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0):
    base = random(3, 3)
    base[base == 0] = 1
    if exponent >= 0:
        base[0, 0] = 0
    case("power_of_number", lambda x, e=exponent: torch.pow(x, torch.full((), e)), [base],
         {"exponent": {"double": exponent}})
# By the base alone: PyTorch's gradient by an exponent is NaN for a negative base.
base = torch.tensor([-2.0, -0.5, 0.0, 0.0, 3.0], dtype=torch.float64, requires_grad=True)
exponent = torch.tensor([3.0, -2.0, 2.0, 0.0, 0.5], dtype=torch.float64)
upstream = random(5)
power = torch.pow(base, exponent)
(power * upstream).sum().backward()
growth = torch.tensor([0, 0, 0, 0, math.sqrt(3) * math.log(3)], dtype=torch.float64) * upstream
cases.append({"op": "power", "inputs": [tensor(base), tensor(exponent)], "output": tensor(power),
              "upstream": tensor(upstream), "gradients": [tensor(base.grad), tensor(growth)]})

for dtype in (torch.int8, torch.uint8, torch.int32, torch.int64):
    info = torch.iinfo(dtype)
    low, high = max(info.min, -2**52), min(info.max, 2**52)
    x = torch.tensor([low, high, 7, 100, 3, high - 1, 0, 11], dtype=torch.int64).to(dtype)
    y = torch.tensor([2, 3, 3, 100, 7, 5, 9, 4], dtype=torch.int64).to(dtype)
    pairs = [(x, y)]
    if info.min < 0:
        pairs += [(x, -y), (-y, y.flip(0)), (torch.tensor([-7, 7, -8, 8, -1, 0]).to(dtype),
                                            torch.tensor([2, -2, 4, -4, -1, -3]).to(dtype))]
    for p, q in pairs:
        case("floor_divide", floor_divide, [p, q], gradient=False)
        case("remainder", torch.remainder, [p, q], gradient=False)
        case("minimum", torch.minimum, [p, q], gradient=False)
        case("not_equal", torch.ne, [p, q], gradient=False)
        for op, function in {"bitwise_and": torch.bitwise_and, "bitwise_or": torch.bitwise_or,
                             "bitwise_xor": torch.bitwise_xor}.items():
            case(op, function, [p, q], gradient=False)
    case("bitwise_not", torch.bitwise_not, [x], gradient=False)
    case("sign", torch.sign, [x], gradient=False)
    case("clamp", lambda v: torch.clamp(v, 2, 50), [x],
         {"low": {"double": 2.0}, "high": {"double": 50.0}}, gradient=False)
    if dtype is not torch.int64:
        case("negate", torch.neg, [x], gradient=False)
        case("abs", torch.abs, [x], gradient=False)
    small = torch.tensor([2, 3, 1, 0, 5, 7], dtype=dtype)
    counts = torch.tensor([0, 5, 3, 0, 2, 4], dtype=dtype)
    case("power", torch.pow, [small, counts], gradient=False)
    if info.min < 0:
        case("power", torch.pow, [torch.tensor([1, -1, -1, 2, -3], dtype=dtype),
                                  torch.tensor([-3, -3, -2, -1, 3], dtype=dtype)], gradient=False)
    case("shift_right", torch.bitwise_right_shift, [x, y], gradient=False)
    case("shift_left", torch.bitwise_left_shift, [small, y[:6]], gradient=False)
    case("shift_left", torch.bitwise_left_shift,
         [small, torch.full((6,), info.bits, dtype=dtype)], gradient=False)
    case("shift_right", torch.bitwise_right_shift,
         [x, torch.full((8,), info.bits, dtype=dtype)], gradient=False)

p, q = torch.tensor([True, True, False, False]), torch.tensor([True, False, True, False])
for op, function in {"bitwise_and": torch.bitwise_and, "bitwise_or": torch.bitwise_or,
                     "bitwise_xor": torch.bitwise_xor, "equal": torch.eq, "not_equal": torch.ne,
                     "logical_and": torch.logical_and, "logical_or": torch.logical_or,
                     "logical_xor": torch.logical_xor}.items():
    case(op, function, [p, q], gradient=False)
case("bitwise_not", torch.bitwise_not, [p], gradient=False)
case("logical_not", torch.logical_not, [special], gradient=False)
case("logical_and", torch.logical_and, [special, torch.ones(1, dtype=torch.int32)], gradient=False)

condition = torch.rand(3, 1) < 0.5
case("where", torch.where, [condition, random(3, 4), random(4)])
case("where", torch.where, [condition, random(3, 4), torch.tensor([1, -2, 3, 4])])
# Pairs for which PyTorch's rules are those of gpuml; its int8 with uint8 gives int16.
whole = torch.tensor([0, 1, 100, 7])
for left in (torch.bool, torch.uint8, torch.int32, torch.int64):
    case("promotion", torch.mul, [random(4), whole.to(left)])
    for right in (torch.int32, torch.int64):
        case("promotion", torch.mul, [whole.to(left), whole.to(right)], gradient=False)
case("promotion", torch.mul, [whole.to(torch.int8), whole.to(torch.int32)], gradient=False)
case("promotion", torch.mul, [whole.to(torch.bool), whole.to(torch.uint8)], gradient=False)
case("number_operands", lambda x: 2 * (1 + x) ** 3 - 3 / x, [random(7, low=0.5)])

floats = torch.tensor([1.5, -1.5, 2.5, -0.0, 127.9, -127.9, 0.99, 100.0], dtype=torch.float64)
names = {torch.int8: "int8", torch.uint8: "uint8", torch.int32: "int32", torch.int64: "int64",
         torch.bool: "bool", torch.float64: "float32"}
for source in names:
    for target, name in names.items():
        x = floats if source is torch.float64 else floats.abs().to(source)
        # What PyTorch makes of a negative number as an unsigned one, C leaves open.
        x = floats.abs() if source is torch.float64 and target is torch.uint8 else x
        case("cast", lambda v, t=target: v.to(t), [x], {"dtype": {"string": name}}, gradient=False)

write(__file__)
