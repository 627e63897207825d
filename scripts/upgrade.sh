#!/usr/bin/env bash
# make upgrade: a database that an earlier program wrote, opened by this one:
# what was found, decided and kept is there, on SQLite and on PostgreSQL, and,
# by a backup, anew.
#
#   scripts/upgrade.sh [REF]    the earlier program; default: the last tag before this commit, or the first that served
set -euo pipefail
cd "$(dirname "$0")/.."
first=$(git log --reverse --format=%h --diff-filter=A -- cmd/xunjian/serve.go | head -1)
from=${1:-$(git describe --tags --abbrev=0 HEAD^ 2>/dev/null || echo "$first")}
work=$(mktemp -d)
started=()
trap 'for p in "${started[@]}"; do kill "$p" 2>/dev/null && wait "$p" || true; done; git worktree remove -f "$work/old" 2>/dev/null || true; rm -rf "$work"' EXIT
git worktree add -q --detach "$work/old" "$from"
(cd "$work/old" && CGO_ENABLED=0 go build -o "$work/before" ./cmd/xunjian)
CGO_ENABLED=0 go build -o "$work/now" ./cmd/xunjian
echo "before: $(git log -1 --format='%h of %cs' "$from"); now: $(git describe --always --dirty)"

# opened KIND DATA [--database URL]: this program opens what the earlier one wrote.
opened() {
  local kind=$1 data=$2 n id; shift 2
  "$work/before" inspections --data "$data" "$@" >"$work/listed.before"
  # The same inspections with the same findings, twice (the second time nothing is migrated).
  for _ in 1 2; do
    "$work/now" inspections --data "$data" "$@" >"$work/listed.now"
  done
  ids() { awk '/^20/ {print $3}' "$1" | sort; }
  n=$(ids "$work/listed.before" | wc -l)
  [ "$n" -gt 0 ] || { echo "$kind: the earlier program listed no inspection"; cat "$work/listed.before"; exit 1; }
  diff <(ids "$work/listed.before") <(ids "$work/listed.now") || { echo "$kind: inspections differ"; exit 1; }
  # Old evidence is read and judged anew; new checks may find more, so only that it can be done counts.
  id=$(ids "$work/listed.now" | head -1)
  "$work/now" replay "$id" --data "$data" "$@" --format json >"$work/replay.json" 2>"$work/replay.txt" || true
  grep -q '"schema"' "$work/replay.json" || { echo "$kind: replay of $id:"; cat "$work/replay.txt"; exit 1; }
  # A backup of either database is restored to SQLite.
  "$work/now" backup --data "$data" "$@" -o "$work/$kind.backup" >/dev/null
  "$work/now" restore "$work/$kind.backup" --data "$work/anew-$kind" >/dev/null
  "$work/now" inspections --data "$work/anew-$kind" | diff "$work/listed.now" - || { echo "$kind: a backup of it restores to something else"; exit 1; }
  # The earlier program must say that it is too old, not write on.
  if "$work/before" inspections --data "$data" "$@" >/dev/null 2>"$work/refused.txt"; then echo "$kind: note: the earlier program still opens it"; else echo "$kind: the earlier program refuses it: $(head -1 "$work/refused.txt")"; fi
  echo "$kind: upgraded: $n inspections, the same before, after, and restored from a backup; evidence replayed"
}

# An earlier program does its main job and leaves its data.
(cd "$work" && ./before demo -q --dir demo >before.txt 2>&1) || true
data=$(dirname "$(find "$work" -name '*.db' -path '*data*' | head -1)")
[ -d "$data" ] || { echo "the earlier program left no data: $(tail -3 "$work/before.txt")"; exit 1; }
opened SQLite "$data"

# The demo knows SQLite only: on PostgreSQL it inspects a small site, twice.
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
[ -n "$bin" ] || { echo "PostgreSQL: left out: no server is installed (make deps)"; exit 0; }
chmod 711 "$work" && mkdir "$work/pg" "$work/site"
as=()
if [ "$(id -u)" = 0 ]; then as=(setpriv --reuid=postgres --regid=postgres --clear-groups); chown postgres "$work/pg"; fi
"${as[@]}" "$bin/initdb" -D "$work/pg/data" -U xunjian -A trust -E UTF8 --locale=C --no-sync >/dev/null
"${as[@]}" "$bin/postgres" -D "$work/pg/data" -k "$work/pg" -c listen_addresses= -c fsync=off >"$work/pg.log" 2>&1 &
started+=($!)
url="postgres://xunjian@/xunjian?host=$work/pg"
for _ in $(seq 100); do "$bin/psql" -h "$work/pg" -U xunjian -d postgres -qc 'CREATE DATABASE xunjian' 2>/dev/null && break; sleep 0.2; done
page() { printf '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>%s</title><p>2026-01-05</p>%s</html>' "$1" "$2"; }
page 首页 '<a href="/a.html">动态</a> <a href="/gone.html">不存在</a>' >"$work/site/index.html"
page 动态 '<a href="/">首页</a> <img src="/gone.png">' >"$work/site/a.html"
python3 -u -m http.server --bind 127.0.0.1 --directory "$work/site" 0 >"$work/site.log" 2>&1 &
started+=($!)
port=; for _ in $(seq 100); do port=$(grep -oP 'port \K\d+' "$work/site.log") && break; sleep 0.1; done
for _ in 1 2; do
  "$work/before" inspect --data "$work/pgdata" --database "$url" --allow 127.0.0.0/8 --rate -1 "http://127.0.0.1:$port/" >"$work/before.txt" 2>&1 || true
done
if ! "$work/before" inspections --data "$work/pgdata" --database "$url" 2>/dev/null | grep -q '^20'; then
  echo "PostgreSQL: left out: the earlier program did not write to it: $(tail -1 "$work/before.txt")"
  exit 0
fi
opened PostgreSQL "$work/pgdata" --database "$url"
