"""784-512-256-10 on MNIST for some epochs, whole process: mnist.py FOLDER EPOCHS

The same split, batch and optimizer as gpuml train; prints the accuracy on the test images as JSON.
"""
import gzip
import json
import pathlib
import sys

import numpy as np
import torch

folder, epochs = pathlib.Path(sys.argv[1]), int(sys.argv[2])


def read(name, offset):
    for path in (folder / name, folder / f"{name}.gz"):
        if path.exists():
            data = path.read_bytes()
            data = gzip.decompress(data) if path.suffix == ".gz" else data
            return np.frombuffer(data, np.uint8, offset=offset)
    sys.exit(f"{folder / name} is missing")


def images(kind):
    pixels = read(f"{kind}-images-idx3-ubyte", 16).reshape(-1, 784).astype(np.float32) / 255
    return torch.from_numpy(pixels), torch.from_numpy(read(f"{kind}-labels-idx1-ubyte", 8).astype(np.int64))


torch.manual_seed(0)
x, y = images("train")
tests, answers = images("t10k")
model = torch.nn.Sequential(
    torch.nn.Linear(784, 512), torch.nn.ReLU(), torch.nn.Linear(512, 256), torch.nn.ReLU(),
    torch.nn.Linear(256, 10))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
kept, held = torch.randperm(len(x)).split([len(x) * 9 // 10, len(x) - len(x) * 9 // 10])
best, state = 0.0, None
for epoch in range(epochs):
    for rows in kept[torch.randperm(len(kept))].split(128):
        loss = torch.nn.functional.cross_entropy(model(x[rows]), y[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.inference_mode():
        accuracy = (model(x[held]).argmax(1) == y[held]).float().mean().item()
    if accuracy > best:
        best, state = accuracy, {k: v.clone() for k, v in model.state_dict().items()}
model.load_state_dict(state)
with torch.inference_mode():
    print(json.dumps({"test_accuracy": (model(tests).argmax(1) == answers).float().mean().item()}))
