# Aftercare. `make` alone says what there is.

.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
PYTHONS := python3.11 python3.12 python3 python3.13
PY := .venv/bin/python
CHROMIUMS := chromium chromium-browser google-chrome

# Settings for tools that read them but touch no database.
TEST_SETTINGS := ENVIRONMENT=test SECRET_KEY=for-the-tools-only PUBLIC_URL=http://127.0.0.1 SMS_PROVIDER=memory \
	DATABASE_URL=postgres://nobody@127.0.0.1:9/none REDIS_URL=redis://127.0.0.1:9/0 DJANGO_SETTINGS_MODULE=clinic.settings
# As production has them: `check --deploy` must have nothing to say.
PRODUCTION_SETTINGS := $(TEST_SETTINGS) ENVIRONMENT=production PUBLIC_URL=https://aftercare.example.org SMS_PROVIDER=twilio \
	TWILIO_ACCOUNT_SID=AC00000000000000000000000000000000 TWILIO_AUTH_TOKEN=for-this-check-only \
	SECRET_KEY=9fJk2_wQz7Xn4Vb-81LmTs0RyPc6HdGe3UaOi5KjMhNtBvCxZ-Q8w

.PHONY: help
help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# --- See it -----------------------------------------------------------------------------------

.PHONY: demo
demo: packages-demo ## A working clinic on this machine (PORT=8000); Ctrl-C stops it, the data stays
	@exec $(PY) -m reminders.demo.run --stop-with-parent

.PHONY: demo-reset
demo-reset: packages-demo ## Throw the demo's data away; the next `make demo` starts over
	@$(PY) -m reminders.demo.run --reset

.PHONY: demo-do
demo-do: packages-demo ## One command inside the running demo: make demo-do command="balance"
	@$(PY) -m reminders.demo.do $(command)

# --- Check it ---------------------------------------------------------------------------------

.PHONY: test
test: packages-dev ## Run the tests on real services; narrow down with make test only=tests/flow
	@$(PY) -m pytest $(or $(only),tests) --ignore=tests/journeys -n $(or $(workers),auto) $(args)

.PHONY: browser
browser: packages-dev ## Run the journeys of tests/journeys in the system's Chromium
	@chromium=$$AFTERCARE_CHROMIUM; \
	for name in $(CHROMIUMS); do [ -n "$$chromium" ] || chromium=$$(command -v $$name || true); done; \
	[ -n "$$chromium" ] || { echo "Chromium is missing. Install it (Debian: apt-get install chromium)," \
		"or set AFTERCARE_CHROMIUM to its path."; exit 1; }; \
	AFTERCARE_CHROMIUM=$$chromium $(PY) -m pytest $(or $(only),tests/journeys) $(args)

.PHONY: check
check: lint types imports migrations deployable content files ## Everything but the tests: code, types, migrations, content, files

.PHONY: lint
lint: packages-dev ## Ruff: mistakes and format
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .

.PHONY: format
format: packages-dev ## Let ruff and djade write the format they ask for
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .
	@git ls-files 'templates/*.html' 'templates/*.txt' | xargs -r .venv/bin/djade --target-version 5.2

.PHONY: types
types: packages-dev ## mypy, strict
	@$(TEST_SETTINGS) $(PY) -m mypy

.PHONY: imports
imports: packages-dev ## Imports point one way
	@.venv/bin/lint-imports --no-logo

.PHONY: migrations
migrations: packages-dev ## No model has changed without a migration
	@$(TEST_SETTINGS) DATABASE_URL= REDIS_URL= $(PY) -m clinic.embedded $(PY) manage.py makemigrations --check --dry-run

.PHONY: deployable
deployable: packages-dev ## Django's own checks for production
	@$(PRODUCTION_SETTINGS) $(PY) manage.py check --deploy --fail-level WARNING

.PHONY: content
content: packages-dev ## Every text that a patient may get
	@$(TEST_SETTINGS) $(PY) manage.py lint_content

.PHONY: files
files: packages-dev ## Templates, compose file, Dockerfile
	@git ls-files 'templates/*.html' 'templates/*.txt' | xargs -r .venv/bin/djade --check --target-version 5.2
	@.venv/bin/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml
	@.venv/bin/hadolint Dockerfile

.PHONY: words
words: packages-dev ## Gather the panel's marked words into its catalogs and compile them (needs gettext)
	@$(TEST_SETTINGS) $(PY) manage.py gather_words --verbosity 0
	@$(MAKE) words-compiled

.PHONY: words-compiled
words-compiled: packages-dev ## Compile the catalogs after a translation was written
	@for room in clinic reminders; do \
		.venv/bin/pybabel --quiet compile -D django -d $$room/locale --statistics || exit 1; done

# --- Measure it, picture it -------------------------------------------------------------------

.PHONY: bench
bench: packages-dev ## Measure, as ratios against the raw limits of this machine
	@$(PY) -m bench $(args)

.PHONY: screenshots
screenshots: packages-dev ## Take the pictures of docs/guide again
	@$(MAKE) browser only=tests/journeys/screenshots

# --- Packages ---------------------------------------------------------------------------------

.PHONY: lock
lock: .venv/bin/python ## Pin every package again, by hash
	@$(PY) -m pip install -qq --disable-pip-version-check uv
	@for set in :requirements demo:requirements-demo dev:requirements-dev; do \
		extra=$${set%%:*}; file=$${set#*:}.txt; extras=; \
		[ -z "$$extra" ] || extras="--extra demo"; \
		[ "$$extra" != dev ] || extras="$$extras --extra dev"; \
		$(PY) -m uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url \
			--no-emit-find-links --no-annotate $(args) $$extras pyproject.toml -o $$file || exit 1; \
	done

.PHONY: packages-demo packages-dev
packages-demo packages-dev: packages-%: .venv/bin/python
	@lock=requirements-$*.txt; stamp=.venv/.installed-$*; sum=$$(cksum < $$lock); \
	[ "$$sum" != "$$(cat $$stamp 2>/dev/null)" ] || exit 0; \
	echo "install: the packages of $$lock (once; it takes a moment) ..."; start=$$(date +%s); \
	$(PY) -m pip install -qq --disable-pip-version-check --no-deps --require-hashes -r $$lock || exit 1; \
	echo "$$sum" > $$stamp; echo "install: done in $$(($$(date +%s) - start)) s"

.venv/bin/python:
	@for name in $(PYTHONS); do \
		$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && python=$$name && break; \
	done; \
	[ -n "$$python" ] || { echo "Aftercare needs Python 3.11 or newer; this machine has none."; exit 1; }; \
	echo "install: a virtual environment in .venv with $$($$python --version)"; \
	$$python -m venv --clear .venv || { rm -rf .venv; \
		echo "Python cannot make a virtual environment here (Debian: apt-get install python3-venv)."; exit 1; }
