"""Trains students on folds and calibrates on what they say of rows that they have not seen; or trains one on all.

usage: fit.py WORK OUT [--way mixed|source] [--teacher T.npz] [--folds 0,1,2]
       fit.py WORK OUT [--teacher T.npz] --folds none
OUT.npz: `oof`, what the students of the folds say of the labelled rows; OUT.json: calibration. Or
OUT.pt: the student of all rows. Each uses one thread, so the two can run side by side.
"""
import argparse
import json
import time

import numpy as np
import torch

from calibrate import calibrated, figures, fit_calibration
from folds import FOLDS, fold, is_kin, is_of_a_set, is_public, reports, rows, target, training_weights
from student import SPECIALS, Data, Student, fit, predict

NOISY_WEIGHT = 0.5
POOL_WEIGHT = 0.5
# What a labelled row teaches is half its label and half what the teacher makes of it: labels are one reader's word.
TEACHER_SHARE = 0.5
# Rows in the manner of real ones have two words that agree, their writer's and a reader's.
KIN_TEACHER_SHARE = 0.25
THOUGHTS = 32
# Prompts of evaluation sets are seldom what people type: they teach the encoder in full, the student a little.
SETS_WEIGHT = 0.3
# A public row that is held out has neighbours of its source in training; real traffic has none, so
# confidence is lowered a little beyond what the held-out rows ask for.
CAUTION = 1.1


def load(work, name):
    seen = rows(f"{work}/{name}.jsonl")
    return seen, Data(rows(f"{work}/{name}.ids.jsonl"), seen)


def joined(parts):
    """One set of several, each with the indices to take of it."""
    whole = object.__new__(Data)
    whole.text = [data.text[i] for data, keep in parts for i in keep]
    whole.context = [data.context[i] for data, keep in parts for i in keep]
    whole.pairs = [data.pairs[i] for data, keep in parts for i in keep]
    whole.shape = torch.cat([data.shape[torch.as_tensor(keep)] for data, keep in parts])
    whole.length = np.array([len(t) for t in whole.text])
    return whole


