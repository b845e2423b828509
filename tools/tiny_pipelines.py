"""Makes tiny pipelines for tests, in the layout of a hub's folder, and what diffusers draws with them.

    python tools/tiny_pipelines.py FOLDER

Their structure is that of Stable Diffusion 1, XL and 3, their weights are random but for a denoiser that a minute of
training makes steady, and all of them come from seeds. Needs diffusers and its pillow.
"""

import argparse
import json
import shutil
from collections import Counter
from pathlib import Path

import diffusers
import numpy as np
import torch
from diffusers import (AutoencoderKL, DDIMScheduler, DPMSolverMultistepScheduler, EulerAncestralDiscreteScheduler,
                       EulerDiscreteScheduler, FlowMatchEulerDiscreteScheduler, PNDMScheduler, SD3Transformer2DModel,
                       StableDiffusion3Pipeline, StableDiffusionImg2ImgPipeline, StableDiffusionInpaintPipeline,
                       StableDiffusionPipeline, StableDiffusionXLPipeline, UNet2DConditionModel, UniPCMultistepScheduler)
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer

import tiny_golds
from export_pipeline import export
from tiny_golds import Golds

PROMPT, NEGATIVE, SECOND = "a red square, high quality", "blurry, low quality", "two small green circles"
CORPUS = ("a red square and a green circle, a blue cross, a yellow stripe; high quality, best quality, low quality, blurry,"
          " dark picture of the small house, two large horses, don't it's café 2024 high high quality red red square ") * 3
TEXTS = [
    PROMPT, NEGATIVE, "", " ", "A  Red\nSQUARE, it's naïve 10!", "don't stop: café №5 — 日本 🙂",
    "<|endoftext|> a <|startoftext|>b<|endoftext|>", "a<|ENDOFTEXT|>b", "x!<|EndOfText|>'ll <|STARTOFTEXT|>!?", "ΟΔΟΣ İstanbul ǅ ß ﬁ", "e\u0301 \u00a0 x\u2003y\u200bz",
    "we'll we've I'd 'tis ''s '", "1234567890 ⅧⅫ ²³ ٣", "a" * 300, "red square " * 60,
    "\x00\x01\x1f\x85 tab\tend", "$$$ *** (((masterpiece:1.2))) [x|y]", "日本語のテキスト 한국어 العربية हिन्दी", "🙂👩‍👩‍👧‍👦🏳️‍🌈",
    "\ufeffbom \ufffd", "x" * 50 + " " + "!?" * 40,
]


