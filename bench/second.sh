#!/usr/bin/env bash
# make second: what a second inspection of an unchanged portal costs of the
# first: CPU, bytes that the portal sent, and whether both found the same; what
# one costs that asks pages but no links that opened before; and one after 2 %
# of the articles changed. It is the case "second" of make bench, alone.
#
#   bench/second.sh [ROUNDS] [PAGES] [FLAGS OF THE PORTAL…]
set -euo pipefail
rounds=${1:-2} pages=${2:-20000}
shift $(($# < 2 ? $# : 2))
exec env BENCH_PEERS=no "$(dirname "$0")/run.sh" --rounds "$rounds" --cases second --second-pages "$pages" --portal-flags="$*"
