"""What the makers of expected values share.

Operands are float32 values, so that both sides start from the same bits; results are those of
float64. Numbers that JSON lacks are written as "nan", "inf" and "-inf".
"""
import json
import math
import pathlib

import torch

torch.manual_seed(20240607)
cases = []


def plain(value):
    if isinstance(value, bool):
        return float(value)
    value = float(value)
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    # 15 digits are within the tests' tolerance.
    return int(value) if value.is_integer() and value != 0 else float(f"{value:.15g}")


def tensor(value, dtype=None):
    names = {torch.float64: "float32", torch.float32: "float32", torch.int32: "int32",
             torch.int64: "int64", torch.int8: "int8", torch.uint8: "uint8", torch.bool: "bool"}
    return {"shape": list(value.shape), "dtype": dtype or names[value.dtype],
            "values": [plain(v) for v in value.detach().flatten().tolist()]}


def random(*shape, low=-3.0, high=3.0):
    # Multiples of 1/128: short in the file, and exact in float32.
    values = torch.rand(shape, dtype=torch.float64) * (high - low) + low
    return (values * 128).round() / 128


def case(op, function, inputs, attributes=None, gradient=True, dtypes=None):
    entry = {"op": op, "inputs": [tensor(x) for x in inputs]}
    if attributes:
        entry["attributes"] = attributes
    leaves = [x.clone().requires_grad_(gradient and x.is_floating_point()) for x in inputs]
    output = function(*leaves)
    entry["output"] = tensor(output, dtypes)
    if gradient and output.numel() > 0:
        upstream = random(*output.shape)
        (output * upstream).sum().backward()
        entry["upstream"] = tensor(upstream)
        entry["gradients"] = [tensor(x.grad) if x.grad is not None else None for x in leaves]
    cases.append(entry)


def write(maker):
    """Writes the cases beside the maker: make_NAME.py makes NAME.json."""
    maker = pathlib.Path(maker)
    target = maker.with_name(maker.stem.removeprefix("make_") + ".json")
    lines = ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases)
    target.write_text("[\n" + lines + "\n]\n")
    print(f"{len(cases)} cases, {target.stat().st_size} bytes")
