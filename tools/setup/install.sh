#!/usr/bin/env bash
# Installs what the tests need and is missing, and says what. It uses Debian's
# packages; elsewhere install the named programs yourself.
set -euo pipefail

missing=()
need() { # need PACKAGE COMMAND...
	local package=$1
	shift
	"$@" >/dev/null 2>&1 || missing+=("$package")
}

need chromium bash -c 'command -v chromium || command -v chromium-browser || command -v google-chrome'
need awscli aws --version
need python3 python3 --version
need python3-boto3 python3 -c 'import boto3'
need nodejs node --version
need curl curl --version
need gcc gcc --version

if [ ${#missing[@]} -eq 0 ]; then
	echo "tests: everything that they need is installed"
	exit 0
fi
echo "tests: installing ${missing[*]}"
if ! command -v apt-get >/dev/null; then
	echo "tests: no apt-get here; install these yourself: ${missing[*]}" >&2
	exit 1
fi
run=()
[ "$(id -u)" = 0 ] || run=(sudo)
export DEBIAN_FRONTEND=noninteractive
"${run[@]}" apt-get update -qq
"${run[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
