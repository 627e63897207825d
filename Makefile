# Each target installs what it lacks. `make` prints the list.
SHELL := /bin/bash
# What fails before a pipe fails the target.
.SHELLFLAGS := -o pipefail -c
.DEFAULT_GOAL := help
GO ?= go
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X main.version=$(VERSION)
FUZZTIME ?= 10s
ROUNDS ?= 5
# The race detector watches all code but SQLite's, which is translated from C:
# watched, it takes three times as long. Nothing wider: what uses atomics must
# be watched, or the detector misses the order they make.
RACE := -race -gcflags='modernc.org/sqlite/lib=-race=false'

.PHONY: help
help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

.PHONY: build
build: ## bin/xunjian, static, optimised by the profile of an inspection of 20,000 pages
	CGO_ENABLED=0 $(GO) build -trimpath -pgo=bench/xunjian.pgo -ldflags '$(LDFLAGS)' -o bin/xunjian ./cmd/xunjian

.PHONY: demo
demo: build ## inspect the built-in demonstration portal; writes xunjian-demo/report.html
	./bin/xunjian demo

.PHONY: deps
deps: ## what tests use beyond Go: PostgreSQL, Chromium (Debian; need root), axe-core (npm)
	@./scripts/deps.sh

.PHONY: test
test: deps ## all tests with the race detector, in random order
	$(GO) test $(RACE) -shuffle=on -timeout 25m ./...

.PHONY: lint
lint: ## vet, format, staticcheck, tidy, generated files
	$(GO) vet ./...
	@out=$$(gofmt -l $$(git ls-files '*.go')); if [ -n "$$out" ]; then echo "not gofmt-ed:"; echo "$$out"; exit 1; fi
	$(GO) run $(STATICCHECK) -checks 'inherit,-ST1000' ./...
	$(GO) mod tidy -diff
	@$(MAKE) --no-print-directory generate
	@test -z "$$(git status --porcelain -- checks/all.go config/schema.json docs/checks dashboards/grafana/json docs/metrics.md)" || { echo "generated files are not fresh: commit what make generate wrote"; exit 1; }

.PHONY: generate
generate: ## checks/all.go, config/schema.json, docs/checks, Grafana's dashboards, docs/metrics.md
	$(GO) generate ./checks ./config
	$(GO) test ./dashboards/grafana -run TestFresh -update >/dev/null
	$(GO) test ./dashboards/metrics -run TestDocumentation -update >/dev/null
	$(GO) run ./cmd/catalogue

.PHONY: gate
gate: lint test ## what .ci/run calls; every run gives the same answer, so no random fuzzing: its finds are seeds in make test

.PHONY: fuzz
fuzz: ## every fuzz target for FUZZTIME (10s)
	@set -e -o pipefail; for f in $$(grep -rlE '^func Fuzz' --include='*_test.go' .); do d=$$(dirname $$f); \
	for t in $$(grep -hoE '^func Fuzz[A-Za-z0-9_]+' $$f | sed 's/func //'); do echo "$$d $$t"; $(GO) test -run '^$$' -fuzz "^$$t$$" -fuzztime $(FUZZTIME) $$d >.fuzz.log 2>&1 || { cat .fuzz.log; rm -f .fuzz.log; exit 1; }; tail -1 .fuzz.log; rm -f .fuzz.log; done; done

.PHONY: release
release: ## dist/: static binaries, .deb and container images for amd64 and arm64, bill of materials, checksums
	./scripts/release.sh dist

.PHONY: reproducible
reproducible: ## two builds of a commit are the same bytes
	@d=$$(mktemp -d); git worktree add -q --detach $$d/there && $(MAKE) --no-print-directory -C $$d/there build && $(MAKE) --no-print-directory build && cmp bin/xunjian $$d/there/bin/xunjian && echo "equal: $$(sha256sum <bin/xunjian)"; \
	s=$$?; git worktree remove -f $$d/there; rm -rf $$d; exit $$s

.PHONY: bench
bench: build ## Xunjian, the bare yardstick, the floor and other link checkers on portals and real HTML, ROUNDS (5) rounds; the goals; an hour
	./bench/run.sh --rounds $(ROUNDS) $(BENCHFLAGS)

.PHONY: console-bench
console-bench: deps ## pages of the console with 1,000,000 findings on both databases, p95 under 300 ms; 15 minutes on a quiet machine
	XUNJIAN_SPEED=1 $(GO) test -run '^TestConsoleSpeed$$' -count=1 -v -timeout 60m ./cmd/xunjian | grep -v '^=== '

.PHONY: client
client: ## a client generated from the API's document lists findings
	XUNJIAN_CLIENT=1 $(GO) test -run '^TestGeneratedClient$$' -count=1 -v ./cmd/xunjian | grep -v '^=== '

