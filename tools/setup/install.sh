#!/usr/bin/env bash
# Installs what the tests need and is missing, and says what. It uses Debian's
# packages, and npm for axe-core; elsewhere install the named programs yourself.
set -euo pipefail

missing=()
need() { # need PACKAGE COMMAND...
	local package=$1
	shift
	"$@" >/dev/null 2>&1 || missing+=("$package")
}

need chromium bash -c 'command -v chromium || command -v chromium-browser || command -v google-chrome'
# Of the aws CLI any version serves the stories but one: only version 2 has `aws logs tail`.
need awscli bash -c 'for aws in $(type -ap aws); do "$aws" --version | grep -q ^aws-cli/2 && exit 0; done; exit 1'
need python3 python3 --version
need python3-boto3 python3 -c 'import boto3'
need nodejs node --version
need curl curl --version
need gcc gcc --version

# axe-core, of the version and with the hash in package-lock.json, looks at the pages.
axe=$(dirname "$0")/../axe
axe_is_there() { npm ls --prefix "$axe" axe-core >/dev/null 2>&1; }
install_axe() {
	echo "tests: installing axe-core"
	npm ci --prefix "$axe" --ignore-scripts --no-audit --no-fund --silent
}
need npm npm --version

if [ ${#missing[@]} -eq 0 ]; then
	axe_is_there || install_axe
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
axe_is_there || install_axe
