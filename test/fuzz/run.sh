#!/usr/bin/env bash
# Runs each fuzz target for the time given: test/fuzz/run.sh 1m [PACKAGE_PATTERN]
# FUZZ_PARALLEL bounds the processors it takes.
set -euo pipefail
cd "$(dirname "$0")/../.."
time=${1:-1m}
packages=${2:-./...}
go=${GO:-go}
for package in $($go list "$packages"); do
	directory=$($go list -f '{{.Dir}}' "$package")
	for target in $(grep -hoE '^func Fuzz[A-Za-z0-9_]+' "$directory"/*_test.go 2>/dev/null | sed 's/func //' | sort -u); do
		echo "== $package $target"
		$go test "$package" -run '^$' -fuzz "^$target\$" -fuzztime "$time" ${FUZZ_PARALLEL:+-parallel "$FUZZ_PARALLEL"}
	done
done
