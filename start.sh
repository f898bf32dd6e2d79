#!/bin/sh
# For people who double-click: the same as `npm start`.
cd "$(dirname "$0")" || exit 1
if ! command -v npm >/dev/null 2>&1; then
  echo "SmartRoute needs Node.js 20 or newer with npm: https://nodejs.org"
  echo "SmartRoute 需要 Node.js 20 或更高版本（含 npm）：https://nodejs.org"
  exit 1
fi
exec npm start --silent -- "$@"
