#!/usr/bin/env bash
# make second: what a second inspection of an unchanged portal costs of the
# first: CPU, bytes that the portal sent, and whether both found the same; and
# what one costs that asks pages but no links that opened before.
#
#   bench/second.sh [ROUNDS] [PAGES] [FLAGS OF THE PORTAL…]
#
# The portal comes with the developers' shared data (XUNJIAN_SHARED, or ../shared).
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-2} pages=${2:-20000} port=${PORT:-8091}
shift $(($# < 2 ? $# : 2))
shared=${XUNJIAN_SHARED:-../shared}
if [ ! -d "$shared/testsite" ]; then
  echo "second: skipped, $shared/testsite is not there (set XUNJIAN_SHARED)"
  exit 0
fi
work=$(mktemp -d)
server=
trap '[ -n "$server" ] && kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
cp -r "$shared/testsite" "$work/src" && chmod -R u+w "$work/src"
(cd "$work/src" && go build -o "$work/testsite" .)
GOMAXPROCS=1 taskset -c 0 "$work/testsite" serve -port "$port" -pages "$pages" -gbk 10 "$@" >"$work/log" 2>&1 &
server=$!
until grep -q ready "$work/log"; do sleep 0.2; kill -0 "$server"; done
cat "$work/log"
python3 - "$work" "$rounds" "$port" "${XUNJIAN:-./bin/xunjian}" <<'PY'
import json, os, shutil, statistics as st, subprocess, sys, urllib.request as ur
work, rounds, port, program = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
control = f"http://127.0.0.1:{port + 1}"
ur.install_opener(ur.build_opener(ur.ProxyHandler({})))

def inspect(*flags):
    ur.urlopen(control + "/reset").read()
    with open(work + "/out.json", "w") as out:
        p = subprocess.Popen(["taskset", "-c", "1", program, "inspect", "--data", work + "/data", "--allow", "127.0.0.0/8", "--rate", "-1",
                              "--parallel", "64", "--max-pages", "-1", "--no-discover", "-q", "--now", "2026-11-24", "--format", "json", *flags,
                              f"http://127.0.0.1:{port}/"], stdout=out)
        _, status, r = os.wait4(p.pid, 0)
    d = json.load(open(work + "/out.json"))
    s = json.loads(ur.urlopen(control + "/stats").read())
    return r.ru_utime + r.ru_stime, s["bytes_out"], r.ru_maxrss // 1024, s["requests"], d

def same(d):
    """What must be equal: all but times, how often a fault was seen, and what was unchanged."""
    d = {k: v for k, v in d.items() if k not in ("id", "started", "finished")}
    d["pages"].pop("unchanged", None)
    for f in d["findings"]:
        f["evidence"].pop("fetched", None)
        for k in ("times", "state", "first_seen"):
            f.pop(k, None)
    return d

cpu, sent, pages = [], [], []
for i in range(rounds):
    shutil.rmtree(work + "/data", ignore_errors=True)
    a, b, c = inspect(), inspect(), inspect("--link-age", "240h")
    cpu.append(b[0] / a[0])
    sent.append(b[1] / a[1])
    pages.append(c[1] / a[1])
    print(f"round {i + 1}  first: {a[0]:.2f} CPU s {a[1] / 1e6:.0f} MB sent, peak {a[2]} MB, {a[3]} requests   "
          f"second: {b[0]:.2f} CPU s {b[1] / 1e6:.1f} MB sent, peak {b[2]} MB, {b[3]} requests, {b[4]['pages']['unchanged']} unchanged   "
          f"CPU {cpu[-1]:.3f}  bytes {sent[-1]:.4f}  findings {'equal' if same(a[4]) == same(b[4]) else 'DIFFERENT'} ({len(b[4]['findings'])})", flush=True)
    print(f"         pages only: {c[0]:.2f} CPU s {c[1] / 1e6:.1f} MB sent, peak {c[2]} MB, {c[3]} requests   "
          f"bytes {pages[-1]:.4f}  findings {'equal' if same(a[4]) == same(c[4]) else 'DIFFERENT'}", flush=True)
print(f"second / first, median: CPU {st.median(cpu):.3f} (at most 0.25)  bytes {st.median(sent):.4f} (at most 0.20)  "
      f"pages only: bytes {st.median(pages):.4f} (at most 0.10)")
PY
