#!/usr/bin/env bash
# make audit: what is known against our dependencies, what gosec says of our
# code, and whether every dependency's licence is one that we may ship.
set -euo pipefail
cd "$(dirname "$0")/.."
cyclonedx=github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.10.0
govulncheck=golang.org/x/vuln/cmd/govulncheck@v1.9.0
gosec=github.com/securego/gosec/v2/cmd/gosec@v2.30.0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

echo "== licences"
go run $cyclonedx app -json -licenses -main ./cmd/xunjian -output "$work/sbom.json" . 2>/dev/null
/usr/bin/python3 - "$work/sbom.json" <<'PY' || failed=1
import json, sys
# Licences that ask for no more than their own text; MPL-2.0 asks for the source of its own files, which is public.
ours = {"MIT", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "ISC", "Zlib", "Unlicense", "0BSD", "CC0-1.0", "MPL-2.0"}
bad, seen = [], {}
for c in json.load(open(sys.argv[1]))["components"]:
    found = c.get("licenses") or [l for e in [c.get("evidence", {})] for l in e.get("licenses", [])]
    ids = {l["license"].get("id") or l["license"].get("name", "?") for l in found} or {"none found"}
    for i in ids:
        seen[i] = seen.get(i, 0) + 1
    if not ids & ours:
        bad.append(f'{c["name"]} {c.get("version", "")}: {", ".join(sorted(ids))}')
print(", ".join(f"{n} {i}" for i, n in sorted(seen.items(), key=lambda x: -x[1])))
for b in bad:
    print("not on the list:", b)
sys.exit(bool(bad))
PY

echo "== known faults (govulncheck)"
if ! go run $govulncheck ./... >"$work/vuln" 2>&1; then
  if grep -qE 'no such host|dial tcp|lookup |fetching vulnerabilities' "$work/vuln"; then
    echo "COULD NOT TELL: the database of faults cannot be reached: $(grep -m1 -E 'host|dial|lookup|fetching' "$work/vuln")"
  else
    cat "$work/vuln"; failed=1
  fi
else
  tail -3 "$work/vuln"
fi

echo "== gosec"
# Rules that are left out, and why they say nothing here, are in docs/security.md.
if ! go run $gosec -quiet -exclude-generated -exclude-dir=bench -exclude-dir=cmd/realsites -exclude-dir=cmd/xunjian/portal \
  -exclude="$(grep -oE '^\| G[0-9]+' docs/security.md | grep -oE 'G[0-9]+' | paste -sd,)" ./... >"$work/gosec" 2>&1; then
  cat "$work/gosec"; failed=1
else
  echo "nothing beyond docs/security.md"
fi
exit $failed
