"""Asks the image-to-image pipelines of diffusers where they begin, for Paraflux to begin there too.

Writes strengths.json: for each scheduler file, whose pipeline is named beside it, a list for each number of steps N = 1
to 50, of the time at which the pipeline begins at strengths 0.1, 0.2, ... 1; null where it has no step to take.
"""

import argparse
import json
import sys
from pathlib import Path
from types import SimpleNamespace

STEPS = range(1, 51)
STRENGTHS = [tenths / 10 for tenths in range(1, 11)]
PIPELINES = {
    "ddim_eta": "StableDiffusionImg2ImgPipeline",
    "euler_sdxl": "StableDiffusionXLImg2ImgPipeline",
    "heun_exponential": "StableDiffusionImg2ImgPipeline",
    "dpmpp_2m_karras": "StableDiffusionInpaintPipeline",
    "flow_sd3": "StableDiffusion3Img2ImgPipeline",
}
"""By the case whose scheduler file it is given."""


def begin(pipeline, scheduler, steps: int, strength: float):
    """The first time that a pipeline takes, or None."""
    scheduler.set_timesteps(steps)
    times, _ = pipeline.get_timesteps(SimpleNamespace(scheduler=scheduler), steps, strength, "cpu")
    return round(float(times[0]), 4) if len(times) > 0 else None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--diffusers", required=True, help="folder src of a checkout of diffusers 0.40")
    parser.add_argument("--folder", type=Path, default=Path("src/test/resources/diffusers"))
    options = parser.parse_args()
    sys.path.insert(0, options.diffusers)
    import diffusers

    lines = []
    for case, name in PIPELINES.items():
        config = json.loads((options.folder / f"{case}.config.json").read_text())
        scheduler = getattr(diffusers, config["_class_name"]).from_config(config)
        times = [[begin(getattr(diffusers, name), scheduler, n, s) for s in STRENGTHS] for n in STEPS]
        lines.append(json.dumps({"config": f"{case}.config.json", "pipeline": name, "times": times}))
    (options.folder / "strengths.json").write_text("[\n" + ",\n".join(lines) + "\n]\n")


if __name__ == "__main__":
    main()
