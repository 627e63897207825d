#!/usr/bin/env bash
# Builds what a release is made of into dist/: static binaries, Debian packages,
# container images, a bill of materials and checksums. The same commit gives the
# same bytes on every machine with the same Go: times come from the commit.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:-dist}
version=${VERSION:-$(git describe --tags --always --dirty)}
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export CGO_ENABLED=0 GOFLAGS=-trimpath
cyclonedx=github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.10.0
for tool in dpkg-deb umoci; do command -v $tool >/dev/null || { echo "needs $tool (Debian: apt-get install dpkg umoci)"; exit 1; }; done
rm -rf "$out" && mkdir -p "$out"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for arch in amd64 arm64; do
  name=xunjian-$version-linux-$arch
  GOOS=linux GOARCH=$arch go build -pgo=bench/xunjian.pgo -buildvcs=false -ldflags "-s -w -X main.version=$version" -o "$out/$name" ./cmd/xunjian
  root=$work/$arch && mkdir -m 755 "$root"
  install -D -m 755 "$out/$name" "$root/usr/bin/xunjian"
  install -D -m 644 docs/deploy/xunjian.service "$root/lib/systemd/system/xunjian.service"
  install -D -m 644 LICENSE "$root/usr/share/doc/xunjian/copyright"
  install -D -m 644 config/README.md "$root/usr/share/doc/xunjian/configuration.md"
  # A Debian version begins with a digit.
  debian=${version#v}; [[ $debian =~ ^[0-9]+\. ]] || debian=0~git$debian
  mkdir -p "$root/DEBIAN"
  sed -e "s/@VERSION@/$debian/" -e "s/@ARCH@/$arch/" scripts/deb/control >"$root/DEBIAN/control"
  install -m 755 scripts/deb/postinst scripts/deb/prerm "$root/DEBIAN/"
  find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
  dpkg-deb --root-owner-group -Zxz --build "$root" "$out/xunjian_${debian}_$arch.deb" >/dev/null
  # The image, an OCI layout in a tar, is the binary and places for data and for what is passing; it needs no shell.
  # Authorities and time zones are in the binary, for hosts that have none.
  rm -rf "$root/DEBIAN" "$root/lib" && mkdir -p "$root/data" "$root/tmp" && chmod 1777 "$root/tmp"
  tar --sort=name --owner=65532 --group=65532 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" -C "$root" -cf "$root.tar" usr data tmp
  created=$(date -u -d "@$SOURCE_DATE_EPOCH" +%FT%TZ) image=$root.oci
  umoci init --layout "$image" && umoci new --image "$image:$version"
  umoci raw add-layer --image "$image:$version" --no-history "$root.tar"
  umoci config --image "$image:$version" --no-history --created "$created" --architecture "$arch" --os linux --config.user 65532 \
    --config.entrypoint /usr/bin/xunjian --config.cmd serve --config.cmd=-c --config.cmd /etc/xunjian/district.yaml --config.cmd=--data --config.cmd /data
  umoci gc --layout "$image" >/dev/null 2>&1
  tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" -C "$image" -cf "$out/$name.oci.tar" .
done
# The bill is read out of the program, so it says what is in it, and needs no history of git. Both architectures have the same modules.
modules() { go version -m "$out/xunjian-$version-linux-$1" | grep -P '^\tdep\t'; }
[ -n "$(modules amd64)" ] && diff <(modules amd64) <(modules arm64) || { echo "the programs are not made of the same modules: a bill for each is needed"; exit 1; }
GOFLAGS='' GOBIN=$work go install $cyclonedx
GOFLAGS='' go mod download # licences are read there
GOFLAGS='' GOPROXY=off "$work/cyclonedx-gomod" bin -json -licenses -noserial -notimestamp -version "$version" -output "$out/xunjian-$version.sbom.json" \
  "$out/xunjian-$version-linux-amd64" 2>"$work/bill" || { cat "$work/bill"; echo "no bill of materials"; exit 1; } # it warns of this very module, which no proxy has
(cd "$out" && sha256sum -- * >SHA256SUMS)
ls -l "$out"
