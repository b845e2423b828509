"""Turns a folder of diffusers (Stable Diffusion 1.x, 2.x, XL or 3, the first three for Inpaint too) into one that Paraflux draws from: every part as ONNX in
the layout of Optimum, the denoiser with a float32 time of each row, so that parallel methods can evaluate rows of many
times at once.

    python tools/export_pipeline.py SOURCE FOLDER

SOURCE is a folder of diffusers, or a name on its hub. Needs diffusers, transformers, torch, onnx and onnxruntime.
"""

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path

import torch
from torch import Tensor, nn

from exported_forms import quiet
from exported_network import ToolError

_INLINE_BYTES = 1_500_000_000
"""A protobuf holds 2 GB; weights of more lie in a file of their own."""
_TOLERANCE = 2e-3
"""How far what was written may be from what PyTorch computes, of the largest value."""
_OPSET = 18
_KINDS = ("StableDiffusionPipeline", "StableDiffusionXLPipeline", "StableDiffusion3Pipeline", "StableDiffusionInpaintPipeline",
          "StableDiffusionXLInpaintPipeline", "LatentConsistencyModelPipeline")
_BATCH = {0: "batch"}
_PICTURE = {0: "batch", 2: "height", 3: "width"}
_TOKENS = {0: "batch", 1: "tokens"}


class _TextEncoder(nn.Module):
    """Its last states, its pooled vector, and the states of every layer."""

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids: Tensor) -> tuple[Tensor, ...]:
        answer = self.encoder(input_ids=input_ids, output_hidden_states=True, return_dict=True)
        pooled = answer.text_embeds if "text_embeds" in answer else answer.pooler_output
        return (answer.last_hidden_state, pooled, *answer.hidden_states)


class _Unet(nn.Module):
    """Of the inputs that are named besides, in their order."""

    def __init__(self, unet: nn.Module, names: list[str]) -> None:
        super().__init__()
        self.unet = unet
        self.names = names

    def forward(self, sample: Tensor, timestep: Tensor, encoder_hidden_states: Tensor, *added: Tensor) -> Tensor:
        more = dict(zip(self.names, added))
        weight = more.pop("timestep_cond", None)
        return self.unet(sample, timestep, encoder_hidden_states, timestep_cond=weight, added_cond_kwargs=more or None,
                         return_dict=False)[0]


class _Transformer(nn.Module):
    def __init__(self, transformer: nn.Module) -> None:
        super().__init__()
        self.transformer = transformer

    def forward(self, hidden_states: Tensor, timestep: Tensor, encoder_hidden_states: Tensor,
                pooled_projections: Tensor) -> Tensor:
        return self.transformer(hidden_states=hidden_states, timestep=timestep,
                                encoder_hidden_states=encoder_hidden_states, pooled_projections=pooled_projections,
                                return_dict=False)[0]


class _Decoder(nn.Module):
    def __init__(self, vae: nn.Module) -> None:
        super().__init__()
        self.vae = vae

    def forward(self, latent_sample: Tensor) -> Tensor:
        return self.vae.decode(latent_sample, return_dict=False)[0]


class _Encoder(nn.Module):
    """The distribution and no draw from it: what is drawn is the caller's matter."""

    def __init__(self, vae: nn.Module) -> None:
        super().__init__()
        self.vae = vae

    def forward(self, sample: Tensor) -> Tensor:
        return self.vae.encode(sample, return_dict=False)[0].parameters


