"""Fine-tunes the upper half of the encoder, once per fold; writes what it says of every text.

usage: teacher.py WORK OUT [--way mixed|source] [--folds 0,1,2] [--epochs N] [--pool N] [--known T]
                  [--written N] [--public N] [--start T]
The lower half stays as it is, so what it makes of every text is computed once and kept in WORK/lower.pt.
Training takes every Nth of the written rows (another part in each epoch) and of the others; 0 is none.
With `--start` it goes on from T_K.pt. With `--known` the teachers that an earlier run wrote to T_K.pt are
asked about the pool, and none is trained: what they say of the other texts is in that run's T.npz.
OUT_K.pt: the teacher of fold K; OUT.npz: `labels` by the teacher that has not seen the row, `labels_K`, `pool_K`, `public_K` by the
teacher of fold K, `..._inner_K` what it thinks before it decides.
"""
import argparse
import copy
import os
import random
import time

import numpy as np
import torch
from torch import nn
import torch.nn.functional as F

from e5 import E5, pool
from folds import FOLDS, fold, is_kin, is_public, reports, rows, target, training_weights

CUT = 6
INNER = 128
HEAD, TAIL, CONTEXT = 90, 34, 40
# Where the processor has no unit for matrices of half precision, half precision takes twice as long.
HALF = torch.cpu._is_amx_tile_supported()
KIND = torch.bfloat16 if HALF else torch.float32


def encode(tokenizer, row):
    ids = tokenizer.encode("query: " + row["text"].replace("\n", " "))
    if len(ids) > HEAD + TAIL:
        ids = ids[:HEAD] + ids[-TAIL:]
    context = tokenizer.encode(row["context"].replace("\n", " "), CONTEXT) if row["context"] else []
    return [tokenizer.bos, *ids, tokenizer.eos, *context, *([tokenizer.eos] if context else [])]


class Lower:
    """What the frozen half makes of texts: one row per token. `known` is what an earlier run kept of other texts."""

    def __init__(self, encoder, data, known=None):
        self.encoded = [encode(encoder.tokenizer, row) for row in data]
        self.length = np.array([len(e) for e in self.encoded])
        self.start = np.concatenate([[0], np.cumsum(self.length)])
        self.states = torch.zeros(int(self.start[-1]), encoder.size, dtype=torch.bfloat16)
        self.shape = torch.tensor([row["shape"] for row in data], dtype=torch.float32)
        half = copy.deepcopy(encoder).to(KIND)
        where = known["where"] if known else {}
        found = [where.get(tuple(e)) for e in self.encoded]
        for i, start in enumerate(found):
            if start is not None:
                self.states[self.start[i] : self.start[i + 1]] = known["states"][start : start + self.length[i]]
        order = np.argsort(self.length, kind="stable")
        order = np.array([i for i in order if found[i] is None], np.int64)
        with torch.inference_mode():
            for start in range(0, len(order), 64):
                group = order[start : start + 64]
                ids, mask = self.padded(group)
                x = half.norm(half.word[ids].to(KIND) + half.position[: ids.shape[1]].to(KIND))
                x = half(ids, mask, 0, CUT, x)
                for k, i in enumerate(group):
                    self.states[self.start[i] : self.start[i + 1]] = x[k, : self.length[i]]

    def keep(self, path):
        torch.save({"encoded": self.encoded, "states": self.states}, path)

    def padded(self, group):
        longest = int(self.length[group].max())
        ids = torch.ones(len(group), longest, dtype=torch.long)
        mask = torch.zeros(len(group), longest, dtype=torch.bool)
        for k, i in enumerate(group):
            ids[k, : self.length[i]] = torch.tensor(self.encoded[i])
            mask[k, : self.length[i]] = True
        return ids, mask

    def batch(self, group):
        longest = int(self.length[group].max())
        x = torch.zeros(len(group), longest, self.states.shape[1], dtype=KIND)
        mask = torch.zeros(len(group), longest, dtype=torch.bool)
        for k, i in enumerate(group):
            x[k, : self.length[i]] = self.states[self.start[i] : self.start[i + 1]]
            mask[k, : self.length[i]] = True
        return x, mask, self.shape[group]


def kept(path):
    """What an earlier run kept, and where each text begins in it."""
    if not os.path.exists(path):
        return None
    known = torch.load(path, mmap=True)
    starts = np.cumsum([0, *map(len, known["encoded"])])
    return {"states": known["states"], "where": {tuple(e): int(s) for e, s in zip(known["encoded"], starts)}}


class Teacher(nn.Module):
    def __init__(self, encoder, shapes):
        super().__init__()
        self.layers = copy.deepcopy(encoder.layers[CUT:])
        self.head = nn.Sequential(
            nn.Dropout(0.1), nn.Linear(2 * encoder.size + shapes, INNER), nn.GELU(), nn.Dropout(0.1), nn.Linear(INNER, 3)
        )

    def forward(self, x, mask, shape):
        for layer in self.layers:
            x = layer(x, mask[:, None, None, :])
        return self.head(torch.cat([pool(x, mask), x[:, 0], shape.to(x.dtype)], 1))

    def thoughts(self, x, mask, shape):
        """What the head makes of a text before it decides, and the decision."""
        for layer in self.layers:
            x = layer(x, mask[:, None, None, :])
        inner = self.head[:3](torch.cat([pool(x, mask), x[:, 0], shape.to(x.dtype)], 1))
        return inner, self.head[3:](inner)


