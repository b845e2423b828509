"""Makes tiny models for tests: exact denoisers of a known distribution, as TorchScript of a few KB with a card beside it.

Each pixel of an image is a draw from its own two Gaussians, N(-0.6, 0.3^2) and N(0.6, 0.3^2), of which the label makes
one the likelier. The mean of x0 given x is then a closed form at every noise level, so that one distribution serves
every noise schedule and every kind of prediction.
"""

import argparse
import json
from pathlib import Path

import torch
from torch import Tensor, nn

SHAPE = (1, 8, 8)
LABELS = 10
CENTRE, DEVIATION = 0.6, 0.3
SIGMA_DATA = 0.5
"""Of EDM's preconditioning."""


class TwoGaussians(nn.Module):
    """Predicts as `prediction` says at the levels that `times` says.

    times       "steps": t is a training step of the noise schedule whose alpha-bars are given, between two of them too;
                "flow": t is 1000 tau; "log": t is log(sigma / alpha) / 4, of a variance-preserving x
    prediction  "epsilon", "sample", "v_prediction", "flow_prediction"; "edm" is the raw network of EDM
    """

    def __init__(self, prediction: str, times: str, alpha_bars: Tensor) -> None:
        super().__init__()
        self.prediction = prediction
        self.times = times
        self.register_buffer("alpha_bars", alpha_bars.double())

    def forward(self, x: Tensor, t: Tensor, label: Tensor) -> Tensor:
        x = x.double()
        t = t.double().view(-1, 1, 1, 1)
        if self.times == "steps":
            last = self.alpha_bars.size(0) - 1
            t = t.clamp(0.0, float(last))
            below = t.floor().clamp(max=float(max(last - 1, 0)))
            share = t - below
            first = below.long()
            left, right = self.alpha_bars[first].sqrt(), self.alpha_bars[(first + 1).clamp(max=last)].sqrt()
            alpha = (1 - share) * left + share * right
            sigma = (1 - alpha * alpha).sqrt()
        elif self.times == "flow":
            sigma = t / 1000
            alpha = 1 - sigma
        else:
            alpha = (1 + (8 * t).exp()).rsqrt()
            sigma = (1 + (-8 * t).exp()).rsqrt()
        if self.prediction == "edm":
            # The network is given c_in x, in the coordinates where alpha is 1.
            ratio = sigma / alpha
            root = (ratio * ratio + 0.25).sqrt()
            x0 = self.mean(x * root, torch.ones_like(ratio), ratio, label)
            return ((x0 - 0.25 / root * x) / (0.5 * ratio / root)).float()
        x0 = self.mean(x, alpha, sigma, label)
        if self.prediction == "sample":
            return x0.float()
        noise = (x - alpha * x0) / sigma
        if self.prediction == "epsilon":
            return noise.float()
        if self.prediction == "v_prediction":
            return (alpha * noise - sigma * x0).float()
        return (noise - x0).float()

    def mean(self, x: Tensor, alpha: Tensor, sigma: Tensor, label: Tensor) -> Tensor:
        """The mean of x0 given x = alpha x0 + sigma noise."""
        pixel = torch.arange(x.size(2) * x.size(3), dtype=torch.double).view(1, 1, x.size(2), x.size(3))
        logit = 1.5 * torch.sin((label.double().view(-1, 1, 1, 1) + 1) * (0.37 * pixel + 1))
        variance = alpha * alpha * 0.09 + sigma * sigma
        side = torch.tanh(logit / 2 + 0.6 * alpha * x / variance)
        return 0.6 * side + 0.09 * alpha / variance * (x - 0.6 * alpha * side)


def alpha_bars(kind: str = "scaled_linear", start: float = 0.00085, end: float = 0.012, zero_snr: bool = False) -> Tensor:
    """Of 1000 training steps."""
    if kind == "linear":
        betas = torch.linspace(start, end, 1000, dtype=torch.double)
    else:
        betas = torch.linspace(start**0.5, end**0.5, 1000, dtype=torch.double) ** 2
    alphas = torch.cumprod(1 - betas, 0).sqrt()
    if zero_snr:
        alphas = (alphas - alphas[-1]) * alphas[0] / (alphas[0] - alphas[-1])
    return alphas**2


def save(path: Path, prediction: str, times: str, bars: Tensor, scheduler: dict) -> None:
    """Writes a model, and its card beside it."""
    torch.jit.script(TwoGaussians(prediction, times, bars).eval()).save(path)
    card = {"format": 1, "name": path.stem, "shape": SHAPE, "inputs": ["x", "t", "label"], "labels": LABELS,
            "nullLabel": LABELS, "defaultGuidance": 1.0, "scheduler": scheduler, "licence": "CC0-1.0"}
    path.with_suffix(".json").write_text(json.dumps(card, indent=2) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    betas = {"num_train_timesteps": 1000, "beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}
    for name, prediction, zero in (("eps", "epsilon", False), ("v", "v_prediction", False), ("x0", "sample", False),
                                   ("zero_v", "v_prediction", True)):
        save(folder / f"tiny_{name}.pt", prediction, "steps", alpha_bars(zero_snr=zero),
             {**betas, "prediction_type": prediction, "rescale_betas_zero_snr": zero})
    none = torch.ones(1)
    save(folder / "tiny_flow.pt", "flow_prediction", "flow", none, {"_class_name": "FlowMatchEulerDiscreteScheduler"})
    save(folder / "tiny_log_v.pt", "v_prediction", "log", none, {**betas, "prediction_type": "v_prediction"})
    save(folder / "tiny_edm.pt", "edm", "log", none, {**betas, "prediction_type": "epsilon"})


if __name__ == "__main__":
    main()
