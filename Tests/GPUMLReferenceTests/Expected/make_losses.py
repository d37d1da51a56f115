#!/usr/bin/env python3
"""Writes losses.json: what PyTorch computes, in float64, for softmaxes, losses and their gradients.

Run once with a Python that has PyTorch, in any folder; the tests read the file and need no Python.
"""
import math

import torch
import torch.nn.functional as F

from cases import case, cases, random, tensor, write

for op, function in (("softmax", F.softmax), ("log_softmax", F.log_softmax)):
    for shape, axis in (((3, 7), 0), ((2, 3, 4), 1), ((2, 3, 4), 0), ((2, 3, 4), 2), ((0, 3), 1),
                        ((5,), 0), ((2, 0, 3), 1)):
        case(op, lambda x, f=function, d=axis: f(x, dim=d), [random(*shape) * 4],
             {"axis": {"int": axis}})
    case(op, lambda x, f=function: f(x, dim=-1), [random(3, 7)])
    special = torch.tensor([[1e4, -1e4, 0], [math.nan, 0, 1], [-math.inf, 0, 1], [0, math.inf, 1],
                            [-math.inf, -math.inf, -math.inf]], dtype=torch.float64)
    case(op, lambda x, f=function: f(x, dim=-1), [special], gradient=False)
    case(op, lambda x, f=function: f(x, dim=0), [special.T.contiguous()], {"axis": {"int": 0}},
         gradient=False)


def labels_for(shape, ignored=None):
    axis = 1 if len(shape) > 1 else 0
    lines = shape[:axis] + shape[axis + 1:]
    labels = torch.randint(0, shape[axis], lines, dtype=torch.int64)
    if ignored is not None and labels.numel() > 1:
        labels.view(-1)[1::2] = ignored
    return labels


def named(smoothing, ignored=None, reduction=None):
    attributes = {"label_smoothing": {"double": smoothing}}
    if ignored is not None:
        attributes["ignored_label"] = {"int": ignored}
    if reduction:
        attributes["reduction"] = {"string": reduction}
    return attributes


def weighted(x, y, weights, smoothing, ignored, reduction):
    # Written out: PyTorch itself has no gradient by the weights.
    if ignored is None:
        ignored = -1000
    axis = 1 if x.dim() > 1 else 0
    cost = -F.log_softmax(x, dim=axis).movedim(axis, -1)
    kept = y != ignored
    target = torch.where(kept, y, 0)
    own = weights[target] * kept
    loss = (1 - smoothing) * own * cost.gather(-1, target.unsqueeze(-1)).squeeze(-1)
    loss = loss + smoothing / x.shape[axis] * (cost * weights).sum(-1) * kept
    official = F.cross_entropy(x, y, weight=weights.detach(), ignore_index=ignored,
                               label_smoothing=smoothing, reduction=reduction)
    result = {"none": loss, "sum": loss.sum(), "mean": loss.sum() / own.sum()}[reduction]
    assert torch.allclose(result, official, rtol=1e-12, atol=1e-12)
    return result, own


def reduced(losses, reduction):
    return {"none": losses, "mean": losses.mean(), "sum": losses.sum()}[reduction]


def binary(x, t, weights, positive, reduction):
    # Written out: PyTorch itself has no gradient by the weights.
    factor = 1 if positive is None else positive
    losses = -(factor * t * F.logsigmoid(x) + (1 - t) * F.logsigmoid(-x))
    official = F.binary_cross_entropy_with_logits(
        x, t, weight=weights.detach(), reduction=reduction,
        pos_weight=None if positive is None else positive.detach())
    result = reduced(losses * weights, reduction)
    assert torch.allclose(result, official, rtol=1e-12, atol=1e-12)
    return result


