"""Predictions of 784-512-256-10, from host array to host array: infer.py PEER SECONDS BATCH ..."""
import io
import sys
import warnings

import numpy as np
import torch

from timing import batches, measure, report

peer, seconds, sizes = sys.argv[1], float(sys.argv[2]), [int(text) for text in sys.argv[3:]]
model = torch.nn.Sequential(
    torch.nn.Linear(784, 512), torch.nn.ReLU(), torch.nn.Linear(512, 256), torch.nn.ReLU(),
    torch.nn.Linear(256, 10), torch.nn.Softmax(-1)).eval()
for size in sizes:
    inputs = batches(size, 1)[0][0]
    if peer == "pytorch":
        def work():
            with torch.inference_mode():
                return model(torch.from_numpy(inputs)).numpy()
    elif peer == "onnxruntime":
        import onnxruntime
        file = io.BytesIO()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.onnx.export(
                model, (torch.from_numpy(inputs),), file, input_names=["x"], output_names=["y"],
                dynamo=False)
        session = onnxruntime.InferenceSession(
            file.getvalue(), providers=["CPUExecutionProvider"])
        work = lambda: session.run(["y"], {"x": inputs})[0]
    else:
        sys.exit(f"unknown peer {peer}")
    assert np.asarray(work()).shape == (size, 10)
    report("infer", peer, measure(work, seconds), model="mlp", batch=size)
