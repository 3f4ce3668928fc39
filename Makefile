# The commands of the project; `make help` lists them.
.NOTPARALLEL:
.DEFAULT_GOAL := help
SHELL := /bin/bash

FUZZTIME ?= 60s

# Browser tests at the same time. Beside the other tests of make check two are enough: they end first all the same.
BROWSERS ?= 4

browser := chromium fonts-paratype fonts-dejavu-core libxml2-utils poppler-utils
packaging := dpkg postgresql-common adduser ca-certificates tzdata curl openssl
raced = @[ "$$(go env CGO_ENABLED)" = 1 ] || { echo "no C compiler: no race detector"; exit 0; }; exec bin/testdb -- go test -race

# Tests that do several things at once, of packages whose other tests would only take longer under the race detector.
concurrent := Parallel|Replica|Races|Leased|OneFormMakesOneAct|ChangedAtOnce|StopsWithItsVisitor|RenewedOnce|BesideOurWrite

# Packages whose tests take minutes. They start first, so that none of them is left to run alone.
longest := ./workflow/usecases ./integrations/crm ./handlers ./workflow/edo ./cmd/app

staticcheck := go tool -modfile=tools/go.mod staticcheck

.PHONY: help
help: ## print this list
	@sed -n 's/^\([a-z0-9-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 20

.PHONY: run
run: deps ## start the app with a fake Bitrix24 and a fake SBIS; Ctrl-C stops everything, the data are kept
	@go build -o bin/sandbox ./cmd/sandbox
	@exec bin/sandbox

.PHONY: stories
stories: ## show every page in every state at http://127.0.0.1:8030/, without a database
	@go run ./cmd/storybook

.PHONY: pictures
pictures: ## save pictures of all of them, on a laptop and on phones, light and dark, in bin/pictures
	@.ci/install $(browser)
	go run ./cmd/storybook -pictures bin/pictures

.PHONY: guide-pictures
guide-pictures: ## make the pictures of the guides in docs/pictures again
	@.ci/install $(browser)
	go run ./cmd/storybook -guides docs/pictures

.PHONY: test
test: deps bin/testdb ## run all tests except the browser tests
	exec bin/testdb -- go test -timeout 40m $(longest) ./...

.PHONY: race
race: deps bin/testdb ## run the same tests with the race detector (needs a C compiler); 15 minutes on two cores
	$(raced) -timeout 30m ./...

.PHONY: race-short
race-short: deps bin/testdb ## run the race detector over jobs, page groups, the SBIS client and named concurrent tests
	$(raced) ./jobs $$(go list ./handlers/... | grep "/handlers/") ./integrations/sbis/...
	$(raced) -run '$(concurrent)' ./store/list ./store/queue ./store/schema ./handlers ./integrations/crm

.PHONY: e2e
e2e: bin/testdb ## run the browser tests; 9 minutes on two cores
	@.ci/install postgresql $(browser)
	exec bin/testdb -- go test -tags e2e -count=1 -timeout 40m -parallel $(BROWSERS) ./cmd/sandbox ./cmd/storybook

.PHONY: clicks
clicks: bin/testdb ## do the main jobs with the keyboard in Chromium; print clicks, Tabs and measures of the screens
	@.ci/install postgresql $(browser)
	exec bin/testdb -- go test -tags e2e -count=1 -timeout 20m -v -run '^TestMeasures$$' ./cmd/sandbox

.PHONY: crashtest
crashtest: deps ## 10,000 acts, 1,000 kills, 20 portals: count lost and duplicate effects; takes hours, and continues after a stop
	@mkdir -p data
	go run ./cmd/crashtest -seed 1 -resume data/crashtest-1

.PHONY: crashtest-outages
crashtest-outages: deps ## restart PostgreSQL 50 times, spoil its network 100 times, fill its disk 10 times (as root); 5 minutes each
	go run ./cmd/crashtest -restarts 50 -seed 31
	go run ./cmd/crashtest -toxics 100 -acts 120 -seed 32
	go run ./cmd/crashtest -full 10 -acts 120 -seed 33

.PHONY: crashtest-soak
crashtest-soak: deps ## half an hour of all failures at a tenth of their rate on 200 portals; memory and goroutines must not grow; 45 minutes
	go run ./cmd/crashtest -soak 30m -seed 41

.PHONY: crashtest-short
crashtest-short: deps ## kill the program 40 times and count lost and duplicate effects, with the same choices in every run
	go run ./cmd/crashtest -short -seed 1

