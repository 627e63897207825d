#!/usr/bin/env bash
# Installs what the tests use beyond Go. Without it they skip those parts and say so.
set -u
cd "$(dirname "$0")/.."
want=()
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || want+=(postgresql)
command -v chromium-headless-shell chromium chromium-browser google-chrome >/dev/null 2>&1 || want+=(chromium fonts-noto-cjk)
command -v soffice >/dev/null || want+=(libreoffice-writer)
command -v pdftotext >/dev/null || want+=(poppler-utils)
[ -d /usr/share/texlive/texmf-dist/fonts/opentype/public/fandol ] || want+=(texlive-lang-chinese fonts-noto-cjk fonts-noto-cjk-extra fonts-liberation2)
/usr/bin/python3 -c 'import docx' 2>/dev/null || want+=(python3-docx)
command -v promtool >/dev/null || want+=(prometheus)
command -v amtool >/dev/null || want+=(prometheus-alertmanager)
axe=crawler/render/node_modules/axe-core/axe.min.js
[ -f $axe ] || command -v npm >/dev/null || want+=(npm)
if [ ${#want[@]} -gt 0 ]; then
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "not installed: ${want[*]}: the tests that need them will be skipped (Debian: apt-get install ${want[*]})"
  else
    echo "installing ${want[*]} for the tests"
    printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d # do not start a server
    (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${want[@]}") >/dev/null 2>&1 ||
      echo "could not be installed: ${want[*]}: the tests that need them will be skipped"
    rm -f /usr/sbin/policy-rc.d
  fi
fi
if [ ! -f $axe ] && command -v npm >/dev/null; then
  npm ci --prefix crawler/render --no-audit --no-fund --silent >/dev/null 2>&1 || echo "axe-core could not be installed: the browser's tests will be skipped"
fi
exit 0
