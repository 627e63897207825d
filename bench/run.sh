#!/usr/bin/env bash
# make bench: Xunjian against the bare yardstick, in the same rounds, on a
# portal of 20,000 pages with known faults. Client and server have a core each.
# Prints medians, the ratio, and recall and false reports of broken links.
#
#   bench/run.sh [ROUNDS] [PAGES]
#
# The portal comes with the developers' shared data (XUNJIAN_SHARED, or ../shared).
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-5} pages=${2:-20000} port=${PORT:-8081}
shared=${XUNJIAN_SHARED:-../shared}
if [ ! -d "$shared/testsite" ]; then
  echo "bench: skipped, $shared/testsite is not there (set XUNJIAN_SHARED)"
  exit 0
fi
work=$(mktemp -d)
server=
trap '[ -n "$server" ] && kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
cp -r "$shared/testsite" "$work/src" && chmod -R u+w "$work/src"
(cd "$work/src" && go build -o "$work/testsite" .)
go build -o "$work/bare" ./bench/bare
GOMAXPROCS=1 taskset -c 0 "$work/testsite" serve -port "$port" -pages "$pages" -gbk 10 >"$work/log" 2>&1 &
server=$!
until grep -q ready "$work/log"; do sleep 0.2; kill -0 "$server"; done
cat "$work/log"

# rusage FILE CMD…: user+system seconds, wall seconds and peak MB of a command.
rusage() {
  local out=$1; shift
  python3 - "$out" "$@" <<'PY'
import os, sys, time, subprocess
out, cmd = sys.argv[1], sys.argv[2:]
t = time.time()
p = subprocess.Popen(["taskset", "-c", "1"] + cmd, stdout=open(out, "w"), stderr=subprocess.DEVNULL)
_, _, r = os.wait4(p.pid, 0)
print(f"{r.ru_utime + r.ru_stime:.2f} {time.time() - t:.2f} {r.ru_maxrss // 1024}")
PY
}

home="http://127.0.0.1:$port/"
for i in $(seq "$rounds"); do
  bare=$(rusage "$work/bare.out" "$work/bare" "$home")
  rm -rf "$work/data"
  ours=$(rusage "$work/out.json" ./bin/xunjian inspect --data "$work/data" --allow 127.0.0.0/8 --rate -1 --parallel 64 \
    --max-pages -1 --no-discover -q --format json "$home")
  rm -rf "$work/data"
  base=$(rusage "$work/base.json" ./bin/xunjian inspect --rules bench/foundation.yaml --data "$work/data" --allow 127.0.0.0/8 --rate -1 --parallel 64 \
    --max-pages -1 --no-discover -q --format json "$home")
  echo "round $i  bare: $bare  xunjian, all checks: $ours  23 checks: $base  (CPU s, wall s, peak MB)"
  echo "$bare $ours $base" >>"$work/rounds"
done
python3 - "$work" <<'PY'
import json, statistics as st, sys
w = sys.argv[1]
rows = [[float(x) for x in l.split()] for l in open(w + "/rounds")]
d = json.load(open(w + "/out.json"))
open(w + "/reported", "w").write("\n".join(f["locus"] for f in d["findings"] if f["check"] == "link-broken" and f["outcome"] == "fail"))
med = lambda i: st.median(r[i] for r in rows)
print(f"pages {d['pages']['fetched']}  links {d['links']['checked']}  broken {d['links']['broken']}  coverage {d['coverage']}")
print(f"bare     CPU {med(0):.2f} s  wall {med(1):.2f} s  peak {med(2):.0f} MB")
print(f"xunjian  CPU {med(3):.2f} s  wall {med(4):.2f} s  peak {med(5):.0f} MB  {d['pages']['fetched'] / med(4):.0f} pages/s")
print(f"23 checks CPU {med(6):.2f} s  wall {med(7):.2f} s  peak {med(8):.0f} MB  ratio CPU {st.median(r[6] / r[0] for r in rows):.2f}")
print(f"ratio    CPU {st.median(r[3] / r[0] for r in rows):.2f}  wall {st.median(r[4] / r[1] for r in rows):.2f}")
PY
"$work/testsite" score -port "$port" -pages "$pages" -gbk 10 -in "$work/reported"