.PHONY: crashtest-mutants
crashtest-mutants: deps ## check that the crash test finds deliberate faults of the program
	go run ./cmd/crashtest -mutants . -seed 1 -settle 40s

.PHONY: crashtest-bulk
crashtest-bulk: deps ## hand over 1,000 acts in one bulk action and kill the program 20 times meanwhile
	go run ./cmd/crashtest -bulk

.PHONY: crashtest-deals
crashtest-deals: deps ## copy 100,000 deals of a portal while the program is killed, and compare
	go run ./cmd/crashtest -deals 100000

.PHONY: economy
economy: deps ## measure throughput and calls against the limits of Bitrix24 and SBIS, as docs/performance.md shows; an hour
	go run ./cmd/economy

.PHONY: bench
bench: deps ## measure pages against a minimal page, and lists over ten million acts
	go run ./cmd/bench

.PHONY: measure
measure: ## print sizes of packages, types, folders and functions with their targets
	@go run ./cmd/measure

.PHONY: year
year: deps bin/testdb ## let 20 portals live through 2027 day by day and compare what happens on which day with a computation of its own
	ACTS_YEAR=20 exec bin/testdb -- go test -count=1 -v -timeout 3h ./workflow/usecases -run '^TestYear$$'

.PHONY: attacks
attacks: deps bin/testdb ## run the tests of all attacks in docs/security.md; one minute on two cores
	@list=$$(sed -n '/^## Attacks/,/^## ASVS/p' docs/security.md | grep -o '`[a-z0-9/]*\.Test[A-Za-z0-9]*`' | tr -d '`' | sort -u); \
	exec bin/testdb -- go test -count=1 -run "^($$(sed 's/.*\.//' <<<"$$list" | paste -sd'|'))$$" $$(sed 's|\..*||; s|^|./|' <<<"$$list" | sort -u)

.PHONY: fuzz
fuzz: deps bin/testdb ## run every fuzz target for FUZZTIME (60s), little of it for making inputs smaller
	@grep -rl --include='*_test.go' '^func Fuzz' . | while read -r file; do \
		for target in $$(sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\)(.*/\1/p' "$$file"); do \
			echo "$$file $$target"; \
			bin/testdb -- go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x "$$(dirname "$$file")" </dev/null || exit 1; \
		done; \
	done

.PHONY: generate
generate: ## generate Go code from the templ files
	go tool templ generate

.PHONY: schema
schema: deps bin/testdb ## write migrations/schema.sql after a change of the migrations
	exec bin/testdb -- go test -count=1 -run '^TestSchemaFile$$' ./store/schema -update

.PHONY: fmt
fmt: ## format Go and templ files
	gofmt -w .
	go tool templ fmt .

.PHONY: lint
lint: ## run go vet and staticcheck
	go vet -tags e2e ./...
	$(staticcheck) -tags e2e ./...

.PHONY: vuln
vuln: ## compare the dependencies with the Go vulnerability database, which is fetched
	go tool -modfile=tools/go.mod govulncheck -tags e2e ./...

.PHONY: check
check: formatted generated bin/testdb ## run everything that must pass before a change is merged; 15 minutes on two cores, ends with make test
	@.ci/install postgresql $(browser) nginx-light openssl systemd $(packaging)
	go mod verify
	@$(MAKE) --no-print-directory e2e BROWSERS=2 >bin/e2e.log 2>&1 & browser=$$!; \
	trap 'kill $$browser; exit 130' INT TERM; \
	echo "the browser tests run beside the others and write bin/e2e.log"; \
	failed=0; \
	for step in lint race-short crashtest-short test; do began=$$SECONDS; \
		$(MAKE) --no-print-directory $$step || { failed=1; break; }; echo "$$step took $$((SECONDS - began)) s"; done; \
	wait $$browser || { failed=1; cat bin/e2e.log; echo "the browser tests failed"; }; \
	echo "everything took $$SECONDS s"; \
	exit $$failed

.PHONY: dist
dist: ## build bin/actsd: static, stripped, with the commit for `actsd version`
	CGO_ENABLED=0 go build -trimpath -buildvcs=auto -ldflags='-s -w' -o bin/actsd ./cmd/actsd

.PHONY: deb
deb: dist ## build bin/acts24_VERSION_ARCH.deb with the systemd units
	@version=$$(bin/actsd version | sed -n '1s/^acts24 v//p' | tr -c '[:alnum:].+~\n' '~'); deploy/deb.sh "$${version:-0.0.0}" bin

# Prerequisites of the targets above.

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
