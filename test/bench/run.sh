#!/usr/bin/env bash
# Runs all benchmarks and prints them in benchstat's format: the engines, then the whole
# server against its baselines.
#   COUNT=6 BENCHTIME=1s test/bench/run.sh | tee new.txt; benchstat new.txt
set -euo pipefail
cd "$(dirname "$0")/../.."
go=${GO:-go}
$go test -run '^$' -bench . -benchmem -count "${COUNT:-1}" -benchtime "${BENCHTIME:-1s}" \
	./internal/vtl/... ./internal/mapping/... ./internal/jsonpath/... ./internal/value/... ./internal/sigv4/... ./internal/iam/... \
	./internal/throttle/... ./internal/dataplane/... ./internal/telemetry/... ./internal/integration/... ./internal/lambda/... ./internal/app/...
$go test -run '^$' -bench 'Request|Function|WebSocketEcho' -count "${COUNT:-1}" -benchtime "${BENCHTIME:-2s}" ./test/bench
$go test -run '^$' -bench Start -count "${COUNT:-1}" -benchtime 5x ./test/bench
$go test -run '^$' -bench Recording -count "${COUNT:-1}" -benchtime 1x ./test/bench
