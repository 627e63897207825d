#!/usr/bin/env bash
# make upgrade: a database that an earlier program wrote, opened by this one:
# what was found, decided and kept is there, on SQLite and, by a backup, anew.
#
#   scripts/upgrade.sh [REF]    the earlier program; default: the last tag before this commit, or the first that served
set -euo pipefail
cd "$(dirname "$0")/.."
first=$(git log --reverse --format=%h --diff-filter=A -- cmd/xunjian/serve.go | head -1)
from=${1:-$(git describe --tags --abbrev=0 HEAD^ 2>/dev/null || echo "$first")}
work=$(mktemp -d)
trap 'git worktree remove -f "$work/old" 2>/dev/null || true; rm -rf "$work"' EXIT
git worktree add -q --detach "$work/old" "$from"
(cd "$work/old" && CGO_ENABLED=0 go build -o "$work/before" ./cmd/xunjian)
CGO_ENABLED=0 go build -o "$work/now" ./cmd/xunjian
echo "before: $(git log -1 --format='%h of %cs' "$from"); now: $(git describe --always --dirty)"

# An earlier program does its main job and leaves its data.
(cd "$work" && ./before demo -q --dir demo >before.txt 2>&1) || true
data=$(dirname "$(find "$work" -name '*.db' -path '*data*' | head -1)")
[ -d "$data" ] || { echo "the earlier program left no data: $(tail -3 "$work/before.txt")"; exit 1; }
"$work/before" inspections --data "$data" >"$work/listed.before"
cp -r "$data" "$work/copy"

# This one opens it: the same inspections with the same findings, twice (the second time nothing is migrated).
for i in 1 2; do
  "$work/now" inspections --data "$data" >"$work/listed.now"
done
ids() { awk '/^20/ {print $3}' "$1" | sort; }
n=$(ids "$work/listed.before" | wc -l)
[ "$n" -gt 0 ] || { echo "the earlier program listed no inspection"; cat "$work/listed.before"; exit 1; }
diff <(ids "$work/listed.before") <(ids "$work/listed.now") || { echo "inspections differ"; exit 1; }
# Old evidence is read and judged anew; new checks may find more, so only that it can be done counts.
id=$(ids "$work/listed.now" | head -1)
"$work/now" replay "$id" --data "$data" --format json >"$work/replay.json" 2>"$work/replay.txt" || true
grep -q '"schema"' "$work/replay.json" || { echo "replay of $id:"; cat "$work/replay.txt"; exit 1; }
"$work/now" backup --data "$data" -o "$work/all.backup" >/dev/null
"$work/now" restore "$work/all.backup" --data "$work/anew" >/dev/null
"$work/now" inspections --data "$work/anew" | diff "$work/listed.now" - || { echo "a backup of it restores to something else"; exit 1; }
# The earlier program must say that it is too old, not write on.
if "$work/before" inspections --data "$data" >/dev/null 2>"$work/refused.txt"; then echo "note: the earlier program still opens it"; else echo "the earlier program refuses it: $(head -1 "$work/refused.txt")"; fi
echo "upgraded: $n inspections, the same before, after, and restored from a backup; evidence replayed"
