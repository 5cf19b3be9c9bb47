# Front door. The work is done by CMake, npm and the scripts under tools/ and tests/.
SHELL := /bin/bash
.PHONY: build frontend test test-unit test-http test-e2e run bench fuzz fmt lint models clean help

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

build: ## the release server (build/release/viva) and the web application
	@. tools/setup/common.sh && mkdir -p "$$VIVA_CACHE" && install_packages "$${BUILD_PACKAGES[@]}" && ensure_node && build_server release viva && build_frontend

frontend: ## the web application alone
	@. tools/setup/common.sh && build_frontend

models: build ## fetch and convert the speech models
	@build/release/viva models fetch

run: ## what quick-start does, then serve
	@./quick-start.sh

test: ## install what tests need, run them all
	@tests/run.sh all

test-unit: ## C unit tests under ASan+UBSan and TSan
	@tests/run.sh unit

test-http: ## the real binary over HTTP
	@tests/run.sh http

test-e2e: ## the browser against the real server and engines
	@tests/run.sh e2e

bench: models ## print the tables of bench/
	@bench/run.sh

fuzz: ## libFuzzer targets, one minute each (FUZZ_SECONDS)
	@tests/run.sh fuzz

fmt: ## format C and TypeScript
	@find backend -name '*.[ch]' -print0 | xargs -0 clang-format -i
	@. tools/setup/common.sh && ensure_node && npm_install frontend && cd frontend && npm run --silent format

lint: ## layers, formatting, ESLint, types
	@tests/run.sh lint

clean: ## remove what was built
	rm -rf build frontend/dist
