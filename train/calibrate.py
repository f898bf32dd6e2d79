"""Probabilities made honest, and the figures that follow from them, as `smartroute eval` has them."""
import numpy as np
import torch

from folds import TIERS, even

PRICES = np.array([1.0, 5.0, 25.0])
UNDER = 1.1


def calibrated(logs, temperature, shift):
    z = logs / temperature + np.asarray(shift)
    z = np.exp(z - z.max(1, keepdims=True))
    return z / z.sum(1, keepdims=True)


def fit_calibration(data, logs):
    """Temperature and shift of least loss where the tiers count alike."""
    x = torch.tensor(logs)
    gold = torch.tensor([TIERS[row["tier"]] for row in data])
    weight = torch.tensor(even(data))
    heat = torch.zeros(1, requires_grad=True)
    shift = torch.zeros(3, requires_grad=True)
    optimiser = torch.optim.LBFGS([heat, shift], max_iter=200)

    def step():
        optimiser.zero_grad()
        z = x / heat.exp() + shift
        loss = (torch.nn.functional.cross_entropy(z, gold, reduction="none") * weight).mean()
        loss = loss + 1e-3 * shift.pow(2).sum()
        loss.backward()
        return loss

    optimiser.step(step)
    centred = shift.detach() - shift.detach().mean()
    return float(heat.detach().exp()), [round(float(s), 4) for s in centred]


def decide(p, under=UNDER):
    """The tier of least expected cost; a tier too low costs `under` per step."""
    costs = np.zeros_like(p)
    for chosen in range(3):
        for needed in range(3):
            distance = chosen - needed
            costs[:, chosen] += p[:, needed] * (distance if distance >= 0 else -distance * under)
    return costs.argmin(1)


def saved_at_adequate(gold, p, weight, share=0.95):
    """What is saved at the least price of an answer that is not enough at which `share` of the answers are enough."""
    missing = np.stack([1 - p[:, 0], p[:, 2], np.zeros(len(p))], 1)
    for shortfall in 0.5 * 1.03 ** np.arange(240):
        said = (PRICES + shortfall * missing).argmin(1)
        if np.average(said >= gold, weights=weight) >= share:
            return 1 - np.average(PRICES[said], weights=weight) / PRICES[2]
    return float("nan")


def calibration_error(gold, p, weight):
    top = p.max(1)
    hit = (p.argmax(1) == gold).astype(float)
    bins = np.minimum(9, (top * 10).astype(int))
    return sum(abs(((top - hit) * weight)[bins == b].sum()) for b in range(10)) / weight.sum()


def figures(name, data, p):
    """Prints and returns the figures with each tier counting a third."""
    gold = np.array([TIERS[row["tier"]] for row in data])
    weight = even(data)
    said = decide(p)
    hit = said == gold
    clear = np.array([not row.get("note") for row in data])
    recall = [hit[gold == t].mean() for t in range(3)]
    out = {
        "rows": len(gold),
        "accuracy": np.average(hit, weights=weight),
        "clear": np.average(hit[clear], weights=weight[clear]),
        "recall_t1": recall[0],
        "recall_t2": recall[1],
        "recall_t3": recall[2],
        "calibration_error": calibration_error(gold, p, weight),
        "saved_at_95": saved_at_adequate(gold, p, weight),
    }
    out = {key: round(float(value), 4) for key, value in out.items()}
    print(name, "balanced:", *(f"{key}={value}" for key, value in out.items()), flush=True)
    return out
