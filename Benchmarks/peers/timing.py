"""How the peers are timed: as gpuml bench does, warm, again and again for a while."""
import json
import time

import numpy as np


def measure(work, seconds):
    """Times of `work`, sorted: two runs to warm up, then runs for about `seconds`."""
    for _ in range(2):
        work()
    times = []
    begin = time.perf_counter()
    while len(times) < 5 or time.perf_counter() - begin < seconds:
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return sorted(times)


def report(bench, peer, times, **facts):
    """Prints a line as gpuml bench --json does."""
    middle = times[len(times) // 2]
    line = {"bench": bench, "peer": peer, **facts, "median_ms": middle * 1e3,
            "min_ms": times[0] * 1e3, "p99_ms": times[min(len(times) - 1, len(times) * 99 // 100)] * 1e3}
    print(json.dumps(line), flush=True)


def batches(size, count=8):
    """Fresh host batches of the shape that the networks take, with labels."""
    random = np.random.default_rng(2)
    return [(random.random((size, 784), dtype=np.float32), random.integers(0, 10, size))
            for _ in range(count)]
