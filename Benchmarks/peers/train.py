"""Training steps of 784-512-256-10 with Adam, the loss read back: train.py PEER SECONDS BATCH ..."""
import sys

import torch

from timing import batches, measure, report

peer, seconds, sizes = sys.argv[1], float(sys.argv[2]), [int(text) for text in sys.argv[3:]]


def network():
    return torch.nn.Sequential(
        torch.nn.Linear(784, 512), torch.nn.ReLU(), torch.nn.Linear(512, 256), torch.nn.ReLU(),
        torch.nn.Linear(256, 10))


for size in sizes:
    model = network()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    forward = torch.compile(model) if peer == "pytorch-compile" else model
    data = batches(size)
    step = 0

    def work():
        global step
        inputs, labels = data[step % len(data)]
        step += 1
        loss = torch.nn.functional.cross_entropy(
            forward(torch.from_numpy(inputs)), torch.from_numpy(labels))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        loss.item()

    times = measure(work, seconds)
    report("train", peer, times, model="mlp", batch=size)
