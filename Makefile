# make run    install, migrate, load the courses and the demo people, serve (web and worker)
# make test   install what the tests need (browser and PostgreSQL included), then check everything
# make bench  measure the pages beside a bare Flask page, on SQLite then on PostgreSQL (some minutes)
# make soak   kill everything while learners write, and look for what they wrote (some minutes)
# make fix    repair what tools can repair: format, imports, courses in canonical form

PYTHON ?= python3
export BALISES_ENV ?= development
ifndef SECRET_KEY
export SECRET_KEY_FILE ?= var/secret_key
endif

BIN := .venv/bin
FLASK := $(BIN)/flask --app app.wsgi
PIP := $(BIN)/python -m pip --disable-pip-version-check install -qq --require-hashes --only-binary :all:
KEY := $(if $(filter var/secret_key,$(SECRET_KEY_FILE)),var/secret_key)

.PHONY: run test bench soak fix
.DELETE_ON_ERROR:

run: .venv/.run $(KEY)
	$(FLASK) schema upgrade
	$(FLASK) keys new
	$(FLASK) content load
	@if [ "$(BALISES_ENV)" != production ]; then echo $(FLASK) demo; $(FLASK) demo; fi
	$(FLASK) assets
	@exec $(FLASK) serve

test: export BALISES_ENV := test
test: .venv/.test .venv/.browser $(KEY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(FLASK) content check
	env -u SECRET_KEY_FILE $(BIN)/python -m pytest -n 2 --dist worksteal

bench: .venv/.test $(KEY)
	env -u SECRET_KEY_FILE $(BIN)/python -m benchmarks.bench
	env -u SECRET_KEY_FILE $(BIN)/python -m benchmarks.bench --postgresql
	-env -u SECRET_KEY_FILE $(BIN)/python -m benchmarks.follow_up
	-env -u SECRET_KEY_FILE $(BIN)/python -m benchmarks.follow_up --postgresql

soak: .venv/.test $(KEY)
	env -u SECRET_KEY_FILE $(BIN)/python -m benchmarks.soak
	env -u SECRET_KEY_FILE BALISES_ENV=test LIVES=200 $(BIN)/python -m pytest -n 2 tests/actions/test_any_life.py
	env -u SECRET_KEY_FILE BALISES_ENV=test COMMITS=300 $(BIN)/python -m pytest -s tests/actions/test_killed.py
	env -u SECRET_KEY_FILE BALISES_ENV=test MAILS=600 $(BIN)/python -m pytest -n 2 tests/mail/test_killed.py

fix: .venv/.test $(KEY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(FLASK) content format

# A machine without these packages gets them from Debian, or is told the line to type.
define apt
{ if [ "$$(id -u)" = 0 ]; then as=; elif sudo -n true 2>/dev/null; then as="sudo -n"; else \
  echo "Missing: $(1). Type:  sudo apt-get install -y $(1)   then run make again." >&2; exit 1; fi; \
  $$as apt-get update -qq -o Acquire::http::Timeout=15 && \
  $$as env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(1) >/dev/null || \
  { echo "apt-get could not install $(1): see above." >&2; exit 1; }; }
endef

.venv/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or later is needed: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || $(call apt,python3-venv)
	$(PYTHON) -m venv --clear .venv
	@touch $@

.venv/.run: .venv/.python requirements.txt
	$(PIP) --requirement requirements.txt
	@touch $@

.venv/.test: .venv/.python requirements-dev.txt
	$(PIP) --requirement requirements-dev.txt
	@touch $@ .venv/.run

.venv/.browser: .venv/.python
	@command -v chromium-headless-shell >/dev/null || \
	  ( [ "$$(id -u)" = 0 ] && $(call apt,chromium-headless-shell fonts-liberation) ) || \
	  command -v chromium chromium-browser google-chrome >/dev/null || $(call apt,chromium fonts-liberation)
	@touch $@

var/secret_key:
	@mkdir -p var
	@umask 077 && $(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(48))' >$@