.PHONY: second
second: build ## what a second inspection of unchanged pages costs of the first
	./bench/second.sh

.PHONY: golden
golden: ## rewrite all golden files; read the diff before committing it
	$(GO) test ./checks/... ./bulletins ./bulletins/paper ./cmd/... ./config/... ./dashboards/... -update

.PHONY: new-check
new-check: ## lay the folder of a check: make new-check ID=some-check
	@test -n "$(ID)" || { echo "usage: make new-check ID=some-check"; exit 2; }
	$(GO) run ./checks/new.go $(ID)

.PHONY: act
act: ## accessibility checks over the published ACT cases: finds, misses, false alarms, precision, recall
	@set -o pipefail; $(GO) test -run '^TestACT$$' -count=1 -v ./checks | grep -v '^=== '
	@[ -f crawler/render/node_modules/axe-core/axe.min.js ] || npm ci --prefix crawler/render --no-audit --no-fund
	@set -o pipefail; XUNJIAN_ACT_DEEP=1 $(GO) test -run '^TestACTDeep$$' -count=1 -v -timeout 40m ./crawler/render | grep -v '^=== '

.PHONY: catalogue
catalogue: ## docs/checks: a page a check and the table of cases and measured hits; with ../shared, new counts
	@shared=$${XUNJIAN_SHARED:-../shared}; if [ -d $$shared/corpus ]; then d=$$(mktemp -d) && $(GO) run ./cmd/realsites -shared $$shared -out $$d >/dev/null && $(GO) run ./cmd/catalogue -counts $$d; rm -rf $$d; \
	else echo "no ../shared/corpus: counts stay as they are"; $(GO) run ./cmd/catalogue; fi

.PHONY: observe
observe: deps ## the demo as a service under Debian's Prometheus and Alertmanager: every expression is run, and what is broken fires its alert
	XUNJIAN_OBSERVE=1 $(GO) test -run '^(TestObserve|TestSnapshotCost)$$' -count=1 -v -timeout 20m ./cmd/xunjian | grep --line-buffered -v '^=== '
	$(GO) test -run '^$$' -bench Scrape -benchtime 3x ./dashboards/metrics

.PHONY: papers
papers: deps ## bulletins: each printed number of 200 made-up pasts against SQL; a province's quarter in all formats
	XUNJIAN_HISTORIES=200 XUNJIAN_PAPERS=1 $(GO) test -run '^(TestFiguresAgreeWithSQL|TestBulletinScale)$$' -count=1 -v -timeout 90m ./cmd/xunjian | grep -v '^=== \|^    --- PASS'

.PHONY: upgrade
upgrade: ## a database that an earlier program wrote (FROM=ref), on SQLite and PostgreSQL, opened by this one
	./scripts/upgrade.sh $(FROM)

.PHONY: hostile
hostile: ## every trap of a hostile world: outcome, time, memory; 12 minutes
	XUNJIAN_HOSTILE=1 $(GO) test -run '^TestHostile$$' -count=1 -timeout 40m -v ./bench/hostile | grep --line-buffered -v '^=== \|^ *--- PASS'

.PHONY: soak
soak: ## half an hour of xunjian serve on 60 changing sites: what must not grow
	XUNJIAN_SOAK=$${SOAK:-30m} $(GO) test -run '^TestSoak$$' -count=1 -timeout 3h -v ./bench/soak | grep --line-buffered -v '^=== '

.PHONY: mutants
mutants: deps ## takes each defence of docs/security.md away: its test must fail
	XUNJIAN_MUTANTS=1 $(GO) test -run '^TestMutants$$' -count=1 -timeout 60m -v . | grep --line-buffered -v '^=== \|^ *--- PASS'

.PHONY: audit
audit: ## known faults in dependencies, gosec, licences
	./scripts/audit.sh

.PHONY: chaos
chaos: deps ## a service under kill -9, a frozen worker and restarts of its database, on PostgreSQL and SQLite
	XUNJIAN_CHAOS=1 $(GO) test -run '^TestChaos$$' -count=1 -v -timeout 40m ./cmd/xunjian | grep --line-buffered -v '^=== \|已写入'

.PHONY: scale
scale: deps ## a province's day (750 sites, 5,000 accounts) at 100 times its speed on both databases, and 1, 2, 4 workers; 32 minutes
	XUNJIAN_SCALE=1 $(GO) test -run '^TestSpeedUp$$' -count=1 -v -timeout 20m ./cmd/xunjian | grep -v '^=== '
	XUNJIAN_SCALE=1 $(GO) test -run '^TestScale$$' -count=1 -v -timeout 60m ./schedule | grep -v '^=== '
