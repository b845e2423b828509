"""Writes what the T5 of a pipeline of Stable Diffusion 3 makes of texts: Paraflux does not run T5, and takes its vectors from
such a file.

    python tools/t5_vectors.py SOURCE prompts.npy "a red square" "two green circles"
    python tools/t5_vectors.py SOURCE negative.npy ""

SOURCE is a folder of diffusers, or a name on its hub. The file holds float32 [texts, 256, width]. Needs transformers and
torch.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import torch

_TOKENS = 256
"""As many as diffusers takes by default, and Paraflux always."""


def vectors(source: str, texts: list[str]) -> np.ndarray:
    """Of each text, [texts, 256, width]; what is longer is cut, and the rest of a short one is padding, as diffusers has it."""
    from transformers import AutoTokenizer, T5EncoderModel

    tokenizer = AutoTokenizer.from_pretrained(source, subfolder="tokenizer_3")
    encoder = T5EncoderModel.from_pretrained(source, subfolder="text_encoder_3", torch_dtype=torch.float32).eval()
    ids = tokenizer(texts, padding="max_length", max_length=_TOKENS, truncation=True, add_special_tokens=True,
                    return_tensors="pt").input_ids
    with torch.no_grad():
        return torch.cat([encoder(one[None])[0] for one in ids]).numpy()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("source", help="a folder of diffusers, or a name on its hub")
    parser.add_argument("file", type=Path, help="where to write, .npy")
    parser.add_argument("texts", nargs="+", help="the texts, each as one argument")
    arguments = parser.parse_args()
    if arguments.file.suffix != ".npy":
        print(f"t5_vectors: {arguments.file}: must end in .npy", file=sys.stderr)
        return 2
    try:
        written = vectors(arguments.source, arguments.texts)
        np.save(arguments.file, written)
    except (OSError, ImportError) as problem:
        print(f"t5_vectors: {problem}", file=sys.stderr)
        return 2
    print(f"{arguments.file}: {list(written.shape)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
