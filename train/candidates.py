"""Other ways to do it, on the same held-out rows as the student: fold 0 of `folds.py`.

usage: candidates.py WORK FIT.npz TEACHER.npz TARGET.json
Each learns from the labels of the other folds. Each tier counts a third.
"""
import json
import sys

import lightgbm
import numpy as np
import torch
from torch import nn
import torch.nn.functional as F

from folds import TIERS, balance, fold, is_public, rows, target
from student import SPECIALS

BUCKETS = 1 << 17


def hashed(cut):
    """Pieces and their pairs, each once, in buckets."""
    out = []
    for row in cut:
        ids = np.array(row["text"][:600], np.int64)
        both = np.concatenate([ids * 2654435761, ids[:-1] * 40503 + ids[1:] * 10007 + 1]) if len(ids) else ids
        out.append(torch.from_numpy(np.unique(both % BUCKETS)))
    return out


class Linear(nn.Module):
    def __init__(self):
        super().__init__()
        self.bag = nn.EmbeddingBag(BUCKETS, 3, mode="sum")
        self.bias = nn.Parameter(torch.zeros(3))
        nn.init.zeros_(self.bag.weight)

    def forward(self, items):
        flat = torch.cat(items) if items else torch.zeros(0, dtype=torch.long)
        starts = torch.tensor(np.cumsum([0, *[len(i) for i in items[:-1]]]))
        size = torch.tensor([max(1, len(i)) for i in items], dtype=torch.float32)
        return self.bag(flat, starts) / size.sqrt()[:, None] + self.bias


def learn(model, inputs, goals, weights, keep, epochs, rate, decay):
    torch.manual_seed(1)
    order = np.random.default_rng(1)
    optimiser = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=decay)
    for _ in range(epochs):
        for group in np.array_split(order.permutation(keep), max(1, len(keep) // 64)):
            logs = F.log_softmax(model(inputs(group)), -1)
            loss = (-(goals[group] * logs).sum(1) * weights[group]).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    model.eval()
    with torch.inference_mode():
        every = np.arange(len(goals))
        return np.concatenate([F.log_softmax(model(inputs(g)), -1).numpy() for g in np.array_split(every, 50)])


def main():
    work, fit, teacher, out_path = sys.argv[1:5]
    torch.set_num_threads(2)
    labels = rows(f"{work}/labels.jsonl")
    cut = rows(f"{work}/labels.ids.jsonl")
    gold = np.array([TIERS[row["tier"]] for row in labels])
    weight = balance(labels)
    goals = torch.tensor(np.array([target(row) for row in labels]), dtype=torch.float32)
    places = np.array([fold(row, "mixed") for row in labels])
    keep, held = np.flatnonzero(places != 0), np.flatnonzero(places == 0)
    shape = np.array([row["shape"] for row in labels], np.float32)
    said = {}

    size = np.array([len(row["text"]) + 2 * sum("\u3040" <= c <= "\u9fff" for c in row["text"]) for row in labels])
    said["length"] = np.where(size < 60, 0, np.where(size < 300, 1, 2))

    items = hashed(cut)
    linear = learn(Linear(), lambda g: [items[i] for i in g], goals, torch.tensor(weight), keep, 12, 0.02, 0.0)
    said["hashed linear"] = linear.argmax(1)

    trees = lightgbm.LGBMClassifier(
        n_estimators=300, learning_rate=0.05, num_leaves=15, min_child_samples=20, subsample=0.8, subsample_freq=1,
        colsample_bytree=0.6, random_state=1, n_jobs=2, verbose=-1,
    ).fit(shape[keep], gold[keep], sample_weight=weight[keep])
    boosted = np.log(np.clip(trees.predict_proba(shape), 1e-6, 1))
    said["boosted trees on the shape"] = boosted.argmax(1)
    said["both, geometric mean"] = (linear + boosted).argmax(1)

    meanings = np.load(f"{work}/meanings.npy")
    meanings = np.concatenate([np.zeros((SPECIALS, meanings.shape[1]), np.float32), meanings])
    mean = np.stack([meanings[row["text"][:600] or [0]].mean(0) for row in cut])
    both = torch.tensor(np.concatenate([mean * 4, shape], 1), dtype=torch.float32)
    table = nn.Sequential(nn.Linear(both.shape[1], 64), nn.ReLU(), nn.Dropout(0.2), nn.Linear(64, 3))
    static = learn(table, lambda g: both[torch.as_tensor(g)], goals, torch.tensor(weight), keep, 20, 2e-3, 1e-2)
    said["static table, mean, and the shape"] = static.argmax(1)

    said["the student, shipped"] = np.load(fit)["oof"].argmax(1)
    said["its teacher, 118 million weights"] = np.load(teacher)["labels"].argmax(1)

    found = {}
    public = np.array([is_public(row) for row in labels])
    for name, tiers in said.items():
        figures = {}
        for part, which in (("public", public), ("written", ~public)):
            group = held[which[held]]
            hit = tiers[group] == gold[group]
            figures[part] = round(float(np.average(hit, weights=weight[group])), 4)
            figures[f"{part}_recall_t3"] = round(float(hit[gold[group] == 2].mean()), 4)
        found[name] = figures
        print(f"{name:>34}: {figures}", flush=True)
    with open(out_path, "w") as file:
        json.dump(found, file, indent=2)


if __name__ == "__main__":
    main()
