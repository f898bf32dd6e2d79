"""Fine-tunes the encoder on the labels; writes its probabilities for every text that it has not seen.

usage: teacher.py WORK OUT [--hold WRITER,...] [--epochs N]
"""
import argparse
import json
import random
import time

import numpy as np
import torch
from torch import nn
import torch.nn.functional as F

from e5 import E5, pool

TIERS = {"T1": 0, "T2": 1, "T3": 2}
FROZEN = 4
HEAD, TAIL, CONTEXT = 150, 60, 60


def rows(path):
    with open(path, encoding="utf8") as file:
        return [json.loads(line) for line in file]


def target(row):
    if "tier" not in row:
        return row["weak"]
    value = np.array([[0.93, 0.065, 0.005], [0.04, 0.92, 0.04], [0.005, 0.065, 0.93]])[TIERS[row["tier"]]]
    return value * 0.75 + np.array([1, 1.4, 1]) / 3.4 * 0.25 if row.get("note") else value


class Teacher(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = E5()
        self.head = nn.Sequential(
            nn.Dropout(0.1), nn.Linear(2 * self.encoder.size, 128), nn.GELU(), nn.Linear(128, 3)
        )
        for layer in self.encoder.layers[:FROZEN]:
            layer.requires_grad_(False)
        self.encoder.norm.requires_grad_(False)

    def forward(self, ids, mask):
        with torch.no_grad():
            x = self.encoder(ids, mask, 0, FROZEN)
        x = self.encoder(ids, mask, FROZEN, None, x)
        return self.head(torch.cat([pool(x, mask), x[:, 0]], 1))


def encode(tokenizer, row):
    ids = tokenizer.encode("query: " + row["text"].replace("\n", " "))
    if len(ids) > HEAD + TAIL:
        ids = ids[:HEAD] + ids[-TAIL:]
    context = tokenizer.encode(row["context"].replace("\n", " "), CONTEXT) if row["context"] else []
    return [tokenizer.bos, *ids, tokenizer.eos, *context, *([tokenizer.eos] if context else [])]


def batches(encoded, size, shuffle=None):
    order = sorted(range(len(encoded)), key=lambda i: len(encoded[i]))
    groups = [order[i : i + size] for i in range(0, len(order), size)]
    if shuffle:
        shuffle.shuffle(groups)
    return groups


def padded(encoded, indices):
    longest = max(len(encoded[i]) for i in indices)
    ids = torch.ones(len(indices), longest, dtype=torch.long)
    mask = torch.zeros(len(indices), longest, dtype=torch.bool)
    for k, i in enumerate(indices):
        ids[k, : len(encoded[i])] = torch.tensor(encoded[i])
        mask[k, : len(encoded[i])] = True
    return ids, mask


def predict(model, encoded, size=32):
    model.eval()
    out = np.zeros((len(encoded), 3), np.float32)
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for group in batches(encoded, size):
            out[group] = F.log_softmax(model(*padded(encoded, group)).float(), -1).numpy()
    return out


def weight_of(row, data, cache={}):
    """Public rows are mostly of the middle tier; the tiers should count alike."""
    if "weak" in row:
        return 0.25
    if not row["writer"].startswith("public"):
        return 1.0
    if not cache:
        for other in data:
            if "tier" in other and other["writer"].startswith("public"):
                cache[other["tier"]] = cache.get(other["tier"], 0) + 1
    return min(2.5, max(0.35, sum(cache.values()) / 3 / cache[row["tier"]]))


def train(model, data, encoded, epochs, seed):
    order = random.Random(seed)
    goal = torch.tensor(np.array([target(row) for row in data]), dtype=torch.float32)
    weight = torch.tensor([weight_of(row, data) for row in data])
    slow = [p for p in model.encoder.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(
        [{"params": slow, "lr": 6e-5}, {"params": model.head.parameters(), "lr": 1e-3}], weight_decay=0.01
    )
    steps = epochs * ((len(data) + 15) // 16)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, [6e-5, 1e-3], total_steps=steps + epochs, pct_start=0.1
    )
    began = time.time()
    for epoch in range(epochs):
        model.train()
        total = 0.0
        # Jitter in the order of lengths mixes the batches anew.
        for group in batches([e + [0] * order.randrange(12) for e in encoded], 16, order):
            with torch.autocast("cpu", torch.bfloat16):
                logits = model(*padded(encoded, group)).float()
            loss = -(goal[group] * F.log_softmax(logits, -1)).sum(1) * weight[group]
            optimiser.zero_grad()
            loss.mean().backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            total += loss.sum().item()
        print(f"epoch {epoch} loss {total / len(data):.4f} {time.time() - began:.0f}s", flush=True)


def report(name, data, logs):
    gold = np.array([TIERS[row["tier"]] for row in data])
    said = logs.argmax(1)
    clear = np.array([not row.get("note") for row in data])
    recall = [(said[gold == t] == t).mean() if (gold == t).any() else float("nan") for t in range(3)]
    print(
        f"{name}: n={len(gold)} acc={(said == gold).mean():.3f} clear={(said == gold)[clear].mean():.3f} "
        f"recall={recall[0]:.2f}/{recall[1]:.2f}/{recall[2]:.2f}", flush=True
    )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("work")
    parser.add_argument("out")
    parser.add_argument("--hold", default="")
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--weak", type=int, default=1200)
    parser.add_argument("--pool", type=int, default=10**9)
    parser.add_argument("--load", help="predict with these weights rather than train")
    options = parser.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(2)
    held = set(options.hold.split(",")) - {""}
    labels, public, unlabelled = (rows(f"{options.work}/{n}.jsonl") for n in ("labels", "public", "pool"))
    weak = [row for row in unlabelled if "weak" in row]
    random.Random(1).shuffle(weak)
    kept = [row for row in labels if row["writer"].split(":")[0] not in held]
    data = kept + weak[: options.weak]
    model = Teacher()
    tokenizer = model.encoder.tokenizer
    began = time.time()
    if options.load:
        model.load_state_dict(torch.load(options.load))
    else:
        train(model, data, [encode(tokenizer, row) for row in data], options.epochs, 1)
    np_out = {}
    logs = predict(model, [encode(tokenizer, row) for row in public])
    report("public", public, logs)
    np_out["public"] = logs
    out = [row for row in labels if row["writer"].split(":")[0] in held]
    if out:
        logs = predict(model, [encode(tokenizer, row) for row in out])
        for writer in sorted(held):
            part = [i for i, row in enumerate(out) if row["writer"].split(":")[0] == writer]
            report(writer, [out[i] for i in part], logs[part])
    np_out["labels"] = predict(model, [encode(tokenizer, row) for row in labels])
    np_out["pool"] = predict(model, [encode(tokenizer, row) for row in unlabelled[: options.pool]])
    np.savez(options.out, **np_out)
    torch.save(model.state_dict(), options.out + ".pt")
    print(f"done {time.time() - began:.0f}s")


if __name__ == "__main__":
    main()
