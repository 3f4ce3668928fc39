# The commands of the project; `make help` lists them.
.NOTPARALLEL:
.DEFAULT_GOAL := help
SHELL := /bin/bash

FUZZTIME ?= 60s

# Tests compare our own table of the portal's methods with the full descriptions where these are at hand.
ifeq ($(origin ACTS_CONTRACTS),undefined)
ifneq ($(wildcard ../shared/contracts),)
export ACTS_CONTRACTS := $(abspath ../shared/contracts)
endif
endif

browser := chromium fonts-paratype fonts-dejavu-core libxml2-utils poppler-utils
raced = @[ "$$(go env CGO_ENABLED)" = 1 ] || { echo "no C compiler: no race detector"; exit 0; }; exec bin/testdb -- go test -race

staticcheck := go tool -modfile=tools/go.mod staticcheck

.PHONY: help
help: ## this list
	@sed -n 's/^\([a-z0-9-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

.PHONY: run
run: deps ## the app beside a pretend Bitrix24 and a pretend SBIS; Ctrl-C stops all of it, data are kept
	@go build -o bin/sandbox ./cmd/sandbox
	@exec bin/sandbox

.PHONY: test
test: deps bin/testdb ## all tests but the browser's
	exec bin/testdb -- go test ./...

.PHONY: race
race: deps bin/testdb ## the same with the race detector, which needs a C compiler; takes a quarter of an hour on two cores
	$(raced) -timeout 30m ./...

.PHONY: race-short
race-short: deps bin/testdb ## the race detector over the clock, the pages and the wire, and over what tests of the database do side by side
	$(raced) ./jobs ./handlers/... ./integrations/crm ./integrations/sbis/...
	$(raced) -run 'Parallel|Replica|Races|Leased' ./store

.PHONY: e2e
e2e: bin/testdb ## the browser's tests, five minutes on two cores
	@.ci/install postgresql $(browser)
	exec bin/testdb -- go test -tags e2e -count=1 -timeout 15m -parallel 3 ./cmd/sandbox

.PHONY: judge-short
judge-short: deps ## kill the program some hundred times and count what was lost or doubled
	go run ./cmd/judge -short
	go run ./cmd/judge -short -bulk

.PHONY: judge-bulk
judge-bulk: deps ## hand 1,000 acts over by one click and kill the program 20 times meanwhile
	go run ./cmd/judge -bulk

.PHONY: judge-deals
judge-deals: deps ## copy a hundred thousand deals of a portal while the program is killed, and compare
	go run ./cmd/judge -deals 100000

.PHONY: bench
bench: deps ## measure the pages against the simplest possible one, the lists also over ten million acts
	go run ./cmd/bench

.PHONY: fuzz
fuzz: deps bin/testdb ## every fuzz target for FUZZTIME (60s)
	@grep -rl --include='*_test.go' '^func Fuzz' . | while read -r file; do \
		for target in $$(sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\)(.*/\1/p' "$$file"); do \
			echo "$$file $$target"; \
			bin/testdb -- go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) "$$(dirname "$$file")" </dev/null || exit 1; \
		done; \
	done

.PHONY: generate
generate: ## Go code out of the templ files
	go tool templ generate

.PHONY: fmt
fmt: ## format Go and templ files
	gofmt -w .
	go tool templ fmt .

.PHONY: lint
lint: ## go vet and staticcheck
	go vet -tags e2e ./...
	$(staticcheck) -tags e2e ./...

.PHONY: check
check: formatted generated ## what must hold before a change is taken, in a quarter of an hour; ends with make test
	go mod verify
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory race-short
	@$(MAKE) --no-print-directory e2e
	@$(MAKE) --no-print-directory test

.PHONY: dist
dist: ## bin/actsd, static and stripped
	CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o bin/actsd ./cmd/actsd

# What follows serves the targets above.

.PHONY: deps
deps:
	@.ci/install postgresql

.PHONY: bin/testdb
bin/testdb:
	@go build -o $@ ./cmd/testdb

.PHONY: formatted
formatted:
	@files=$$(gofmt -l .); [ -z "$$files" ] || { echo "gofmt would change:"; echo "$$files"; exit 1; }

sums = find . -name '*_templ.go' | sort | xargs cksum

.PHONY: generated
generated:
	@before=$$($(sums)); go tool templ generate || exit 1; \
	[ "$$before" = "$$($(sums))" ] || { echo "the templ files were changed without make generate"; exit 1; }
