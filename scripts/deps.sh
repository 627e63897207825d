#!/usr/bin/env bash
# Installs what the tests use beyond Go. Without it they skip those parts and say so.
set -u
if ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then exit 0; fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "PostgreSQL is not installed: its part of the store's tests will be skipped (Debian: apt-get install postgresql)"
  exit 0
fi
echo "installing PostgreSQL for the store's tests"
printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d # do not start a server
(apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql) >/dev/null 2>&1 ||
  echo "PostgreSQL could not be installed: its part of the store's tests will be skipped"
rm -f /usr/sbin/policy-rc.d