def batches(length, size, order=None):
    jitter = np.zeros(len(length)) if order is None else np.array([order.random() * 12 for _ in length])
    ranked = np.argsort(length + jitter, kind="stable")
    groups = [ranked[i : i + size] for i in range(0, len(ranked), size)]
    if order:
        order.shuffle(groups)
    return groups


def predict(model, lower):
    model.eval()
    out = np.zeros((len(lower.length), 3), np.float32)
    inner = np.zeros((len(lower.length), INNER), np.float16)
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, HALF):
        for group in batches(lower.length, 64):
            thoughts, logits = model.thoughts(*lower.batch(group))
            out[group] = F.log_softmax(logits.float(), -1).numpy()
            inner[group] = thoughts.float().numpy()
    return out, inner


def part_of(keep, written, epoch, options):
    """The rows that an epoch sees: every Nth written one, every Nth public one or one in the manner of these."""
    count = np.arange(len(keep)) + epoch
    takes = [(written, options.written), (~written, options.public)]
    return keep[np.any([group & (count % n == 0) for group, n in takes if n > 0], axis=0)]


def train(model, lower, keep, labels, goals, weights, options):
    order = random.Random(options.seed)
    optimiser = torch.optim.AdamW(
        [{"params": model.layers.parameters(), "lr": options.rate}, {"params": model.head.parameters(), "lr": 1e-3}],
        weight_decay=0.01,
    )
    size = 24
    written = np.array([not is_public(row) and not is_kin(row) for row in labels])[keep]
    parts = [part_of(keep, written, epoch, options) for epoch in range(options.epochs)]
    steps = sum((len(part) + size - 1) // size for part in parts)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, [options.rate, 1e-3], total_steps=steps + 1, pct_start=0.1)
    began = time.time()
    for epoch, part in enumerate(parts):
        model.train()
        total = 0.0
        for chosen in batches(lower.length[part], size, order):
            group = part[chosen]
            with torch.autocast("cpu", torch.bfloat16, HALF):
                logits = model(*lower.batch(group)).float()
            loss = (-(goals[group] * F.log_softmax(logits, -1)).sum(1) * weights[group]).mean()
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            total += loss.item() * len(group)
        print(f"epoch {epoch} loss {total / len(part):.4f} {time.time() - began:.0f}s", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("work")
    parser.add_argument("out")
    parser.add_argument("--way", default="mixed")
    parser.add_argument("--folds", default=",".join(map(str, range(FOLDS))))
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--pool", type=int, default=10**9)
    parser.add_argument("--written", type=int, default=1)
    parser.add_argument("--public", type=int, default=1)
    parser.add_argument("--start")
    parser.add_argument("--known")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(2)
    began = time.time()
    encoder = E5().eval()
    numbers = list(map(int, options.folds.split(",")))
    if options.known:
        ask(encoder, numbers, options, began)
    else:
        teach(encoder, numbers, options, began)


def ask(encoder, numbers, options, began):
    """What known teachers say of the pool, beside what they said of the other texts when they were trained."""
    out = dict(np.load(f"{options.known}.npz"))
    lower = Lower(encoder, rows(f"{options.work}/pool.jsonl")[: options.pool], kept(f"{options.work}/lower.pt"))
    print(f"lower half done {time.time() - began:.0f}s", flush=True)
    for number in numbers:
        model = Teacher(encoder, lower.shape.shape[1])
        model.load_state_dict(torch.load(f"{options.known}_{number}.pt"))
        out[f"pool_{number}"], out[f"pool_inner_{number}"] = predict(model, lower)
    np.savez(options.out + ".npz", **out)
    print(f"done {time.time() - began:.0f}s", flush=True)


def teach(encoder, numbers, options, began):
    labels = rows(f"{options.work}/labels.jsonl")
    lower = Lower(encoder, labels, kept(f"{options.work}/lower.pt"))
    lower.keep(f"{options.work}/lower.pt.new")
    os.replace(f"{options.work}/lower.pt.new", f"{options.work}/lower.pt")
    others = {"public": Lower(encoder, rows(f"{options.work}/public.jsonl"))}
    if options.pool > 0:
        others["pool"] = Lower(encoder, rows(f"{options.work}/pool.jsonl")[: options.pool])
    print(f"lower half done {time.time() - began:.0f}s", flush=True)
    goals = torch.tensor(np.array([target(row) for row in labels]), dtype=torch.float32)
    weights = torch.tensor(training_weights(labels))
    places = np.array([fold(row, options.way) for row in labels])
    out = {"labels": np.zeros((len(labels), 3), np.float32)}
    for number in numbers:
        torch.manual_seed(options.seed)
        model = Teacher(encoder, lower.shape.shape[1])
        if options.start:
            model.load_state_dict(torch.load(f"{options.start}_{number}.pt"))
        train(model, lower, np.flatnonzero(places != number), labels, goals, weights, options)
        torch.save(model.state_dict(), f"{options.out}_{number}.pt")
        all_logs, out[f"labels_inner_{number}"] = predict(model, lower)
        held = np.flatnonzero(places == number)
        out["labels"][held] = all_logs[held]
        out[f"labels_{number}"] = all_logs
        reports([labels[i] for i in held], all_logs[held])
        for name, other in others.items():
            out[f"{name}_{number}"], out[f"{name}_inner_{number}"] = predict(model, other)
        np.savez(options.out + ".npz", **out)
        print(f"fold {number} done {time.time() - began:.0f}s", flush=True)
    if out["labels"].any(1).all():
        reports(labels, out["labels"])


if __name__ == "__main__":
    main()
