"""What diffusers' pipelines do beside their schedulers, for tiny_pipelines.py: latents that hold Paraflux to it."""

import json
import shutil
from pathlib import Path

import numpy as np
import torch
from diffusers import (DDIMScheduler, DPMSolverMultistepScheduler, DPMSolverSinglestepScheduler,
                       EulerAncestralDiscreteScheduler, EulerDiscreteScheduler, FlowMatchEulerDiscreteScheduler,
                       FlowMatchHeunDiscreteScheduler, LatentConsistencyModelPipeline, LCMScheduler, PNDMScheduler,
                       StableDiffusionImg2ImgPipeline,
                       StableDiffusionInpaintPipeline, StableDiffusionPipeline, TCDScheduler, UNet2DConditionModel,
                       UniPCMultistepScheduler)
from diffusers.schedulers import AysSchedules

from export_pipeline import export

STEPS = 10
PLAIN = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear", "steps_offset": 1}


class Golds:
    """Pictures and latents of diffusers, and what was asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True)

    def config(self, name: str, scheduler: object) -> None:
        """The file of a scheduler."""
        scheduler.save_config(self.folder / "scratch")
        (self.folder / "scratch" / "scheduler_config.json").rename(self.folder / f"{name}.json")
        (self.folder / "scratch").rmdir()

    def save(self, name: str, pipeline: object, pictures: bool = True, **call: object) -> None:
        generator = call.pop("seeds", None)
        steps = call.pop("steps", STEPS)
        call["generator"] = ([torch.Generator().manual_seed(one) for one in generator] if isinstance(generator, list)
                             else torch.Generator().manual_seed(5 if generator is None else generator))
        pipeline.set_progress_bar_config(disable=True)
        last = {}

        def keep(_pipe: object, _step: int, _time: object, tensors: dict) -> dict:
            last.update(tensors)
            return tensors

        drawn = pipeline(**call, output_type="np", num_inference_steps=steps,
                         callback_on_step_end=keep).images
        np.save(self.folder / f"{name}.latents.npy", last["latents"].numpy())
        if pictures:
            np.save(self.folder / f"{name}.pictures.npy", drawn.astype(np.float32))


def stable_diffusion(golds: object, made: object, asked: dict, source: object, hole: object, schedule: dict) -> None:
    """Asked of a pipeline of Stable Diffusion 1, with a picture to begin from and a mask."""
    golds.save("unguided", made, **{**asked, "guidance_scale": 0.0}, pictures=False)
    golds.save("rescaled", made, **asked, guidance_rescale=0.7, pictures=False)
    # diffusers looks for the norm in text_model, as transformers had it before 5.
    object.__setattr__(made.text_encoder, "text_model", made.text_encoder)
    golds.save("skipped", made, **asked, clip_skip=1, pictures=False)
    golds.save("all_skipped", made, **asked, clip_skip=2, pictures=False)
    # The pipeline corrects the file of its folder, and leaves one that is assigned as it is.
    plain = DDIMScheduler(**schedule, timestep_spacing="leading")
    golds.config("clipping", plain)
    parts = {**made.components, "scheduler": plain}
    golds.save("corrected", StableDiffusionPipeline(**parts, requires_safety_checker=False), **asked, pictures=False)
    begun = StableDiffusionImg2ImgPipeline(**made.components, requires_safety_checker=False)
    painted = StableDiffusionInpaintPipeline(**made.components, requires_safety_checker=False)
    made.scheduler = begun.scheduler = DDIMScheduler(**schedule, timestep_spacing="leading")
    golds.save("clipping", made, **asked, pictures=False)
    golds.save("clipping_img2img", begun, **asked, image=source, strength=0.6, pictures=False)
    made.scheduler = EulerDiscreteScheduler(**schedule, steps_offset=1, timestep_spacing="leading",
                                            prediction_type="v_prediction")
    golds.save("velocity", made, **asked, pictures=False)
    made.scheduler = PNDMScheduler(**schedule, steps_offset=1, skip_prk_steps=True, prediction_type="v_prediction")
    golds.save("pndm_velocity", made, **asked, pictures=False)
    made.scheduler = TCDScheduler(**schedule)
    golds.config("tcd", made.scheduler)
    golds.save("tcd", made, **asked, pictures=False)
    begun.scheduler = DPMSolverSinglestepScheduler(**schedule)
    golds.config("singlestep", begun.scheduler)
    golds.save("singlestep_img2img", begun, **asked, image=source, strength=0.35, pictures=False)
    made.scheduler = begun.scheduler = DPMSolverMultistepScheduler(**schedule, steps_offset=1)
    golds.save("custom_times", made, **asked, timesteps=AysSchedules["StableDiffusionTimesteps"], pictures=False)
    golds.save("custom_times_img2img", begun, **asked, image=source, strength=0.45, pictures=False,
               timesteps=AysSchedules["StableDiffusionTimesteps"])
    made.scheduler = EulerDiscreteScheduler(**schedule, steps_offset=1, timestep_spacing="leading")
    golds.save("custom_sigmas", made, **asked, sigmas=AysSchedules["StableDiffusionSigmas"], pictures=False)
    made.scheduler = begun.scheduler = painted.scheduler = EulerAncestralDiscreteScheduler(
        **schedule, steps_offset=1, timestep_spacing="leading")
    start = torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(77))
    golds.save("started", made, **asked, latents=start, pictures=False)
    golds.save("three_img2img", begun, **asked, image=source, strength=0.5, num_images_per_prompt=3, pictures=False)
    golds.save("three_inpainted", painted, **asked, image=source, mask_image=hole, strength=0.6, height=32, width=32,
               num_images_per_prompt=3, pictures=False)


def added_tokens(root: Path, scratch: Path, made: object) -> None:
    """Words that textual inversion adds, one of them of two vectors, and the ids of texts with them."""
    for name, vectors in {"<cat-toy>": 2, "MyStyle": 1}.items():
        file = scratch / f"{vectors}.pt"
        torch.save({name: torch.zeros(vectors, made.text_encoder.config.hidden_size)}, file)
        made.load_textual_inversion(file.parent, weight_name=file.name, token=name)
    texts = ["a <cat-toy> on a red square", "a<cat-toy>b", "a <CAT-TOY>", "two  MyStyle, mystyle xMyStyley", "<cat-toy>_1",
             "<cat-toy> <|endoftext|><cat-toy>", "red <cat-toy> " * 40]
    tokens = made.tokenizer
    ids = [tokens(made.maybe_convert_prompt(text, tokens), padding="max_length", max_length=77, truncation=True).input_ids
           for text in texts]
    (root / "added_tokens.json").write_text(json.dumps(
        {"added": tokens.get_added_vocab(), "texts": [{"text": text, "ids": one} for text, one in zip(texts, ids)]}, indent=0),
        encoding="utf-8")


def other_unets(root: Path, golds: object, made: object, asked: dict, source: object, hole: object) -> None:
    """UNets that take more than time and text."""
    inpainting(root, golds, made, asked, source, hole)
    distilled(root, golds, made, asked)


def inpainting(root: Path, golds: object, made: object, asked: dict, source: object, hole: object) -> None:
    """Of a UNet that takes a mask: the trained one, with more channels of its input, random and small."""
    torch.manual_seed(9)
    unet = UNet2DConditionModel.from_config({**made.unet.config, "in_channels": 9})
    weights = dict(made.unet.state_dict())
    first = torch.randn(weights["conv_in.weight"].shape[0], 9, 3, 3) * 0.1
    first[:, :4] = weights["conv_in.weight"]
    unet.load_state_dict({**weights, "conv_in.weight": first})
    painter = StableDiffusionInpaintPipeline(**{**made.components, "unet": unet.eval().requires_grad_(False)},
                                             requires_safety_checker=False)
    export(painter, root / "sd-inpaint")
    asked = {**asked, "image": source, "mask_image": hole, "height": 32, "width": 32}
    painter.scheduler = EulerDiscreteScheduler(**PLAIN, timestep_spacing="leading")
    golds.save("mask_taken", painter, **asked)
    golds.save("mask_taken_begun", painter, **asked, strength=0.6, pictures=False)
    painter.scheduler = EulerAncestralDiscreteScheduler(**PLAIN, timestep_spacing="leading")
    golds.save("mask_taken_three", painter, **{**asked, "guidance_scale": 1.0}, strength=0.6, num_images_per_prompt=3,
               pictures=False)
    keep_unet(root / "sd-inpaint")


def distilled(root: Path, golds: object, made: object, asked: dict) -> None:
    """Of a UNet that takes the guidance weight: the trained one, with that input random and small."""
    torch.manual_seed(10)
    unet = UNet2DConditionModel.from_config({**made.unet.config, "time_cond_proj_dim": 9, "_use_default_values": []})
    first = torch.randn_like(unet.time_embedding.cond_proj.weight) * 0.1
    unet.load_state_dict({**made.unet.state_dict(), "time_embedding.cond_proj.weight": first})
    parts = {**made.components, "unet": unet.eval().requires_grad_(False), "scheduler": LCMScheduler(**PLAIN)}
    painter = LatentConsistencyModelPipeline(**parts, requires_safety_checker=False)
    export(painter, root / "sd-lcm")
    golds.config("lcm", painter.scheduler)
    golds.save("weight_taken", painter, prompt=asked["prompt"], guidance_scale=8.5, steps=4, pictures=False)
    plain = StableDiffusionPipeline(**{**parts, "scheduler": DDIMScheduler(**PLAIN)}, requires_safety_checker=False)
    golds.save("weight_taken_ddim", plain, **{**asked, "guidance_scale": 3.0}, pictures=False)
    keep_unet(root / "sd-lcm")


def keep_unet(folder: Path) -> None:
    """Its other parts are those of the pipeline that it was made of."""
    for part in folder.iterdir():
        if part.name not in ("unet", "model_index.json"):
            shutil.rmtree(part)


def stable_diffusion_xl(golds: object, made: object, asked: dict) -> None:
    """Asked of a pipeline of Stable Diffusion XL."""
    golds.save("skipped", made, **asked, clip_skip=1, pictures=False)


def stable_diffusion_3(golds: object, made: object, asked: dict) -> None:
    """Asked of a pipeline of Stable Diffusion 3: the sigmas are its scheduler's, whatever the file reminds of."""
    keys = {"use_flow_sigmas": True, "use_dynamic_shifting": True, "prediction_type": "flow_prediction"}
    schedulers = {"heun": FlowMatchHeunDiscreteScheduler(shift=3.0), "dpm_by_length": DPMSolverMultistepScheduler(**keys),
                  "unipc_by_length": UniPCMultistepScheduler(**keys, time_shift_type="linear")}
    for name, scheduler in schedulers.items():
        made.scheduler = scheduler
        golds.config(name, scheduler)
        golds.save(name, made, **asked, pictures=False)
    for name, keys in {"unshifted": {}, "by_length": {"use_dynamic_shifting": True}}.items():
        made.scheduler = FlowMatchEulerDiscreteScheduler(**keys)
        golds.config(name, made.scheduler)
        golds.save(name, made, **asked, pictures=False)
        golds.save(f"{name}_custom", made, **asked, pictures=False, steps=5, sigmas=[1.0, 0.8, 0.6, 0.35, 0.1])
