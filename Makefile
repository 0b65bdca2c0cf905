# make run    builds Navigator and opens its demo
# make test   passes every test and check
# make bench  measures it on the real trees
# make fmt    formats the code

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-builtin-rules

# Packages with goroutines of their own: the race detector runs on these, without
# the tests that -short leaves out, of pages and of one process after another.
concurrent := ./indexer ./indexer/source ./indexer/search ./indexer/snapshot ./annotations/course ./server ./cmd/navigator

modules := ui/node_modules/.package-lock.json
mermaid := ui/assets/vendor/mermaid.min.js

.PHONY: run test bench fmt build diagrams check-go check-race check-ui chromium

run: build
	bin/navigator demo --open

build: diagrams
	go build -o bin/navigator ./cmd/navigator

test: chromium check-ui check-go check-race

bench: build
	go test ./cmd/navigator -run '^$$' -bench '^Benchmark(Figures|Stops|Scroll|Paint)$$' -benchtime 1x -timeout 60m

fmt:
	gofmt -w $$(git ls-files '*.go')

# Without Node, or without a network, lessons show a diagram's source instead.
diagrams:
	@if command -v npm >/dev/null; then \
		$(MAKE) --no-print-directory $(mermaid) || echo 'npm failed: diagrams will show as their source'; \
	else \
		echo 'no npm: diagrams will show as their source'; \
	fi

$(modules): ui/package.json ui/package-lock.json
	cd ui && npm ci --no-audit --no-fund
	touch $@

$(mermaid): $(modules)
	cd ui && npm run --silent vendor

check-go:
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); \
	[ -z "$$unformatted" ] || { echo "not formatted, run make fmt:" $$unformatted; exit 1; }
	go vet ./...
	go tool staticcheck ./...
	go test -vet=off -timeout 30m ./...

check-race:
	go test -race -short -vet=off -timeout 30m $(concurrent)

# The first line is apart because make runs lines with $(MAKE) in a dry run too.
check-ui:
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory $(mermaid); fi
	@if command -v npm >/dev/null; then \
		cd ui && npm run --silent check && echo 'ui: checked'; \
	elif [ "$${CI:-}" = true ]; then \
		echo 'ui: cannot be checked without Node and npm'; exit 1; \
	else \
		echo 'ui: not checked, there is no Node'; \
	fi

# The browser tests want Debian's Chromium. Where it cannot be installed they
# fail under CI and are skipped elsewhere.
chromium:
	@if ! command -v chromium >/dev/null && command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null \
			|| echo 'chromium could not be installed'; \
	fi
