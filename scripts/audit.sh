#!/usr/bin/env bash
# make audit: what is known against our dependencies, what gosec says of our
# code, and whether every dependency's licence is one that we may ship.
set -euo pipefail
cd "$(dirname "$0")/.."
licenses=github.com/google/go-licenses@v1.6.0
govulncheck=golang.org/x/vuln/cmd/govulncheck@v1.9.0
gosec=github.com/securego/gosec/v2/cmd/gosec@v2.30.0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

echo "== licences"
# modernc.org/mathutil is BSD-3-Clause, read by a person: its file defeats the tool.
# Licences that ask for no more than their own text; MPL-2.0 asks for the source of its own files, which is public.
if go run $licenses check ./cmd/xunjian --ignore github.com/xunjian/xunjian --ignore modernc.org/mathutil \
  --allowed_licenses=MIT,BSD-2-Clause,BSD-3-Clause,Apache-2.0,ISC,Zlib,Unlicense,0BSD,CC0-1.0,MPL-2.0 >"$work/licences" 2>&1; then
  echo "all of $(go list -deps -f '{{with .Module}}{{.Path}}{{end}}' ./cmd/xunjian | sort -u | wc -l) modules are on the list"
else
  grep -v '^[IW][0-9]' "$work/licences"; failed=1
fi

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
if ! go run $gosec -quiet -exclude-generated -exclude-dir=bench -exclude-dir=cmd/realsites -exclude-dir=cmd/xunjian/portal -exclude-dir=store/postgrestest -exclude-dir=crawler/document/bombtest \
  -exclude="$(grep -oE '^\| G[0-9]+' docs/security.md | grep -oE 'G[0-9]+' | paste -sd,)" ./... >"$work/gosec" 2>&1; then
  cat "$work/gosec"; failed=1
else
  echo "nothing beyond docs/security.md"
fi
exit $failed
