"""Runs huggingface diffusers on the cases of an index, and writes the samples that Paraflux must reach.

A case is an entry of index.json in a folder:

    name        of the case; NAME.sample.npy is written beside the index
    config      a scheduler_config.json, in the folder
    model       a TorchScript file, in the folder or in --models
    steps       for set_timesteps
    labels      one for each sample
    seed        of the first sample; the next ones take the next seeds. The noise of a sample is drawn from its own
                generator, first the start noise and then that of the steps, as Paraflux draws it
    noise       or null; a file of start noise in the place of what the seeds give
    row_noise   or null; a file [steps, C, H, W] of the noise of the steps, shared by the samples
    extra_args  of the command, or null. Of these --solver, --eta, --timesteps and --sigmas mean something here
    tolerance   the largest |difference| that is allowed
    why         what the case is about

An entry with "refused" instead of a sample is one that diffusers does not run: see README.md of the cases.
"""

import argparse
import contextlib
import inspect
import json
import sys
from pathlib import Path
from unittest import mock

import numpy as np
import torch

SOLVERS = {
    "ddim": ("DDIMScheduler", {}),
    "ddpm": ("DDPMScheduler", {}),
    "euler": ("EulerDiscreteScheduler", {}),
    "heun": ("HeunDiscreteScheduler", {}),
    "dpm++-2s": ("DPMSolverSinglestepScheduler", {}),
    "dpm++-1": ("DPMSolverMultistepScheduler", {"algorithm_type": "dpmsolver++", "solver_order": 1}),
    "dpm++-2m": ("DPMSolverMultistepScheduler", {"algorithm_type": "dpmsolver++", "solver_order": 2}),
    "dpm++-3m": ("DPMSolverMultistepScheduler", {"algorithm_type": "dpmsolver++", "solver_order": 3}),
    "dpm++-sde-2m": ("DPMSolverMultistepScheduler", {"algorithm_type": "sde-dpmsolver++", "solver_order": 2}),
    "unipc-2": ("UniPCMultistepScheduler", {"solver_order": 2}),
    "unipc-3": ("UniPCMultistepScheduler", {"solver_order": 3}),
    "plms": ("PNDMScheduler", {"skip_prk_steps": True}),
    "deis": ("DEISMultistepScheduler", {"solver_order": 3}),
}
"""What --solver asks diffusers for: a class, made by from_config, and what the name says beyond the class."""


class ToolError(Exception):
    """The input is not usable; the message says why."""


def scheduler(config, extra_args, **also):
    """The scheduler of a config, or of the class that --solver names, made by from_config."""
    import diffusers

    name, overrides = config.get("_class_name", "DDIMScheduler"), {}
    solver = option(extra_args, "--solver")
    if solver is not None:
        if solver not in SOLVERS:
            raise ToolError(f"--solver {solver}: must be one of {', '.join(SOLVERS)}")
        name, overrides = SOLVERS[solver]
    if not hasattr(diffusers, name):
        raise ToolError(f"_class_name {name}: not a class of diffusers {diffusers.__version__}")
    return getattr(diffusers, name).from_config({**config, **overrides}, **also)


def option(extra_args, name):
    """The value of an option of the command, or None."""
    words = extra_args or []
    return words[words.index(name) + 1] if name in words else None


def custom(extra_args):
    """The times or sigmas of the options, as set_timesteps takes them."""
    given = {kind: option(extra_args, "--" + kind) for kind in ("timesteps", "sigmas")}
    return {kind: np.array(text.split(","), dtype=float) for kind, text in given.items() if text is not None}


@torch.no_grad()
def sample(made, model, noise, labels, steps, generators=None, rows=None, eta=None, **timing):
    """Draws samples as diffusers' pipelines do; noise is standard normal, [samples, C, H, W]."""
    made.set_timesteps(**timing) if timing.keys() & {"timesteps", "sigmas"} else made.set_timesteps(steps, **timing)
    takes = inspect.signature(made.step).parameters
    options = {"generator": generators} if "generator" in takes else {}
    if eta is not None:
        options["eta"] = eta
    labels = torch.tensor(labels)
    earlier = None
    x = noise * getattr(made, "init_noise_sigma", 1.0)
    for index, t in enumerate(made.timesteps):
        scaled = made.scale_model_input(x, t) if hasattr(made, "scale_model_input") else x
        prediction = model(scaled.float(), torch.full((len(x),), float(t)), labels)
        with row_noise(made, None if rows is None else rows[index]):
            if "old_pred_original_sample" in takes:  # CogVideoXDPMScheduler
                before = made.timesteps[index - 1] if index > 0 else None
                x, earlier = made.step(prediction, earlier, t, before, x, **options, return_dict=False)
            else:
                x = made.step(prediction, t, x, **options).prev_sample
    return x


def row_noise(made, row):
    """While it is entered, a scheduler draws this noise for every sample, or its own if that is None."""
    module = sys.modules[type(made).__module__]
    if row is None or not hasattr(module, "randn_tensor"):
        return contextlib.nullcontext()
    return mock.patch.object(module, "randn_tensor", lambda shape, **_: row.expand(shape))


def start_noise(case, folder, shape):
    """The start noise and the generators of the samples, each after its start noise."""
    generators = [torch.Generator().manual_seed(case.get("seed", 0) + s) for s in range(len(case["labels"]))]
    noise = torch.stack([torch.randn(shape, generator=one) for one in generators])
    if case.get("noise"):
        noise = torch.from_numpy(np.load(folder / case["noise"]))
    return noise, generators


def run(case, folder, models):
    """The samples of a case, by diffusers."""
    config = json.loads((folder / case["config"]).read_text())
    path = next((base / case["model"] for base in (folder, models) if (base / case["model"]).exists()), None)
    if path is None:
        raise ToolError(f"model {case['model']}: neither in {folder} nor in {models}")
    card = json.loads(path.with_suffix(".json").read_text())
    noise, generators = start_noise(case, folder, card["shape"])
    rows = torch.from_numpy(np.load(folder / case["row_noise"])) if case.get("row_noise") else None
    eta = option(case.get("extra_args"), "--eta")
    made = scheduler(config, case.get("extra_args"))
    return sample(made, torch.jit.load(path), noise, case["labels"], case["steps"], generators, rows,
                  None if eta is None else float(eta), **custom(case.get("extra_args"))).numpy()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--diffusers", required=True, help="folder src of a checkout of diffusers 0.40")
    parser.add_argument("--folder", type=Path, default=Path("src/test/resources/diffusers"))
    parser.add_argument("--models", type=Path, default=Path("src/main/resources/dev/paraflux/demo"))
    parser.add_argument("--check", action="store_true", help="compare with the samples that are there; write nothing")
    parser.add_argument("names", nargs="*", help="of the cases to run; all of them by default")
    options = parser.parse_args()
    sys.path.insert(0, options.diffusers)
    torch.set_num_threads(1)
    for case in json.loads((options.folder / "index.json").read_text()):
        if options.names and case["name"] not in options.names or "refused" in case:
            continue
        found = run(case, options.folder, options.models)
        if not np.isfinite(found).all():
            raise ToolError(f"case {case['name']}: the sample is not finite")
        path = options.folder / case.get("expected", case["name"] + ".sample.npy")
        if options.check:
            print(f"{np.abs(found - np.load(path)).max():9.1e}  {case['name']}")
        else:
            np.save(path, found.astype(np.float32))
            print(f"{path}")


if __name__ == "__main__":
    try:
        main()
    except ToolError as error:
        sys.exit(f"diffusers_cases.py: {error}")
