# kneecheck: a linter for a running log. Needs Go and make, nothing else.

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X kneecheck/cmd/internal/cli.released=$(VERSION)

export CGO_ENABLED ?= 0

.PHONY: build run test bench bench-log check dist generate clean

build: ## one static binary in bin/
	go build -trimpath -ldflags '$(LDFLAGS)' -o bin/kneecheck ./cmd/kneecheck

run: build ## analyse the shipped synthetic log
	bin/kneecheck analyze --weeks 16 testdata/demo

test: ## every test; TESTFLAGS=-race for the race detector, KNEECHECK_CORPUS=FOLDER for real files
	go test $(TESTFLAGS) ./...

bench: ## decode and reduce, beside the libraries; compare two outputs with benchstat
	go test -run '^$$' -bench . -benchmem $(BENCHFLAGS) ./...

bench-log: build ## whole runs on a synthetic log of 2,500 runs, beside other programs; needs some minutes and 4 GB in BENCH_DIR
	go build -trimpath -ldflags '-s -w' -o bin/emptycobra ./cmd/internal/benchlog/emptycobra
	go build -trimpath -o bin/benchlog ./cmd/internal/benchlog
	bin/benchlog measure -bin bin -dir '$(BENCH_DIR)' -o docs/performance.md $(BENCHLOGFLAGS)

check: ## what a change must pass before it is committed
	@test -z "$$(gofmt -l .)" || { gofmt -l .; echo 'run gofmt -w on these files'; exit 1; }
	go vet ./...
	go tool staticcheck ./...
	$(MAKE) test

dist: ## archives with static binaries for every platform, man pages and completions, and their checksums
	@rm -rf dist
	go run ./cmd/internal/dist -version $(VERSION) $(DISTFLAGS) dist

generate: ## rewrite the generated files: docs/RULES.md and the demonstration log
	go generate ./...

clean:
	rm -rf bin dist
