#!/usr/bin/env bash
# Make the virtual environment, or say in one sentence what is missing. Usage: venv.sh PYTHON FOLDER
set -euo pipefail
python=$1 folder=$2
apt_line='sudo apt-get install -y python3 python3-venv make'

refuse() {
  echo "make install: $1" >&2
  exit 1
}

command -v "$python" >/dev/null || refuse "$python was not found; install it with: $apt_line"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
  refuse "Python 3.11 or newer is needed, $python is $("$python" -V); name another with: make PYTHON=python3.13 install"
"$python" -c 'import ensurepip, venv' 2>/dev/null ||
  refuse "Python's venv module is missing; install it with: $apt_line"

# An environment that still works is kept; one whose Python has gone, or that was left half made, is made anew.
if ! "$folder/bin/python" -m pip --version >/dev/null 2>&1; then
  echo "Making $folder with $("$python" -V) …"
  "$python" -m venv --clear "$folder" || refuse "the virtual environment could not be made in $folder"
fi
