"""The plain sequential loop of Python, to stand beside Paraflux's: DDIM without noise, one sample, the same model file.

    sequential_loop.py MODEL STEPS SEED LABEL THREADS

MODEL is a TorchScript file (.pt) or an ONNX graph (.onnx) of the demo model. For each line "go" on standard input it draws the
sample once, and answers with the seconds that took; for a line "sample" with its values. With diffusers installed the loop
is its DDIMScheduler's, else the same equations by plain tensor operations; the first line says which.
"""

import sys
import time

import torch

TRAIN_STEPS = 1000


def model_of(file, threads):
    if file.endswith(".onnx"):
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
        names = [given.name for given in session.get_inputs()]
        kinds = [given.type for given in session.get_inputs()]

        def call(x, t, label):
            given = [x.numpy(), t.numpy(), label.numpy()]
            given = [v.astype("int64") if "int64" in kind else v.astype("float32") for v, kind in zip(given, kinds)]
            return torch.from_numpy(session.run(None, dict(zip(names, given)))[0])

        return call, "ONNX Runtime " + onnxruntime.__version__
    return torch.jit.load(file).eval(), "PyTorch " + torch.__version__


def alphas_of():
    betas = torch.linspace(1e-4, 0.02, TRAIN_STEPS, dtype=torch.float64)
    return torch.cumprod(1 - betas, 0)


def plain_loop(model, x, times, label):
    alphas = alphas_of()
    for i, time_ in enumerate(times):
        eps = model(x, time_.reshape(1), label)
        now = alphas[int(time_)]
        then = alphas[int(times[i + 1])] if i + 1 < len(times) else torch.ones((), dtype=torch.float64)
        x0 = (x - (1 - now).sqrt().float() * eps) / now.sqrt().float()
        x = then.sqrt().float() * x0 + (1 - then).sqrt().float() * eps
    return x


def scheduler_loop(scheduler, model, x, label):
    for time_ in scheduler.timesteps:
        x = scheduler.step(model(x, time_.float().reshape(1), label), time_, x).prev_sample
    return x


def loop_of(steps):
    try:
        from diffusers import DDIMScheduler
    except ImportError:
        times = torch.arange(TRAIN_STEPS, 0, -TRAIN_STEPS / steps).round() - 1
        return (lambda model, x, label: plain_loop(model, x, times, label)), "plain tensor operations"
    scheduler = DDIMScheduler(beta_start=1e-4, beta_end=0.02, clip_sample=False, timestep_spacing="trailing")
    scheduler.set_timesteps(steps)
    return (lambda model, x, label: scheduler_loop(scheduler, model, x, label)), "diffusers' DDIMScheduler"


def main():
    file, steps, seed, label, threads = sys.argv[1], *map(int, sys.argv[2:6])
    torch.set_num_threads(threads)
    model, runtime = model_of(file, threads)
    loop, words = loop_of(steps)
    torch.manual_seed(seed)
    start = torch.randn(1, 1, 28, 28)
    labels = torch.tensor([label])
    with torch.inference_mode():
        for _ in range(2):
            sample = loop(model, start, labels)
        print(f"{runtime}, {words}", flush=True)
        for line in sys.stdin:
            if line.strip() == "sample":
                print(" ".join(repr(value) for value in sample.flatten().tolist()), flush=True)
                continue
            begin = time.perf_counter()
            sample = loop(model, start, labels)
            print(time.perf_counter() - begin, flush=True)


if __name__ == "__main__":
    main()
