"""Training steps of 784-512-256-10 with Adam, the loss read back: train.py PEER SECONDS BATCH ..."""
import sys

from timing import batches, measure, report

peer, seconds, sizes = sys.argv[1], float(sys.argv[2]), [int(text) for text in sys.argv[3:]]


def pytorch(compiles):
    """A step of a network of PyTorch's; returns the loss."""
    import torch
    model = torch.nn.Sequential(
        torch.nn.Linear(784, 512), torch.nn.ReLU(), torch.nn.Linear(512, 256), torch.nn.ReLU(),
        torch.nn.Linear(256, 10))
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    forward = torch.compile(model) if compiles else model

    def step(inputs, labels):
        loss = torch.nn.functional.cross_entropy(
            forward(torch.from_numpy(inputs)), torch.from_numpy(labels))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.item()
    return step


def tinygrad():
    """A step of a network of tinygrad's; returns the loss."""
    from tinygrad import Tensor, TinyJit, nn
    from tinygrad.helpers import Context
    layers = [nn.Linear(784, 512), nn.Linear(512, 256), nn.Linear(256, 10)]
    optimizer = nn.optim.Adam(nn.state.get_parameters(layers), lr=1e-3)

    @TinyJit
    def update(inputs, labels):
        with Context(TRAINING=1):
            optimizer.zero_grad()
            hidden = layers[1](layers[0](inputs).relu()).relu()
            loss = layers[2](hidden).sparse_categorical_crossentropy(labels).backward()
            return loss.realize(*optimizer.schedule_step())

    step = lambda inputs, labels: update(Tensor(inputs).realize(), Tensor(labels).realize()).item()
    # The first calls build and record.
    for inputs, labels in batches(size, 3):
        step(inputs, labels)
    return step


for size in sizes:
    make = {"pytorch": lambda: pytorch(False), "pytorch-compile": lambda: pytorch(True),
            "tinygrad": tinygrad}.get(peer) or sys.exit(f"unknown peer {peer}")
    step = make()
    data = batches(size)
    losses = []

    def work():
        losses.append(step(*data[len(losses) % len(data)]))

    times = measure(work, seconds)
    # What is measured learns the batches by heart.
    assert losses[-1] < losses[0] or len(losses) < 100, "the loss does not fall"
    report("train", peer, times, model="mlp", batch=size)
