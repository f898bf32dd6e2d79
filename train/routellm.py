"""RouteLLM's question: which prompts does only the strong model answer rightly?

usage: routellm.py WORK TARGET.json
A small head of its own (boosted trees on the shape) learns
p(strong right) - p(weak right), and is averaged with length by rank; MMLU by held-out subjects and GSM8K by held-out tenths. APGR and
CPT as in RouteLLM: ten shares of strong calls, area by trapezes, random 0.5.
"""
import hashlib
import json
import sys

import lightgbm
import numpy as np

from folds import rows


def curve(score, weak, strong):
    """Share of the gap recovered at 0, 10, ... 100 % of calls to the strong model."""
    order = np.argsort(-score, kind="stable")
    gain = np.concatenate([[0], np.cumsum((strong - weak)[order])]) / (strong - weak).sum()
    shares = np.linspace(0, 1, 11)
    return shares, np.interp(shares, np.linspace(0, 1, len(gain)), gain)


def figures(name, score, weak, strong):
    shares, gap = curve(score, weak, strong)
    fine = np.linspace(0, 1, 1001)
    recovered = np.interp(fine, shares, gap)
    need = lambda share: 100 * fine[np.argmax(recovered >= share)]
    out = {"apgr": np.trapezoid(gap, shares), "cpt50": need(0.5), "cpt80": need(0.8)}
    out = {key: round(float(value), 3) for key, value in out.items()}
    print(f"{name:>24}: {out}", flush=True)
    return out


def features(data):
    """The shape that the product sees, and lengths without a limit."""
    def lengths(text):
        lines = text.split("\n")
        return [
            np.log1p(len(text)), len(text.split()), sum(c.isdigit() for c in text), len(lines),
            max(map(len, lines)), len(text.split("\na.")[0]),
        ]

    return np.array([row["shape"] + lengths(row["text"]) for row in data], np.float32)


def ranked(values):
    return np.argsort(np.argsort(values, kind="stable"), kind="stable") / len(values)


def two_heads(x, weak, strong, train, seed):
    out = 0
    for target, sign in ((strong, 1), (weak, -1)):
        model = lightgbm.LGBMRegressor(
            n_estimators=120, learning_rate=0.04, num_leaves=8, min_child_samples=150, subsample=0.8,
            subsample_freq=1, colsample_bytree=0.5, random_state=seed, n_jobs=2, verbose=-1,
        )
        model.fit(x[train], target[train])
        out = out + sign * model.predict(x)
    return out


def main():
    work, target = sys.argv[1:3]
    found = {}
    for name, group in (
        ("routellm_mmlu", lambda row: row["subject"]),
        ("routellm_gsm8k", lambda row: row["text"]),
    ):
        data = [row for row in rows(f"{work}/{name}.jsonl") if not row["contaminated"]]
        weak = np.array([row["weak"] for row in data], float)
        strong = np.array([row["strong"] for row in data], float)
        x = features(data)
        place = np.array([hashlib.md5(group(row).encode()).digest()[0] % 10 for row in data])
        length = np.array([len(row["text"]) for row in data])
        score = np.zeros(len(data))
        for tenth in range(10):
            held = place == tenth
            if held.any():
                score[held] = two_heads(x, weak, strong, ~held, 1)[held]
        print(f"{name}: {len(data)} rows, weak {weak.mean():.3f}, strong {strong.mean():.3f}")
        found[name] = {
            "rows": len(data),
            "head, held out": figures("head, held out", ranked(score) + ranked(length), weak, strong),
            "length": figures("length", length, weak, strong),
            "random": figures("random", np.random.default_rng(1).random(len(data)), weak, strong),
            "oracle": figures("oracle", strong - weak, weak, strong),
        }
    with open(target, "w") as file:
        json.dump(found, file, indent=2)


if __name__ == "__main__":
    main()
