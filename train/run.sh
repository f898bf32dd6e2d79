#!/bin/sh
# From the labels in this folder to assets/tier-model.bin. Needs Node, Python 3.12, about 10 GB of memory and, on two
# processors, about two hours.
#   python3 -m venv train/venv && train/venv/bin/pip install -r train/requirements.txt && sh train/run.sh VERSION
set -eu
# The same bytes again: no order may hang on how a run of Python hashes words.
export PYTHONHASHSEED=0
cd "$(dirname "$0")/.."
version=${1:?usage: run.sh VERSION, for instance 2026.11.25}
work=train/work
node=node_modules/node/bin/node
python=train/venv/bin/python
rm -rf "$work"
mkdir -p "$work"
"$node" train/extract.ts train/data "$work"
"$python" train/teacher.py "$work" "$work/teacher" --folds 0 --pool 0 --epochs 2 --written 4
"$python" train/vocabulary.py "$work" "$work/teacher_0.pt"
"$python" train/synthesise.py train/data "$work" 45000
"$node" train/extract.ts train/data "$work"
"$node" train/tokenize.ts "$work" labels noisy pool public
"$python" train/teacher.py "$work" "$work/taught" --folds 0 --known "$work/teacher"
"$python" train/fit.py "$work" "$work/whole" --teacher "$work/taught.npz" --folds none --epochs 8 &
whole=$!
"$python" train/fit.py "$work" "$work/fit" --teacher "$work/taught.npz" --folds 0 --epochs 8
wait $whole
"$python" train/export.py "$work" "$work/whole.pt" "$work/fit.json" assets/tier-model.bin "$version"
"$python" train/candidates.py "$work" "$work/fit.npz" "$work/taught.npz" train/data/eval/candidates.json
cp "$work/fit.json" train/data/eval/held-out.json
"$python" train/routellm.py "$work" train/data/eval/routellm.json
"$node" train/freeze.ts
node_modules/.bin/oxfmt train/data/eval
"$node" src/main.ts eval train/data/eval/tiers_public.jsonl --config train/eval.yaml
