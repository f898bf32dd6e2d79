"""Trains the small model that ships.

usage: student.py WORK TEACHER.npz [--hold WRITER,...] [--out FILE]
Pieces have meanings; a piece and its neighbours make a phrase; four attentions weigh the phrases; a
hidden layer reads the sums and the shape; pairs of neighbours add to the result directly.
"""
import argparse
import json
import random

import numpy as np
import torch
from torch import nn
import torch.nn.functional as F

from teacher import TIERS, report, rows, target

HEADS = 4
WIDTH = 56
HIDDEN = 64
PAIRS = 1 << 15
PLACES = 12
MOST_TEXT, MOST_CONTEXT = 384, 128
SPECIALS = 8


def place(index, length):
    """Which of PLACES buckets a piece stands in: near the beginning, the middle, near the end."""
    for bucket, limit in enumerate((2, 6, 14, 30, 62)):
        if index < limit:
            return bucket
    rest = length - 1 - index
    for bucket, limit in enumerate((2, 6, 14, 30, 62)):
        if rest < limit:
            return PLACES - 1 - bucket
    return 5


def clip(ids):
    """Of a long text the pieces of its two ends."""
    if len(ids) <= MOST_TEXT:
        return ids
    return ids[: MOST_TEXT // 2] + ids[-MOST_TEXT // 2 :]


def pair(a, b):
    return ((a * 40503 + b * 10007) & 0xFFFFFFFF) % PAIRS


class Student(nn.Module):
    """A piece and its two neighbours make a phrase; attentions weigh phrases by what they are and where.

    What a piece adds to a phrase is linear in its meaning, so it is a look-up at run time.
    """

    def __init__(self, meanings, shapes):
        super().__init__()
        vocabulary, size = meanings.shape
        self.register_buffer("base", meanings)
        self.delta = nn.Embedding(vocabulary, size, padding_idx=0)
        nn.init.zeros_(self.delta.weight)
        self.mix = nn.Parameter(torch.randn(3, size, WIDTH) * size**-0.5)
        self.mix_bias = nn.Parameter(torch.zeros(WIDTH))
        self.query = nn.Parameter(torch.randn(HEADS, WIDTH) * 0.1)
        self.bias = nn.Parameter(torch.zeros(HEADS, PLACES))
        self.context = nn.Parameter(torch.randn(WIDTH) * 0.1)
        inputs = (HEADS + 2) * WIDTH + shapes
        self.hidden = nn.Linear(inputs, HIDDEN)
        self.out = nn.Linear(HIDDEN, 3)
        self.skip = nn.Linear(inputs, 3, bias=False)
        nn.init.zeros_(self.skip.weight)
        self.pairs = nn.Embedding(PAIRS, 3)
        nn.init.zeros_(self.pairs.weight)
        self.dropout = nn.Dropout(0.25)

    def tables(self):
        return torch.einsum("vd,kdc->vkc", self.base + self.delta.weight, self.mix)

    def phrases(self, ids, mask):
        x = F.embedding(ids, self.base) + self.delta(ids)
        x = F.dropout(x, 0.1, self.training) * mask[..., None]
        before, here, after = (x @ self.mix[k] for k in range(3))
        y = here + self.mix_bias
        y[:, 1:] = y[:, 1:] + before[:, :-1]
        y[:, :-1] = y[:, :-1] + after[:, 1:]
        return F.relu(y) * mask[..., None]

    def forward(self, batch, drop=0.0):
        ids, places, mask, context, context_mask, shape, pairs, pair_mask = batch
        if drop > 0:
            ids = torch.where((torch.rand(ids.shape) < drop) & mask, torch.ones_like(ids), ids)
            shape = shape * (torch.rand(shape.shape) > 0.1)
        y = self.phrases(ids, mask)
        score = y @ self.query.T + self.bias.T[places]
        score = score.masked_fill(~mask[..., None], -1e4)
        weight = torch.softmax(score, 1) * mask.any(1)[:, None, None]
        pooled = torch.einsum("blh,bld->bhd", weight, y).flatten(1)
        z = self.phrases(context, context_mask)
        score = (z @ self.context).masked_fill(~context_mask, -1e4)
        weight = torch.softmax(score, 1) * context_mask.any(1)[:, None]
        inputs = torch.cat([pooled, y.amax(1), (weight[..., None] * z).sum(1), shape], 1)
        hidden = F.relu(self.hidden(self.dropout(inputs)))
        direct = (self.pairs(pairs) * pair_mask[..., None]).sum(1) / pair_mask.sum(1, keepdim=True).clamp(min=1).sqrt()
        return self.out(self.dropout(hidden)) + self.skip(inputs) + direct


class Data:
    def __init__(self, cut, seen):
        self.text = [clip(row["text"]) for row in cut]
        self.context = [row["context"][:MOST_CONTEXT] for row in cut]
        self.places = [[place(i, len(t)) for i in range(len(t))] for t in self.text]
        self.pairs = [[pair(a, b) for a, b in zip(t, t[1:])] for t in self.text]
        self.shape = torch.tensor([row["shape"] for row in seen], dtype=torch.float32)

    def batch(self, indices):
        def pad(lists, least=1):
            longest = max(least, max(len(lists[i]) for i in indices))
            value = torch.zeros(len(indices), longest, dtype=torch.long)
            mask = torch.zeros(len(indices), longest, dtype=torch.bool)
            for k, i in enumerate(indices):
                value[k, : len(lists[i])] = torch.tensor(lists[i], dtype=torch.long)
                mask[k, : len(lists[i])] = True
            return value, mask

        ids, mask = pad(self.text)
        places, _ = pad(self.places)
        context, context_mask = pad(self.context)
        pairs, pair_mask = pad(self.pairs)
        return ids, places, mask, context, context_mask, self.shape[list(indices)], pairs, pair_mask.float()


def predict(model, data, count):
    model.eval()
    out = np.zeros((count, 3), np.float32)
    with torch.no_grad():
        for start in range(0, count, 128):
            group = range(start, min(count, start + 128))
            out[start : start + len(group)] = F.log_softmax(model(data.batch(group)), -1).numpy()
    return out


def batches(lengths, size, order):
    ranked = sorted(range(len(lengths)), key=lambda i: lengths[i] + order.random() * 20)
    groups = [ranked[i : i + size] for i in range(0, len(ranked), size)]
    order.shuffle(groups)
    return groups


def fit(model, data, goals, weights, epochs, seed):
    order = random.Random(seed)
    fast = [p for n, p in model.named_parameters() if n not in ("delta.weight", "pairs.weight")]
    groups = [
        {"params": fast, "lr": 2e-3, "weight_decay": 1e-2},
        {"params": [model.delta.weight], "lr": 2e-3, "weight_decay": 0.0},
        {"params": [model.pairs.weight], "lr": 4e-3, "weight_decay": 0.0},
    ]
    optimiser = torch.optim.AdamW(groups)
    size = 64
    steps = epochs * ((len(goals) + size - 1) // size)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, [g["lr"] for g in groups], total_steps=steps + 1, pct_start=0.1
    )
    lengths = [len(t) for t in data.text]
    for epoch in range(epochs):
        model.train()
        total = 0.0
        for group in batches(lengths, size, order):
            logs = F.log_softmax(model(data.batch(group), 0.1), -1)
            loss = (F.kl_div(logs, goals[group], reduction="none").sum(1) * weights[group]).mean()
            loss = loss + 1e-4 * model.pairs.weight.pow(2).sum() / 100 + 2e-5 * model.delta.weight.pow(2).sum() / 10
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total += loss.item()
    return total / max(1, steps / epochs)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("work")
    parser.add_argument("teacher")
    parser.add_argument("--hold", default="")
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--hard", type=float, default=0.5)
    parser.add_argument("--labelweight", type=float, default=3.0)
    parser.add_argument("--out")
    options = parser.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(2)
    work = options.work
    held = set(options.hold.split(",")) - {""}
    labels, public, pool = (rows(f"{work}/{n}.jsonl") for n in ("labels", "public", "pool"))
    cut = {n: rows(f"{work}/{n}.ids.jsonl") for n in ("labels", "public", "pool")}
    teacher = np.load(options.teacher)
    meanings = np.load(f"{work}/meanings.npy")
    meanings = np.concatenate([np.zeros((SPECIALS, meanings.shape[1]), np.float32), meanings])
    shapes = len(labels[0]["shape"])
    writer = lambda row: row.get("writer", "").split(":")[0]
    keep = [i for i, row in enumerate(labels) if writer(row) not in held]
    keep_pool = [
        i for i, row in enumerate(pool[: len(teacher["pool"])]) if not held & set(row.get("writer", "").split("+"))
    ]
    hard = np.array([target(labels[i]) for i in keep])
    soft = np.exp(teacher["labels"][keep])
    goals = options.hard * hard + (1 - options.hard) * soft
    weights = [options.labelweight] * len(keep)
    if len(teacher["pool"]) > 10:
        goals = np.concatenate([goals, np.exp(teacher["pool"][keep_pool])])
        weights += [1.0] * len(keep_pool)
    else:
        keep_pool = []
    data = Data(
        [cut["labels"][i] for i in keep] + [cut["pool"][i] for i in keep_pool],
        [labels[i] for i in keep] + [pool[i] for i in keep_pool],
    )
    model = Student(torch.from_numpy(meanings), shapes)
    fit(model, data, torch.tensor(goals, dtype=torch.float32), torch.tensor(weights), options.epochs, 1)
    logs = predict(model, Data(cut["public"], public), len(public))
    report("public", public, logs)
    result = {"public": logs}
    for name in sorted(held):
        part = [i for i, row in enumerate(labels) if writer(row) == name]
        test = [labels[i] for i in part]
        result[name] = predict(model, Data([cut["labels"][i] for i in part], test), len(test))
        report(name, test, result[name])
        report(name + " misleading", [r for r in test if r["misleading"]], result[name][[r["misleading"] for r in test]])
    if options.out:
        np.savez(options.out + ".npz", **result)
        torch.save(model.state_dict(), options.out)


if __name__ == "__main__":
    main()
