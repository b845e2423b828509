"""Compiles the test models of src/test/resources/dev/paraflux/model/aoti with AOTInductor (PyTorch 2.13, g++, strip).

    python tools/compiled_models.py src/test/resources/dev/paraflux/model/aoti
    python tools/compiled_models.py FOLDER cuda        for the CUDA device that is here, for AotiCudaTest

They run on every x86-64 processor with AVX2. tiny.pt2 is a network of two convolutions, with a time and a label, for 1 to
1024 rows. odd.pt2 is what a package can be besides: it calculates in bfloat16, takes 2 to 15 rows, changes x, and answers
two tensors. Weights are drawn from seed 7. What is not needed to run them is left out of the packages.
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import zipfile

os.environ["TORCHINDUCTOR_CPP_MARCH"] = "x86-64-v3"

import torch
import torch._inductor.config as inductor


class Tiny(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = torch.nn.Conv2d(1, 4, 3, padding=1)
        self.out = torch.nn.Conv2d(4, 1, 3, padding=1)
        self.time = torch.nn.Linear(2, 4)
        self.label = torch.nn.Embedding(4, 4)

    def forward(self, x, t, y):
        turn = 3 * t[:, None] / 1000
        told = self.time(torch.cat([torch.sin(turn), torch.cos(turn)], 1)) + self.label(y)
        hidden = torch.nn.functional.silu(self.conv(x) + told[:, :, None, None])
        return self.out(hidden) + x


class Odd(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = torch.nn.Conv2d(1, 1, 3, padding=1).bfloat16()

    def forward(self, x, t, y):
        answer = self.conv(x.bfloat16()).float() + t[:, None, None, None] / 1000 + y[:, None, None, None]
        x.mul_(2)
        return answer, t


def compile(model, rows, most, folder, name, device):
    batch = torch.export.Dim("batch", min=1, max=most)
    example = (torch.randn(rows, 1, 8, 8), torch.rand(rows) * 999, torch.randint(0, 4, (rows,)))
    model, example = model.to(device), tuple(value.to(device) for value in example)
    shapes = {"x": {0: batch}, "t": {0: batch}, "y": {0: batch}}
    program = torch.export.export(model.eval().requires_grad_(False), example, dynamic_shapes=shapes)
    # Else two rows are the fewest, as by versions that have no such choice.
    if hasattr(inductor.aot_inductor, "check_lowerbound"):
        inductor.aot_inductor.check_lowerbound = name == "odd"
    with tempfile.TemporaryDirectory() as place:
        package = torch._inductor.aoti_compile_and_package(program, package_path=f"{place}/{name}.pt2")
        shrink(package, pathlib.Path(folder) / f"{name}.pt2", place)


def shrink(package, to, place):
    """Without sources and debug information, and packed."""
    with zipfile.ZipFile(package) as old, zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith((".cpp", "kernel_metadata.json")):
                continue
            if name.endswith(".so"):
                library = pathlib.Path(place) / "library.so"
                library.write_bytes(content)
                subprocess.run(["strip", "--strip-all", library], check=True)
                content = library.read_bytes()
            new.writestr(zipfile.ZipInfo(name), content, compress_type=zipfile.ZIP_DEFLATED)


def expected(model, folder):
    """Inputs and outputs of three rows, as raw float32."""
    x = torch.linspace(-1, 1, 3 * 64).reshape(3, 1, 8, 8)
    y = model(x, torch.tensor([0.0, 250.5, 999.0]), torch.tensor([0, 2, 3]))
    (pathlib.Path(folder) / "tiny.expected").write_bytes(y.numpy().tobytes())


def main(folder, device="cpu"):
    torch.manual_seed(7)
    # Else the number of threads of this machine is compiled in.
    torch.set_num_threads(1)
    inductor.cpp.simdlen = 256
    tiny = Tiny().requires_grad_(False)
    expected(tiny, folder)
    compile(tiny, 40, 1024, folder, "tiny", device)
    compile(Odd(), 3, 15, folder, "odd", device)


if __name__ == "__main__":
    main(*sys.argv[1:])
