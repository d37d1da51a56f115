#!/usr/bin/env python3
"""Writes optimizers.json: three steps of each optimizer as PyTorch takes them, in float64.

Lion and LAMB, which PyTorch lacks, are written down from the papers' algorithms. Run once with a
Python that has PyTorch, in any folder; the tests read the file and need no Python.
"""
import torch
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from cases import cases, random, tensor, write

RATE = 0.015625


def attributes(**values):
    kinds = {bool: "bool", int: "int", float: "double"}
    return {name: {kinds[type(value)]: value} for name, value in values.items()}


def entry(op, values, step, inputs, outputs):
    cases.append({"op": op, "attributes": values, "step": step, "rate": RATE,
                  "inputs": [tensor(x) for x in inputs], "outputs": [tensor(x) for x in outputs]})


def optimizer(op, values, slots, make, initial=0.0):
    """Three steps of PyTorch's optimizer with two parameters."""
    parameters = [random(5).requires_grad_(True), random(2, 1).requires_grad_(True)]
    algorithm = make(parameters)
    state = [[torch.full_like(p, initial).detach() for p in parameters] for _ in slots]
    for step in range(3):
        gradients = [random(*p.shape) for p in parameters]
        before = [p.detach().clone() for p in parameters]
        for p, g in zip(parameters, gradients):
            p.grad = g.clone()
        algorithm.step()
        after = [[algorithm.state[p][s].clone() for p in parameters] for s in slots]
        entry(op, values, step, before + gradients + sum(state, []),
              [p.detach() for p in parameters] + sum(after, []))
        state = after


def written(op, values, slots, advance):
    """Three steps of an algorithm given as a function of parameters, gradients, slots and time."""
    parameters = [random(5), random(2, 1), torch.zeros(3, dtype=torch.float64)]
    state = [[torch.zeros_like(p) for p in parameters] for _ in range(slots)]
    for step in range(3):
        gradients = [random(*p.shape) for p in parameters]
        results = [advance(p, g, *s, step + 1) for p, g, *s in zip(parameters, gradients, *state)]
        after = [list(column) for column in zip(*results)]
        entry(op, values, step, parameters + gradients + sum(state, []), sum(after, []))
        parameters, state = after[0], after[1:]


for alpha, momentum, decay, centered in ((0.99, 0.0, 0.0, False), (0.5, 0.75, 0.25, False),
                                         (0.75, 0.0, 0.125, True), (0.5, 0.5, 0.0, True)):
    optimizer("rmsprop_update",
              attributes(alpha=alpha, epsilon=1e-8, momentum=momentum, weight_decay=decay,
                         centered=centered),
              ["square_avg"] + (["grad_avg"] if centered else [])
              + (["momentum_buffer"] if momentum else []),
              lambda p: torch.optim.RMSprop(p, lr=RATE, alpha=alpha, momentum=momentum,
                                            weight_decay=decay, centered=centered))

for slower, decay, initial in ((0.0, 0.0, 0.0), (0.25, 0.125, 0.5)):
    optimizer("adagrad_update",
              attributes(learning_rate_decay=slower, epsilon=1e-10, weight_decay=decay,
                         initial_accumulator=initial),
              ["sum"],
              lambda p: torch.optim.Adagrad(p, lr=RATE, lr_decay=slower, weight_decay=decay,
                                            initial_accumulator_value=initial), initial)


def lion(beta1, beta2, decay):
    # arXiv:2302.06675, algorithm 2.
    def advance(p, g, m, time):
        update = torch.sign(beta1 * m + (1 - beta1) * g)
        return p - RATE * (update + decay * p), beta2 * m + (1 - beta2) * g
    return advance


for decay in (0.0, 0.25):
    written("lion_update", attributes(beta1=0.9, beta2=0.99, weight_decay=decay), 1,
            lion(0.9, 0.99, decay))


def lamb(beta1, beta2, epsilon, decay):
    # arXiv:1904.00962, algorithm 2, with the identity for phi.
    def advance(p, g, m, v, time):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        r = (m / (1 - beta1 ** time)) / (torch.sqrt(v / (1 - beta2 ** time)) + epsilon)
        update = r + decay * p
        norms = torch.linalg.vector_norm(p), torch.linalg.vector_norm(update)
        trust = norms[0] / norms[1] if norms[0] > 0 and norms[1] > 0 else 1.0
        return p - RATE * trust * update, m, v
    return advance


for decay in (0.0, 0.25):
    written("lamb_update",
            attributes(beta1=0.9, beta2=0.999, epsilon=1e-6, weight_decay=decay), 2,
            lamb(0.9, 0.999, 1e-6, decay))

module = torch.nn.Linear(3, 2, dtype=torch.float64)
average = AveragedModel(module, multi_avg_fn=get_ema_multi_avg_fn(0.75))
for step in range(3):
    before = [p.detach().clone() for p in average.module.parameters()]
    with torch.no_grad():
        for p in module.parameters():
            p.copy_(random(*p.shape))
    if step == 0:
        before = [torch.zeros_like(p) for p in before]
    average.update_parameters(module)
    entry("ema_update", attributes(decay=0.75), step,
          before + [p.detach() for p in module.parameters()],
          [p.detach().clone() for p in average.module.parameters()])

gradients = [random(3, 2), random(5), random(1)]
for p in gradients:
    p.grad = p.clone()
entry("gradient_norm", {}, 0, gradients, [torch.nn.utils.get_total_norm(gradients)])
for maximum in (0.5, 100.0):
    # PyTorch adds 1e-6 to the norm; gpuml, whose quotient is only taken beyond the maximum, does not.
    norm = torch.nn.utils.get_total_norm(gradients)
    scale = torch.clamp(maximum / norm, max=1.0)
    entry("clip_by_norm", attributes(maximum=maximum), 0, gradients,
          [norm, scale] + [g * scale for g in gradients])
for limit in (0.5, 2.0):
    x = random(7).requires_grad_(True)
    parameter = torch.zeros_like(x)
    parameter.grad = x.detach().clone()
    torch.nn.utils.clip_grad_value_([parameter], limit)
    upstream = random(7)
    (x.clamp(-limit, limit) * upstream).sum().backward()
    cases.append({"op": "clip_by_value", "attributes": attributes(limit=limit),
                  "inputs": [tensor(x)], "outputs": [tensor(parameter.grad)],
                  "upstream": tensor(upstream), "gradients": [tensor(x.grad)]})

write(__file__)
