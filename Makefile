# kneecheck: a linter for a running log. Needs Go and make, nothing else.

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X kneecheck/cmd/internal/cli.released=$(VERSION)
PLATFORMS := linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64

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

dist: ## static binaries for every platform, with checksums
	@rm -rf dist && mkdir -p dist
	@set -e; for p in $(PLATFORMS); do \
		out=dist/kneecheck-$(VERSION)-$${p%/*}-$${p#*/}; \
		case $$p in windows/*) out=$$out.exe;; esac; \
		GOOS=$${p%/*} GOARCH=$${p#*/} go build -trimpath -ldflags '$(LDFLAGS)' -o $$out ./cmd/kneecheck; \
		echo $$out; \
	done
	@cd dist && { sha256sum * 2>/dev/null || shasum -a 256 *; } > SHA256SUMS.txt

generate: ## rewrite the generated files: docs/RULES.md and the demonstration log
	go generate ./...

clean:
	rm -rf bin dist