def thoughts_of(teacher, numbers, sizes):
    """What the teachers think of labelled, noisy and pool rows, in few numbers of spread one."""
    parts = []
    for k in numbers:
        both = np.concatenate([teacher[f"labels_inner_{k}"], teacher[f"pool_inner_{k}"]]).astype(np.float32)
        both -= both.mean(0)
        axes = np.linalg.svd(both.T @ both)[2][:THOUGHTS]
        parts.append(both @ axes.T)
    joint = np.concatenate(parts, 1)
    joint /= joint.std()
    return joint[: sizes[0]], joint[sizes[0] :]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("work")
    parser.add_argument("out")
    parser.add_argument("--way", default="mixed")
    parser.add_argument("--teacher")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--folds", default=",".join(map(str, range(FOLDS))))
    parser.add_argument("--noisy", type=int, default=1, help="of how many rows one is learnt in other words too; 0: none")
    parser.add_argument("--thoughts", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(1)
    labels, data = load(options.work, "labels")
    _, noise = load(options.work, "noisy")
    public, public_data = load(options.work, "public")
    meanings = np.load(f"{options.work}/meanings.npy")
    meanings = np.concatenate([np.zeros((SPECIALS, meanings.shape[1]), np.float32), meanings])
    hard = np.array([target(row) for row in labels], np.float32)
    weight = training_weights(labels)
    weight[[is_of_a_set(row) for row in labels]] *= SETS_WEIGHT
    share = np.array([[KIN_TEACHER_SHARE if is_kin(row) else TEACHER_SHARE] for row in labels], np.float32)
    places = np.array([fold(row, options.way) for row in labels])
    teacher = np.load(options.teacher) if options.teacher else None
    pool = pool_data = None
    known_folds = [k for k in range(FOLDS) if teacher is not None and f"pool_{k}" in teacher]
    if known_folds:
        pool, pool_data = load(options.work, "pool")
        pool = pool[: len(teacher[f"pool_{known_folds[0]}"])]

    def student(keep, number):
        """The student of one fold, or of all rows where `number` is None."""
        numbers = [number] if number is not None else known_folds
        goal = hard
        if pool is not None:
            said = np.mean([np.exp(teacher[f"labels_{k}"]) for k in numbers], 0)
            goal = (1 - share) * hard + share * said
        parts, goals, weights, thoughts = [(data, keep)], [goal[keep]], [weight[keep]], []
        if pool is not None and options.thoughts:
            of_labels, of_pool = thoughts_of(teacher, numbers, (len(labels), len(pool)))
            thoughts.append(of_labels[keep])
        if options.noisy:
            # In runs of forty rows each way of saying it otherwise comes up.
            chosen = keep // 40 % options.noisy == 0
            some = keep[chosen]
            parts.append((noise, some))
            goals.append(goal[some])
            weights.append(NOISY_WEIGHT * options.noisy * weight[some])
            thoughts += [known[chosen] for known in thoughts[:1]]
        if pool is not None:
            # A row made of one writer's texts is held out with the writer, a held-out text also where the pool has it.
            away = [labels[i] for i in np.flatnonzero(places == number)] if number is not None else []
            held, texts = {row.get("writer") for row in away}, {row["text"] for row in away}
            free = [
                i
                for i, row in enumerate(pool)
                if not held & set(row.get("writer", "").split("+")) and row["text"] not in texts
            ]
            said = np.mean([np.exp(teacher[f"pool_{k}"]) for k in numbers], 0)
            # Some were read after all, by one reader.
            read = np.array([target(row) if "tier" in row else s for row, s in zip(pool, said)], np.float32)
            parts.append((pool_data, free))
            goals.append(((1 - TEACHER_SHARE) * read + TEACHER_SHARE * said)[free])
            weights.append(np.full(len(free), POOL_WEIGHT, np.float32))
            if options.thoughts:
                thoughts.append(of_pool[free])
        torch.manual_seed(options.seed)
        known = torch.tensor(np.concatenate(thoughts)) if thoughts else torch.zeros(0, 0)
        model = Student(torch.from_numpy(meanings), data.shape.shape[1], known.shape[1])
        began = time.time()
        loss = fit(
            model, joined(parts), torch.tensor(np.concatenate(goals), dtype=torch.float32),
            torch.tensor(np.concatenate(weights), dtype=torch.float32), known, options.epochs, options.seed,
        )
        print(f"student {number}: loss {loss:.4f} {time.time() - began:.0f}s", flush=True)
        return model

    if options.folds == "none":
        model = student(np.arange(len(labels)), None)
        torch.save(model.state_dict(), options.out + ".pt")
        np.savez(options.out + ".npz", public=predict(model, public_data))
        return
    oof = np.zeros((len(labels), 3), np.float32)
    for number in map(int, options.folds.split(",")):
        held = np.flatnonzero(places == number)
        model = student(np.flatnonzero(places != number), number)
        oof[held] = predict(model, data)[held]
        reports([labels[i] for i in held], oof[held])
    known = np.flatnonzero(oof.any(1))
    seen = [labels[i] for i in known]
    print(f"== {options.way}, all folds")
    reports(seen, oof[known])
    temperature, shift = fit_calibration(seen, oof[known])
    temperature *= CAUTION
    print("calibration", temperature, shift)
    held_out = {}
    for name, part in (("public", True), ("written", False)):
        some = [i for i in known if is_public(labels[i]) == part]
        if some:
            held_out[name] = figures(name, [labels[i] for i in some], calibrated(oof[some], temperature, shift))
    made = {"temperature": temperature, "shift": list(shift), "way": options.way, "held_out": held_out}
    with open(options.out + ".json", "w") as file:
        json.dump(made, file, indent=2)
    np.savez(options.out + ".npz", oof=oof)


if __name__ == "__main__":
    main()
