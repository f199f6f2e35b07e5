#!/usr/bin/env bash
# Make a ledger where there is none yet, then serve it. Usage: run.sh BIHUAN demo|empty
set -euo pipefail
bihuan=$1 city=$2

# The key is made by `bihuan init` on every engine, so it tells a fresh data folder from one in use.
if [ ! -e "$BIHUAN_DATA/secret_key" ]; then
  case $city in
    demo) "$bihuan" init --demo ;;
    empty) "$bihuan" init ;;
    *) echo "make run: CITY is '$city'; it can be demo or empty" >&2; exit 1 ;;
  esac
fi
exec "$bihuan" serve
