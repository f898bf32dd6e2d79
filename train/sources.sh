#!/bin/sh
# How good the recipe is on sources that it has never seen: as run.sh, but a third of the families of public sources
# (arena, autogpt, clinc) and three writers are held out whole. Writes train/data/eval/held-out-source.json.
set -eu
# The same bytes again: no order may hang on how a run of Python hashes words.
export PYTHONHASHSEED=0
cd "$(dirname "$0")/.."
work=train/work-source
node=node_modules/node/bin/node
python=train/venv/bin/python
rm -rf "$work"
mkdir -p "$work"
"$node" train/extract.ts train/data "$work"
"$python" train/teacher.py "$work" "$work/teacher" --way source --folds 0 --pool 0 --epochs 2 --written 4
"$python" train/vocabulary.py "$work" "$work/teacher_0.pt"
"$python" train/synthesise.py train/data "$work" 16000
"$node" train/extract.ts train/data "$work"
"$node" train/tokenize.ts "$work" labels noisy pool public
"$python" train/teacher.py "$work" "$work/taught" --way source --folds 0 --known "$work/teacher"
"$python" train/fit.py "$work" "$work/fit" --way source --teacher "$work/taught.npz" --folds 0 --epochs 8
cp "$work/fit.json" train/data/eval/held-out-source.json
node_modules/.bin/oxfmt train/data/eval