shapes = ((3, 5), (2, 1), (2, 3, 2, 1))
for shape in shapes:
    for smoothing, ignored in ((0.0, None), (0.125, None), (0.25, -100), (0.0, 0), (1.0, None)):
        if ignored == 0 and shape[1] == 1:
            continue
        x, y = random(*shape) * 4, labels_for(shape, ignored).to(torch.int32)
        weights = random(shape[1], low=0.25, high=2)
        leaves = [x.clone().requires_grad_(), weights.clone().requires_grad_()]
        loss, own = weighted(leaves[0], y.long(), leaves[1], smoothing, ignored, "none")
        upstream = random(*loss.shape)
        by_x, by_weights = torch.autograd.grad((loss * upstream).sum(), leaves)
        attributes = named(smoothing, ignored)
        operands = [tensor(x), tensor(y), tensor(weights)]
        cases.append({
            "op": "cross_entropy", "attributes": attributes, "inputs": operands,
            "outputs": [tensor(loss), tensor(own)], "upstream": tensor(upstream),
            "gradients": [tensor(by_x), None, tensor(by_weights)]})
        cases.append({
            "op": "cross_entropy_gradient", "attributes": attributes,
            "inputs": operands + [tensor(upstream)], "output": tensor(by_x)})
        # What each line adds: the derivative by weights of its own.
        axis_last = [shape[0], *shape[2:], shape[1]]
        each = weights.expand(axis_last).clone().requires_grad_()
        kept = y != (-1000 if ignored is None else ignored)
        target = torch.where(kept, y, 0).long().unsqueeze(-1)
        cost = -F.log_softmax(x, dim=1).movedim(1, -1)
        given = each.gather(-1, target).squeeze(-1) * kept
        losses = ((1 - smoothing) * given * cost.gather(-1, target).squeeze(-1)
                  + smoothing / shape[1] * (cost * each).sum(-1) * kept)
        upstream_kept = random(*given.shape)
        by_each, = torch.autograd.grad(
            (losses * upstream).sum() + (given * upstream_kept).sum(), [each])
        cases.append({
            "op": "cross_entropy_weight_gradient", "attributes": attributes,
            "inputs": operands + [tensor(upstream), tensor(upstream_kept)],
            "output": tensor(by_each.movedim(-1, 1).contiguous())})

