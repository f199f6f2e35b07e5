#!/usr/bin/env bash
# See that the browser tests can run: Chromium, a font with Chinese characters, and the library that the
# browser's driver is linked with, all from the system's packages.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin
packages=(chromium fonts-noto-cjk fontconfig libatomic1)

has_browser() { command -v chromium >/dev/null || command -v chromium-browser >/dev/null; }
has_font() { command -v fc-list >/dev/null && [ -n "$(fc-list ':lang=zh-cn' family)" ]; }
has_library() { [[ $(ldconfig -p) == *libatomic.so.1* ]]; }
has_all() { has_browser && has_font && has_library; }

refuse() {
  echo "make test: $1" >&2
  exit 1
}

if has_all; then exit 0; fi

line="apt-get install -y ${packages[*]}"
wanted="the browser tests need chromium, a Chinese font and libatomic"
command -v apt-get >/dev/null ||
  refuse "$wanted; this system has no apt-get, so install them by hand"
if [ "$(id -u)" = 0 ]; then
  as_root=()
elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
  as_root=(sudo)
else
  refuse "$wanted, and installing them needs root: sudo $line"
fi

echo "Installing ${packages[*]} for the browser tests …"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
install() {
  "${as_root[@]}" apt-get update &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y --no-install-recommends "${packages[@]}"
}
if ! install >"$log" 2>&1; then
  tail -n 20 "$log" >&2
  refuse "${packages[*]} could not be installed; try by hand: sudo $line"
fi
has_all || refuse "$wanted, and one of them is still missing after: $line"
