#!/usr/bin/env bash
# Every test on SQLite, then what touches the database again on PostgreSQL.
# Usage: run.sh BIN_FOLDER JOBS MARKERS [MARKERS_ON_POSTGRESQL]
set -euo pipefail
bin=$1 jobs=$2 markers=$3 again=${4-$3}

echo "== Tests on SQLite"
BIHUAN_TEST_DATABASE=sqlite "$bin/pytest" -n "$jobs" --dist loadfile --no-loadscope-reorder -m "$markers"

# pytest ends with 5 when it ran nothing, which fails this script too: no engine is left out in silence.
echo "== Tests that touch the database, on PostgreSQL"
BIHUAN_TEST_DATABASE=postgresql "$bin/pytest" -n "$jobs" --dist loadfile --no-loadscope-reorder -m "databases${again:+ and $again}"