def byte_letters() -> list[str]:
    """GPT-2's alphabet: a printable letter for each byte."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    letters, others = {}, 0
    for value in range(256):
        letters[value] = chr(value) if value in printable else chr(256 + others)
        others += value not in printable
    return [letters[value] for value in printable] + [letters[value] for value in range(256) if value not in printable]


def train_tokenizer(folder: Path, merges: int, pad: str) -> CLIPTokenizer:
    """Byte pairs of a small text: vocab.json and merges.txt, as older folders have them."""
    folder.mkdir(parents=True)
    letters = byte_letters()
    words = Counter(tuple([*word[:-1], word[-1] + "</w>"]) for word in CORPUS.lower().replace(",", " ,").split()
                    if word.isascii())
    learnt: list[tuple[str, str]] = []
    while len(learnt) < merges:
        pairs = Counter()
        for word, count in words.items():
            for pair in zip(word, word[1:]):
                pairs[pair] += count
        if not pairs:
            break
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        learnt.append(best)
        merged = Counter()
        for word, count in words.items():
            parts, k = [], 0
            while k < len(word):
                both = word[k:k + 2] == best
                parts.append("".join(best) if both else word[k])
                k += 2 if both else 1
            merged[tuple(parts)] += count
        words = merged
    tokens = letters + [letter + "</w>" for letter in letters] + ["".join(pair) for pair in learnt]
    tokens += ["<|startoftext|>", "<|endoftext|>"]
    (folder / "vocab.json").write_text(json.dumps({token: k for k, token in enumerate(tokens)}, ensure_ascii=False),
                                       encoding="utf-8")
    (folder / "merges.txt").write_text("#version: 0.2\n" + "".join(f"{a} {b}\n" for a, b in learnt), encoding="utf-8")
    (folder / "tokenizer_config.json").write_text(json.dumps({
        "tokenizer_class": "CLIPTokenizer", "model_max_length": 77, "bos_token": "<|startoftext|>",
        "eos_token": {"__type": "AddedToken", "content": "<|endoftext|>"}, "unk_token": "<|endoftext|>", "pad_token": pad,
        "do_lower_case": True}, indent=1), encoding="utf-8")
    return CLIPTokenizer.from_pretrained(str(folder), pad_token=pad)


def text_encoder(vocabulary: int, width: int, layers: int, projected: bool) -> torch.nn.Module:
    config = CLIPTextConfig(vocab_size=vocabulary, hidden_size=width, intermediate_size=2 * width, projection_dim=width,
                            num_hidden_layers=layers, num_attention_heads=2, max_position_embeddings=77,
                            hidden_act="quick_gelu", bos_token_id=0, eos_token_id=2, pad_token_id=1)
    encoder = (CLIPTextModelWithProjection if projected else CLIPTextModel)(config).eval()
    with torch.no_grad():
        for name, parameter in encoder.named_parameters():
            if "token_embedding" in name or "text_projection" in name:
                parameter.mul_(30 if "token" in name else 5)
    return encoder.requires_grad_(False)


def autoencoder(latent_channels: int, **numbers: float) -> AutoencoderKL:
    return AutoencoderKL(in_channels=3, out_channels=3, latent_channels=latent_channels, block_out_channels=(4, 4, 8),
                         down_block_types=("DownEncoderBlock2D",) * 3, up_block_types=("UpDecoderBlock2D",) * 3,
                         layers_per_block=1, norm_num_groups=2, sample_size=32, **numbers).eval().requires_grad_(False)


def train(denoiser: torch.nn.Module, condition: list[dict], flow: bool, steps: int) -> None:
    """On latents that depend on the condition, so that trajectories are none of noise alone."""
    generator = torch.Generator().manual_seed(1)
    base = torch.randn(len(condition), 4, 1, 1, generator=generator) * torch.linspace(-1, 1, 8)[None, None, :, None]
    alphas = DDIMScheduler(**SCHEDULE).alphas_cumprod
    optimizer = torch.optim.AdamW(denoiser.parameters(), lr=3e-3)
    for step in range(steps):
        k = torch.randint(0, len(condition), (8,), generator=generator)
        x0 = base[k] + 0.2 * torch.randn(8, 4, 1, 1, generator=generator)
        noise = torch.randn(8, 4, 8, 8, generator=generator)
        t = torch.randint(1, 1000, (8,), generator=generator)
        given = {key: torch.cat([condition[int(i)][key] for i in k]) for key in condition[0]}
        if flow:
            tau = (t / 1000)[:, None, None, None]
            x, wanted = (1 - tau) * x0 + tau * noise, noise - x0
            answer = denoiser(hidden_states=x, timestep=t.float(), **given, return_dict=False)[0]
        else:
            a = alphas[t][:, None, None, None]
            x, wanted = a.sqrt() * x0 + (1 - a).sqrt() * noise, noise
            states = given.pop("encoder_hidden_states")
            answer = denoiser(x, t, states, added_cond_kwargs=given or None, return_dict=False)[0]
        loss = ((answer - wanted) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        for group in optimizer.param_groups:
            group["lr"] = 3e-3 * (1 - step / steps)
    print(f"trained to {loss.item():.3f}")
    denoiser.eval().requires_grad_(False)


SCHEDULE = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}
PLAIN = {**SCHEDULE, "clip_sample": False, "set_alpha_to_one": False, "steps_offset": 1}


def unet(width: int, **more: object) -> UNet2DConditionModel:
    return UNet2DConditionModel(sample_size=8, in_channels=4, out_channels=4, layers_per_block=1, norm_num_groups=4,
                                block_out_channels=(width, 2 * width), down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
                                up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"), attention_head_dim=4, **more)


def stable_diffusion(root: Path, scratch: Path) -> None:
    torch.manual_seed(0)
    folder = root / "sd"
    tokenizer = train_tokenizer(scratch / "tokenizer", 120, "<|endoftext|>")
    encoder = text_encoder(len(tokenizer), 16, 2, False)
    vae = autoencoder(4, scaling_factor=0.18215)
    denoiser = unet(8, cross_attention_dim=16)
    prompts = ["", PROMPT, NEGATIVE, SECOND]
    ids = [tokenizer(one, padding="max_length", max_length=77, truncation=True, return_tensors="pt").input_ids
           for one in prompts]
    train(denoiser, [{"encoder_hidden_states": encoder(one)[0]} for one in ids], False, 600)
    made = StableDiffusionPipeline(vae=vae, text_encoder=encoder, tokenizer=tokenizer, unet=denoiser,
                                   scheduler=DDIMScheduler(**PLAIN), safety_checker=None, feature_extractor=None,
                                   requires_safety_checker=False)
    export(made, folder)
    shutil.rmtree(folder / "tokenizer")
    shutil.copytree(scratch / "tokenizer", folder / "tokenizer")
    (root / "tokens.json").write_text(json.dumps(
        [{"text": text, "ids": tokenizer(text, padding="max_length", max_length=77, truncation=True).input_ids}
         for text in TEXTS], ensure_ascii=True, indent=0), encoding="utf-8")
    golds = Golds(root / "sd-gold")
    asked = {"prompt": PROMPT, "negative_prompt": NEGATIVE, "guidance_scale": 7.5}
    schedulers = {
        "ddim": DDIMScheduler(**PLAIN), "dpmpp2m": DPMSolverMultistepScheduler(**SCHEDULE, steps_offset=1),
        "pndm": PNDMScheduler(**SCHEDULE, skip_prk_steps=True, steps_offset=1, set_alpha_to_one=False),
        "euler": EulerDiscreteScheduler(**SCHEDULE, steps_offset=1, timestep_spacing="leading"),
        "euler_trailing": EulerDiscreteScheduler(**SCHEDULE, timestep_spacing="trailing"),
        "euler_karras": EulerDiscreteScheduler(**SCHEDULE, use_karras_sigmas=True),
        "euler_ancestral": EulerAncestralDiscreteScheduler(**SCHEDULE, steps_offset=1, timestep_spacing="leading"),
        "unipc": UniPCMultistepScheduler(**SCHEDULE, steps_offset=1),
    }
    for name, scheduler in schedulers.items():
        made.scheduler = scheduler
        golds.save(name, made, **asked)
        golds.config(name, scheduler)
    made.scheduler = schedulers["ddim"]
    two = {**asked, "prompt": [PROMPT, SECOND], "negative_prompt": [NEGATIVE, ""]}
    golds.save("two_one_generator", made, **two)
    golds.save("two_own_generators", made, **two, seeds=[5, 6])
    golds.save("wide", made, **asked, width=48, height=32)
    made.scheduler = schedulers["euler_ancestral"]
    golds.save("two_ancestral", made, **two)
    made.scheduler = schedulers["ddim"]
    rows, columns = np.mgrid[0:32, 0:32]
    picture = np.stack([rows * 8, columns * 8, (rows + columns) * 4], -1).astype(np.uint8)
    mask = ((rows > 12) & (columns > 10)).astype(np.uint8) * 255
    np.save(golds.folder / "picture.npy", picture)
    np.save(golds.folder / "mask.npy", mask)
    from PIL import Image
    source, hole = Image.fromarray(picture), Image.fromarray(mask)
    parts = made.components
    golds.save("img2img", StableDiffusionImg2ImgPipeline(**parts, requires_safety_checker=False), **asked, image=source,
               strength=0.6)
    golds.save("inpainted", StableDiffusionInpaintPipeline(**parts, requires_safety_checker=False), **asked, image=source,
               mask_image=hole, strength=0.6, height=32, width=32)
    tiny_golds.stable_diffusion(golds, made, asked, source, hole, SCHEDULE)
    tiny_golds.other_unets(root, golds, made, asked, source, hole)
    tiny_golds.added_tokens(root, scratch, made)


def stable_diffusion_xl(root: Path, scratch: Path) -> None:
    torch.manual_seed(1)
    tokenizer = train_tokenizer(scratch / "tokenizer_xl", 60, "<|endoftext|>")
    second = train_tokenizer(scratch / "tokenizer_2", 60, "!")
    one, two = text_encoder(len(tokenizer), 8, 2, False), text_encoder(len(second), 12, 2, True)
    denoiser = unet(4, cross_attention_dim=20, addition_embed_type="text_time", addition_time_embed_dim=4,
                    projection_class_embeddings_input_dim=36, use_linear_projection=True)
    made = StableDiffusionXLPipeline(
        vae=autoencoder(4, scaling_factor=0.13025), text_encoder=one, text_encoder_2=two, tokenizer=tokenizer,
        tokenizer_2=second, unet=denoiser, force_zeros_for_empty_prompt=True, add_watermarker=False,
        scheduler=EulerDiscreteScheduler(**SCHEDULE, steps_offset=1, timestep_spacing="leading"))
    times = torch.tensor([[32.0, 32, 0, 0, 32, 32]])
    given = []
    for prompt in (PROMPT, NEGATIVE, SECOND):
        states, _, pooled, _ = made.encode_prompt(prompt, do_classifier_free_guidance=False)
        given.append({"encoder_hidden_states": states, "text_embeds": pooled, "time_ids": times})
    given.append({key: value if key == "time_ids" else torch.zeros_like(value) for key, value in given[0].items()})
    train(denoiser, given, False, 500)
    export(made, root / "sdxl")
    golds = Golds(root / "sdxl-gold")
    golds.save("given", made, prompt=PROMPT, negative_prompt=NEGATIVE, guidance_scale=5.0)
    golds.save("none", made, prompt=PROMPT, guidance_scale=5.0)
    golds.save("empty", made, prompt=PROMPT, negative_prompt="", guidance_scale=5.0)
    tiny_golds.stable_diffusion_xl(golds, made, {"prompt": PROMPT, "negative_prompt": NEGATIVE, "guidance_scale": 5.0})


def stable_diffusion_3(root: Path, scratch: Path) -> None:
    torch.manual_seed(2)
    tokenizer = train_tokenizer(scratch / "tokenizer_3", 40, "<|endoftext|>")
    one, two = text_encoder(len(tokenizer), 8, 1, True), text_encoder(len(tokenizer), 8, 1, True)
    transformer = SD3Transformer2DModel(sample_size=8, patch_size=2, in_channels=4, num_layers=1, attention_head_dim=8,
                                        num_attention_heads=2, joint_attention_dim=24, caption_projection_dim=16,
                                        pooled_projection_dim=16, out_channels=4, pos_embed_max_size=16)
    made = StableDiffusion3Pipeline(
        vae=autoencoder(4, scaling_factor=1.5305, shift_factor=0.0609, use_quant_conv=False, use_post_quant_conv=False),
        text_encoder=one, text_encoder_2=two, tokenizer=tokenizer, tokenizer_2=tokenizer, text_encoder_3=None,
        tokenizer_3=None, transformer=transformer, scheduler=FlowMatchEulerDiscreteScheduler(shift=3.0))
    given = []
    for prompt in ("", PROMPT, NEGATIVE):
        states, _, pooled, _ = made.encode_prompt(prompt, prompt, prompt, do_classifier_free_guidance=False)
        given.append({"encoder_hidden_states": states, "pooled_projections": pooled})
    train(transformer, given, True, 400)
    export(made, root / "sd3")
    golds = Golds(root / "sd3-gold")
    asked = {"prompt": PROMPT, "negative_prompt": NEGATIVE, "guidance_scale": 7.0}
    golds.save("given", made, **asked)
    states, negative, pooled, negative_pooled = made.encode_prompt(PROMPT, PROMPT, PROMPT, negative_prompt=NEGATIVE)
    vectors = torch.randn(2, 256, 24, generator=torch.Generator().manual_seed(3))
    np.save(golds.folder / "t5_vectors.npy", vectors.numpy())
    states[0, -256:], negative[0, -256:] = vectors[0], vectors[1]
    golds.save("t5", made, prompt_embeds=states, negative_prompt_embeds=negative, pooled_prompt_embeds=pooled,
               negative_pooled_prompt_embeds=negative_pooled, guidance_scale=7.0)
    tiny_golds.stable_diffusion_3(golds, made, asked)


class Named(torch.nn.Module):
    """Answers several tensors by name, as a TorchScript module can."""

    def forward(self, input_ids: torch.Tensor, scale: torch.Tensor) -> dict[str, torch.Tensor]:
        states = input_ids.unsqueeze(-1) * scale
        return {"last_hidden_state": states, "pooler_output": states.sum(1), "ids": input_ids}


class Several(torch.nn.Module):
    """Answers several tensors without names, in another type, or fails."""

    def forward(self, input_ids: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        if int(input_ids.max()) > 9:
            raise RuntimeError("ids end at 9")
        return input_ids.double() / 4, 1 / input_ids.float()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    torch.set_num_threads(1)
    scratch = folder.with_name(folder.name + "-scratch")
    for one in (folder, scratch):
        shutil.rmtree(one, ignore_errors=True)
        one.mkdir(parents=True)
    print(f"diffusers {diffusers.__version__}, torch {torch.__version__}")
    stable_diffusion(folder, scratch)
    stable_diffusion_xl(folder, scratch)
    stable_diffusion_3(folder, scratch)
    torch.jit.script(Named()).save(str(folder / "named.pt"))
    torch.jit.script(Several()).save(str(folder / "several.pt"))
    shutil.rmtree(scratch)
    for one in ("sdxl", "sd3"):
        # One picture that is begun from is enough.
        shutil.rmtree(folder / one / "vae_encoder")


if __name__ == "__main__":
    main()