def _save(network: nn.Module, example: tuple, folder: Path, inputs: dict, outputs: dict, check: tuple) -> None:
    """Writes folder/model.onnx, and compares it with the network on rows of another number."""
    import onnx
    import onnxruntime

    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "model.onnx"
    with tempfile.TemporaryDirectory() as scratch, quiet(), torch.no_grad():
        written = Path(scratch) / "model.onnx"
        torch.onnx.export(network, example, str(written), dynamo=False, input_names=list(inputs),
                          output_names=list(outputs), dynamic_axes={**inputs, **outputs}, opset_version=_OPSET)
        graph = onnx.load(str(written))
        graph.doc_string = ""
        for node in graph.graph.node:
            node.doc_string = ""
        size = sum(parameter.numel() * parameter.element_size() for parameter in network.parameters())
        onnx.save(graph, str(file), save_as_external_data=size > _INLINE_BYTES, location="model.onnx_data")
        wanted = network(*check)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    found = session.run(None, {name: value.numpy() for name, value in zip(inputs, check)})
    wanted = wanted if isinstance(wanted, tuple) else (wanted,)
    worst = max(((torch.from_numpy(one) - other).abs().max() / other.abs().max()).item()
                for one, other in zip(found, wanted))
    if not worst <= _TOLERANCE:
        raise ToolError(f"{file} is {worst:.1e} of the largest value from what PyTorch computes")
    print(f"{file}: {file.stat().st_size / 1e6:.1f} MB, {worst:.0e} of the largest value from PyTorch")


def _export_text_encoder(encoder: nn.Module, folder: Path) -> None:
    config = encoder.config
    example = torch.randint(0, config.vocab_size, (2, config.max_position_embeddings))
    check = torch.randint(0, config.vocab_size, (1, config.max_position_embeddings))
    pooled = "text_embeds" if encoder.__class__.__name__.endswith("WithProjection") else "pooler_output"
    layers = [f"hidden_states.{k}" for k in range(config.num_hidden_layers + 1)]
    outputs = {"last_hidden_state": _TOKENS, pooled: _BATCH, **{name: _TOKENS for name in layers}}
    _save(_TextEncoder(encoder), (example,), folder, {"input_ids": _TOKENS}, outputs, (check,))


def _sides(size: int | list[int]) -> tuple[int, int]:
    return (size, size) if isinstance(size, int) else tuple(size)


def _export_unet(unet: nn.Module, tokens: int, folder: Path) -> None:
    config = unet.config

    def rows(count: int) -> tuple[Tensor, ...]:
        given = [torch.randn(count, config.in_channels, *_sides(config.sample_size)),
                 torch.linspace(1, 900, count) + 0.5, torch.randn(count, tokens, config.cross_attention_dim)]
        if "text_embeds" in names:
            pooled = config.projection_class_embeddings_input_dim - 6 * config.addition_time_embed_dim
            given += [torch.randn(count, pooled), torch.full((count, 6), 64.0)]
        if "timestep_cond" in names:
            given.append(torch.randn(count, config.time_cond_proj_dim))
        return tuple(given)

    names = ["text_embeds", "time_ids"] if config.addition_embed_type == "text_time" else []
    names += [] if config.time_cond_proj_dim is None else ["timestep_cond"]
    inputs = {"sample": _PICTURE, "timestep": _BATCH, "encoder_hidden_states": _TOKENS, **dict.fromkeys(names, _BATCH)}
    _save(_Unet(unet, names), rows(3), folder, inputs, {"out_sample": _PICTURE}, rows(2))


def _export_transformer(transformer: nn.Module, tokens: int, folder: Path) -> None:
    config = transformer.config

    def rows(count: int) -> tuple[Tensor, ...]:
        return (torch.randn(count, config.in_channels, *_sides(config.sample_size)), torch.linspace(1, 900, count) + 0.5,
                torch.randn(count, tokens, config.joint_attention_dim), torch.randn(count, config.pooled_projection_dim))

    inputs = {"hidden_states": _PICTURE, "timestep": _BATCH, "encoder_hidden_states": _TOKENS,
              "pooled_projections": _BATCH}
    _save(_Transformer(transformer), rows(3), folder, inputs, {"out_sample": _PICTURE}, rows(2))


