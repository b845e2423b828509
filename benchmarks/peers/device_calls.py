"""Calls of a TorchScript model on a CUDA device by PyTorch, to stand beside Paraflux's: lines of JSON.

    device_calls.py MODEL.pt

MODEL.json, its card, lies beside it. For 1 to 128 rows: the median time of a call as it is, without TF32 as Paraflux calls it
and with it, and replayed as a CUDA graph. Of 100 steps the time of the plain loop of DDIM without noise, with calls as
they are and with replays.
"""

import json
import sys
import time
from pathlib import Path

import torch

from sequential_loop import plain_loop

CALLS = 15
STEPS = 100
DEVICE = torch.device("cuda", 0)


def median_seconds(call):
    seconds = []
    for number in range(-5, CALLS):
        begin = time.perf_counter()
        call()
        torch.cuda.synchronize()
        if number >= 0:
            seconds.append(time.perf_counter() - begin)
    return sorted(seconds)[CALLS // 2]


def graph_of(model, given):
    side = torch.cuda.Stream()
    with torch.cuda.stream(side):
        for _ in range(3):
            model(*given)
    torch.cuda.synchronize()
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        answer = model(*given)
    return graph, answer


def main():
    file = sys.argv[1]
    card = json.loads(Path(file).with_suffix(".json").read_text())
    model = torch.jit.freeze(torch.jit.load(file, map_location=DEVICE).eval())
    device = torch.cuda.get_device_name(0)

    def say(**what):
        print(json.dumps({"device": device, "model": card["name"], "by": "PyTorch " + torch.__version__, **what}), flush=True)

    with torch.inference_mode():
        for rows in [1, 2, 4, 8, 16, 32, 64, 128]:
            given = (torch.randn(rows, *card["shape"], device=DEVICE), torch.full((rows,), 500.0, device=DEVICE),
                     torch.zeros(rows, dtype=torch.long, device=DEVICE))
            us = {}
            for tf32 in (False, True):
                torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = tf32
                us["tf32_us" if tf32 else "us"] = round(1e6 * median_seconds(lambda: model(*given)), 1)
            torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = False
            graph, _ = graph_of(model, given)
            us["graph_us"] = round(1e6 * median_seconds(graph.replay), 1)
            say(rows=rows, **us)
        times = torch.arange(1000, 0, -1000 / STEPS).round() - 1
        start = torch.randn(1, *card["shape"], device=DEVICE)
        label = torch.zeros(1, dtype=torch.long, device=DEVICE)
        there = times.to(DEVICE)

        given = (start.clone(), there[:1].clone(), label)
        graph, answer = graph_of(model, given)

        def replayed(x, t, _):
            given[0].copy_(x)
            given[1].copy_(t)
            graph.replay()
            return answer

        def loop(call):
            """The loop's times lie on the host, for its own arithmetic; the model's on the device."""
            index = iter(range(STEPS))
            return plain_loop(lambda x, _, label: call(x, there[next(index)].reshape(1), label), start, times, label)

        say(steps=STEPS, method="sequential", ms=round(1e3 * median_seconds(lambda: loop(model)), 2),
            graph_ms=round(1e3 * median_seconds(lambda: loop(replayed)), 2))


if __name__ == "__main__":
    main()
