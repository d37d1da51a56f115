"""Products of row-major float32 matrices: matmul.py PEER SECONDS M,N,K[,TRANSPOSE] ..."""
import sys

import numpy as np

from timing import measure, report

peer, seconds, shapes = sys.argv[1], float(sys.argv[2]), sys.argv[3:]
for text in shapes:
    parts = text.split(",")
    m, n, k = (int(part) for part in parts[:3])
    form = parts[3] if len(parts) > 3 else "none"
    a = np.random.default_rng(0).standard_normal((k, m) if form == "left" else (m, k), dtype=np.float32)
    b = np.random.default_rng(1).standard_normal((n, k) if form == "right" else (k, n), dtype=np.float32)
    if peer == "numpy":
        left, right = (a.T if form == "left" else a), (b.T if form == "right" else b)
        out = np.empty((m, n), np.float32)
        work = lambda: np.matmul(left, right, out=out)
    elif peer == "pytorch":
        import torch
        left, right = torch.from_numpy(a), torch.from_numpy(b)
        left, right = (left.T if form == "left" else left), (right.T if form == "right" else right)
        out = torch.empty((m, n))
        work = lambda: torch.matmul(left, right, out=out)
    elif peer == "tinygrad":
        from tinygrad import Tensor, TinyJit
        left, right = Tensor(a).realize(), Tensor(b).realize()
        left, right = (left.T if form == "left" else left), (right.T if form == "right" else right)
        product = TinyJit(lambda x, y: (x @ y).realize())
        from tinygrad import Device
        def work():
            product(left, right)
            Device[Device.DEFAULT].synchronize()
    else:
        sys.exit(f"unknown peer {peer}")
    times = measure(work, seconds)
    report("matmul", peer, times, m=m, n=n, k=k, transpose=form, gflops=2 * m * n * k / times[len(times) // 2] / 1e9)
