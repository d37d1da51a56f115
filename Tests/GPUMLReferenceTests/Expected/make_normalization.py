#!/usr/bin/env python3
"""Writes normalization.json: what PyTorch computes, in float64, for normalisations and gradients.

Run once with a Python that has PyTorch, in any folder; the tests read the file and need no Python.
"""
import torch
import torch.nn.functional as F

from cases import cases, random, tensor, write


def entry(op, attributes, inputs, outputs, upstream=None, gradients=None):
    item = {"op": op, "inputs": [tensor(x) for x in inputs],
            "outputs": [tensor(x) for x in outputs]}
    if attributes:
        item["attributes"] = attributes
    if upstream is not None:
        item["upstream"] = tensor(upstream)
        item["gradients"] = [None if g is None else tensor(g) for g in gradients]
    cases.append(item)


def differentiated(function, inputs):
    """The outputs, an upstream gradient of the first, and the gradients of all inputs."""
    leaves = [x.clone().requires_grad_(True) for x in inputs]
    outputs = function(*leaves)
    outputs = list(outputs) if isinstance(outputs, tuple) else [outputs]
    upstream = random(*outputs[0].shape)
    (outputs[0] * upstream).sum().backward()
    return outputs, upstream, [x.grad for x in leaves]


def rows(x, axis, epsilon, centered):
    """Mean and biased variance, or mean square, and the inverse deviation of rows."""
    flat = x.reshape(*x.shape[:axis], -1)
    mean = flat.mean(-1)
    moment = flat.var(-1, unbiased=False) if centered else (flat * flat).mean(-1)
    return mean, moment, (moment + epsilon) ** -0.5


for shape, axis, epsilon, offset in (((4, 7), 1, 1e-5, 0), ((2, 3, 5), 1, 0.25, 0),
                                     ((6,), 0, 1e-5, 0), ((3, 17), 1, 1e-5, 32)):
    x = random(*shape) + offset
    gamma, beta = random(*shape[axis:]), random(*shape[axis:])
    attributes = {"axis": {"int": axis}, "epsilon": {"double": epsilon}}
    for parameters in ([], [gamma], [gamma, beta]):
        inputs = [x] + parameters
        outputs, upstream, gradients = differentiated(
            lambda x, *p: F.layer_norm(x, shape[axis:], *p, eps=epsilon), inputs)
        mean, variance, inverse = rows(x, axis, epsilon, True)
        rest = torch.zeros_like(mean)
        entry("layer_norm", attributes, inputs, outputs + [mean, rest, variance],
              upstream, gradients)
        gradient = {"axis": {"int": axis}, "centered": {"bool": True}}
        entry("row_norm_gradient", gradient,
              [x, upstream, mean, rest, inverse] + parameters[:1], [gradients[0]])
        if len(parameters) == 2:
            entry("row_norm_parameter_gradient", gradient, [x, upstream, mean, rest, inverse],
                  gradients[1:])
    for parameters in ([], [gamma]):
        inputs = [x] + parameters
        outputs, upstream, gradients = differentiated(
            lambda x, *p: F.rms_norm(x, shape[axis:], *p, eps=epsilon), inputs)
        _, square, inverse = rows(x, axis, epsilon, False)
        entry("rms_norm", attributes, inputs, outputs + [square], upstream, gradients)
        gradient = {"axis": {"int": axis}, "centered": {"bool": False}}
        entry("row_norm_gradient", gradient, [x, upstream, inverse] + parameters, [gradients[0]])
        if parameters:
            entry("row_norm_parameter_gradient", gradient, [x, upstream, inverse], gradients[1:])

for shape, groups in (((2, 6, 3), 2), ((3, 4), 4), ((1, 6, 2, 2), 1)):
    inputs = [random(*shape), random(shape[1]), random(shape[1])]
    outputs, upstream, gradients = differentiated(
        lambda x, g, b: F.group_norm(x, groups, g, b, eps=2 ** -10), inputs)
    entry("group_norm", {"groups": {"int": groups}, "epsilon": {"double": 2 ** -10}}, inputs,
          outputs, upstream, gradients)

for shape in ((5, 3), (2, 3, 4), (2, 2, 3, 3)):
    inputs = [random(*shape), random(shape[1]), random(shape[1])]
    running = [random(shape[1]), random(shape[1], low=0.5)]
    moved = [r.clone() for r in running]
    outputs, upstream, gradients = differentiated(
        lambda x, g, b: F.batch_norm(x, *moved, g, b, training=True, momentum=0.25, eps=2 ** -10),
        inputs)
    attributes = {"epsilon": {"double": 2 ** -10}}
    entry("batch_norm", attributes, inputs, outputs, upstream, gradients)
    entry("batch_norm_statistics", {"momentum": {"double": 0.25}}, inputs[:1] + running, moved)
    outputs, upstream, gradients = differentiated(
        lambda x, g, b: F.batch_norm(x, *running, g, b, training=False, eps=2 ** -10), inputs)
    entry("batch_norm_inference", attributes, [inputs[0]] + running + inputs[1:], outputs,
          upstream, gradients[:1] + [None, None] + gradients[1:])

write(__file__)