for reduction in ("none", "mean", "sum"):
    for shape in ((3, 4), (4,)) if reduction != "none" else ((2, 3), (2, 3, 2)):
        classes = shape[1] if len(shape) > 1 else shape[0]
        for smoothing, ignored in ((0.0, None), (0.125, -100)):
            if len(shape) == 1 and ignored is not None:
                ignored = None
            y = labels_for(shape, ignored)
            index = -1000 if ignored is None else ignored
            case("cross_entropy_loss",
                 lambda p, q, s=smoothing, g=index: F.cross_entropy(
                     p, q, label_smoothing=s, ignore_index=g, reduction=reduction),
                 [random(*shape) * 4, y], named(smoothing, ignored, reduction))
            case("cross_entropy_loss",
                 lambda p, q, w, s=smoothing, g=ignored: weighted(p, q, w, s, g, reduction)[0],
                 [random(*shape) * 4, y, random(classes, low=0.25, high=2)],
                 named(smoothing, ignored, reduction))
            target = F.softmax(random(*shape), dim=1 if len(shape) > 1 else 0)
            target = (target * 1024).round() / 1024
            case("cross_entropy_of_distributions",
                 lambda p, t, s=smoothing: F.cross_entropy(
                     p, t, label_smoothing=s, reduction=reduction),
                 [random(*shape) * 4, target], named(smoothing, None, reduction))
            case("cross_entropy_of_distributions",
                 lambda p, t, w, s=smoothing: F.cross_entropy(
                     p, t, weight=w, label_smoothing=s, reduction=reduction),
                 [random(*shape) * 4, target, random(classes, low=0.25, high=2)],
                 named(smoothing, None, reduction))

    kind = {"reduction": {"string": reduction}}
    logits, probability = random(3, 4) * 4, random(3, 4, low=0, high=1)
    case("binary_cross_entropy",
         lambda x, t: F.binary_cross_entropy_with_logits(x, t, reduction=reduction),
         [logits, probability], kind)
    case("binary_cross_entropy",
         lambda x, t, w: binary(x, t, w, None, reduction),
         [logits, probability, random(3, 1, low=0.25, high=2)], kind)
    case("binary_cross_entropy",
         lambda x, t, w, p: binary(x, t, w, p, reduction),
         [logits, probability, random(4, low=0.25, high=2), random(4, low=0.25, high=2)], kind)
    pair = [random(2, 4), random(2, 4)]
    case("squared_error", lambda x, t: F.mse_loss(x, t, reduction=reduction), pair, kind)
    equal = [random(7).round(), random(7).round()]
    case("absolute_error", lambda x, t: F.l1_loss(x, t, reduction=reduction), pair, kind)
    case("absolute_error", lambda x, t: F.l1_loss(x, t, reduction=reduction), equal, kind)
    for bend in (1.0, 0.5):
        case("huber_loss", lambda x, t, b=bend: F.huber_loss(x, t, delta=b, reduction=reduction),
             pair, {**kind, "delta": {"double": bend}})
        case("smooth_absolute_error",
             lambda x, t, b=bend: F.smooth_l1_loss(x, t, beta=b, reduction=reduction), pair,
             {**kind, "beta": {"double": bend}})
    case("smooth_absolute_error", lambda x, t: F.smooth_l1_loss(x, t, beta=0.0, reduction=reduction),
         pair, {**kind, "beta": {"double": 0}})
    logs = random(2, 4, low=-5, high=-0.1)
    case("kl_divergence", lambda x, t: F.kl_div(x, t, reduction=reduction),
         [logs, random(2, 4, low=0.1, high=1)], {**kind, "logarithmic": {"bool": False}})
    case("kl_divergence", lambda x, t: F.kl_div(x, t, reduction=reduction, log_target=True),
         [logs, random(2, 4, low=-5, high=-0.1)], {**kind, "logarithmic": {"bool": True}})
    case("kl_divergence", lambda x, t: F.kl_div(x, t, reduction=reduction),
         [logs, random(2, 4, low=0, high=1).round()], {**kind, "logarithmic": {"bool": False}},
         gradient=False)
    signs = torch.where(torch.rand(2, 4) < 0.5, -1.0, 1.0).to(torch.float64)
    for margin in (1.0, 0.25):
        case("hinge_loss",
             lambda x, t, m=margin: reduced(torch.relu(m - x * t), reduction),
             [random(2, 4), signs], {**kind, "margin": {"double": margin}})

big = torch.tensor([1e4, -1e4, 1e4, -1e4, 300, -300], dtype=torch.float64)
sides = torch.tensor([1, 0, 0, 1, 0.5, 0.25], dtype=torch.float64)
case("binary_cross_entropy",
     lambda x, t: F.binary_cross_entropy_with_logits(x, t, reduction="none"), [big, sides],
     {"reduction": {"string": "none"}})
for left, right, axis in (((3, 5), (3, 5), 1), ((2, 3, 4), (3, 1), 1), ((4, 1, 3), (5, 3), 2),
                          ((5,), (5,), 0), ((2, 3, 4), (2, 3, 4), -3)):
    case("cosine_similarity", lambda x, y, d=axis: F.cosine_similarity(x, y, dim=d),
         [random(*left), random(*right)],
         {"axis": {"int": axis}, "epsilon": {"double": 1e-8}})
# Vectors of zeros, and an epsilon above a norm.
case("cosine_similarity", lambda x, y: F.cosine_similarity(x, y, dim=1),
     [torch.tensor([[0.0, 0, 0], [1, 2, 3]], dtype=torch.float64), random(2, 3)],
     {"axis": {"int": 1}, "epsilon": {"double": 1e-8}}, gradient=False)
case("cosine_similarity", lambda x, y: F.cosine_similarity(x, y, dim=1, eps=4.0),
     [random(2, 3) / 2, random(2, 3)], {"axis": {"int": 1}, "epsilon": {"double": 4}},
     gradient=False)

write(__file__)