def _export_vae(vae: nn.Module, folder: Path) -> None:
    side = _sides(vae.config.sample_size)[0]
    factor = 2 ** (len(vae.config.block_out_channels) - 1)
    latents = {"latent_sample": {0: "batch", 2: "height_latent", 3: "width_latent"}}
    channels = vae.config.latent_channels
    _save(_Decoder(vae), (torch.randn(2, channels, side // factor, side // factor),), folder / "vae_decoder", latents,
          {"sample": _PICTURE}, (torch.randn(1, channels, side // factor, side // factor),))
    _save(_Encoder(vae), (torch.randn(2, 3, side, side),), folder / "vae_encoder", {"sample": _PICTURE},
          {"latent_parameters": {0: "batch", 2: "height_latent", 3: "width_latent"}}, (torch.randn(1, 3, side, side),))
    for half in ("vae_decoder", "vae_encoder"):
        vae.save_config(folder / half)


def export(pipeline: object, folder: Path) -> None:
    """Writes a pipeline of diffusers into a folder, which is made."""
    kind = pipeline.__class__.__name__
    parts = pipeline.components
    if kind not in _KINDS:
        raise ToolError(f"{kind} is none of {', '.join(_KINDS)}")
    if folder.exists():
        raise ToolError(f"{folder} exists: name a folder that does not")
    folder.mkdir(parents=True)
    index = {"_class_name": kind}
    if "force_zeros_for_empty_prompt" in pipeline.config:
        index["force_zeros_for_empty_prompt"] = bool(pipeline.config.force_zeros_for_empty_prompt)
    for name in ("tokenizer", "tokenizer_2"):
        if parts.get(name) is not None:
            parts[name].save_pretrained(folder / name)
            index[name] = ["transformers", "CLIPTokenizer"]
    for name in ("text_encoder", "text_encoder_2"):
        encoder = parts.get(name)
        if encoder is not None:
            _export_text_encoder(encoder.eval().float(), folder / name)
            (folder / name / "config.json").write_text(encoder.config.to_json_string(), encoding="utf-8")
            index[name] = ["transformers", encoder.__class__.__name__]
    if kind == "StableDiffusion3Pipeline":
        # Its part of the prompt is zeros where nobody gives it, as diffusers has it without T5.
        if parts.get("text_encoder_3") is not None:
            print("text_encoder_3, T5, is left out: pictures are those that diffusers draws with text_encoder_3=None,"
                  " unless t5_vectors.py brings its part")
        index["text_encoder_3"] = index["tokenizer_3"] = [None, None]
        tokens = parts["tokenizer"].model_max_length + 256
        _export_transformer(parts["transformer"].eval().float(), tokens, folder / "transformer")
        parts["transformer"].save_config(folder / "transformer")
        index["transformer"] = ["diffusers", "SD3Transformer2DModel"]
    else:
        _export_unet(parts["unet"].eval().float(), parts["tokenizer"].model_max_length, folder / "unet")
        parts["unet"].save_config(folder / "unet")
        index["unet"] = ["diffusers", "UNet2DConditionModel"]
    _export_vae(parts["vae"].eval().float(), folder)
    index["vae_decoder"] = index["vae_encoder"] = ["diffusers", "AutoencoderKL"]
    pipeline.scheduler.save_pretrained(folder / "scheduler")
    index["scheduler"] = ["diffusers", pipeline.scheduler.__class__.__name__]
    (folder / "model_index.json").write_text(json.dumps(index, indent=2) + "\n", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("source", help="a folder of diffusers, or a name on its hub")
    parser.add_argument("folder", type=Path, help="where to write; must not exist")
    arguments = parser.parse_args()
    try:
        from diffusers import DiffusionPipeline
    except ImportError as problem:
        print(f"export_pipeline: diffusers is missing: {problem}", file=sys.stderr)
        return 2
    made = not arguments.folder.exists()
    done = False
    try:
        export(DiffusionPipeline.from_pretrained(arguments.source, torch_dtype=torch.float32), arguments.folder)
        done = True
    except (ToolError, OSError) as problem:
        print(f"export_pipeline: {problem}", file=sys.stderr)
    finally:
        # Whatever went wrong: half a pipeline is none.
        if made and not done:
            shutil.rmtree(arguments.folder, ignore_errors=True)
    return 0 if done else 2


if __name__ == "__main__":
    sys.exit(main())
