# Gatehouse: every target is explained by `make help`.
SHELL := /bin/bash
GO ?= go
BIN := bin
LINT := $(GO) tool -modfile=tools/lint/go.mod golangci-lint
VERSION ?= $(shell git describe --always --dirty 2>/dev/null || echo unknown)
export CGO_ENABLED ?= 1

.DEFAULT_GOAL := help
.PHONY: help build demo test tools check lint generate unit scripts bench fuzz vectors clean

help: ## Say what each target does
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## Build bin/gatehouse
	@mkdir -p $(BIN)
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o $(BIN)/gatehouse ./cmd/gatehouse

demo: build ## Build, start the server, deploy examples/status-codes and print what to try
	@$(BIN)/gatehouse demo

test: tools check unit ## Install what the tests need, then run everything

tools: ## Install what the tests need and is missing
	@bash tools/setup/install.sh

check: ## Formatting, vet, lint, generated code unchanged
	@test -z "$$(gofmt -l cmd internal tools test)" || { gofmt -l cmd internal tools test; echo "run gofmt -w on these files"; exit 1; }
	$(GO) vet ./...
	$(LINT) run ./...
	$(GO) run ./tools/parity check

lint: ## golangci-lint alone
	$(LINT) run ./...

generate: ## Write the generated code again
	$(GO) generate ./...
	$(GO) run ./tools/parity

unit: ## All tests, with the race detector: packages, conformance, scripts, browser
	$(GO) test -race -timeout 12m ./...

scripts: build ## The end-to-end stories alone
	$(GO) test -count=1 ./test/scripts/...

bench: build ## The benchmarks, in benchstat's format
	@bash test/bench/run.sh

fuzz: ## Each fuzz target for FUZZTIME (default 1m)
	@bash test/fuzz/run.sh $(or $(FUZZTIME),1m)

vectors: build ## The mapping templates against the recorded outputs of the real engines
	$(BIN)/gatehouse template test internal/mapping/testdata/vectors.json

clean: ## Remove what was built
	rm -rf $(BIN)
