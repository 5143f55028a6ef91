# Thin names for scripts/, which do the work and explain themselves.

MANAGE = cd backend && .venv/bin/python manage.py

.DEFAULT_GOAL := help
.PHONY: help
help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: dev serve build
dev: ## Run everything for development, with demo data; prints the URL to open
	@scripts/dev

serve: ## Build, then run the production server on this machine (PORT=8000)
	@scripts/serve

build: ## Build what the production server serves
	@scripts/build

.PHONY: test test-services lint fix check
test: ## Run all tests; nothing to install or start
	@scripts/test

test-services: ## Run the backend tests on a real PostgreSQL
	@scripts/test-services

lint: ## Check style and structure
	@scripts/lint

fix: ## Repair what lint can repair
	@scripts/lint --fix

check: ## Check all that must hold before a commit (lint, types, migrations, tests)
	@scripts/check

.PHONY: migrate shell
migrate: ## Write missing migrations and apply them
	@scripts/bootstrap --tools
	@$(MANAGE) makemigrations
	@$(MANAGE) migrate

shell: ## Open Django's shell
	@scripts/bootstrap --tools
	@$(MANAGE) shell

# feature: spa
.PHONY: api
api: ## Regenerate the OpenAPI contract and the TypeScript client
	@scripts/api
# end feature: spa

# feature: frontend
# feature: accounts
.PHONY: theme
theme: ## Rebuild the sheet of the account pages that Django renders, after a change of the theme
	@scripts/theme
# end feature: accounts
# end feature: frontend

# feature: template
.PHONY: features new remove test-features
features: ## List the removable features: what each gives, needs and costs
	@scripts/features

new: ## Stamp out a project: make new name=../mysite preset=skeleton (or features=a,b)
	@scripts/new $(if $(name),"$(name)") $(if $(preset),--preset "$(preset)") \
		$(if $(features),--features "$(features)") $(if $(title),--title "$(title)")

remove: ## Take features out of this checkout: make remove feature=NAME (with-dependents=1)
	@scripts/remove "$(feature)" $(if $(with-dependents),--with-dependents)

test-features: ## Stamp out every variant and prove each; takes long
	@scripts/test-features
# end feature: template
# without template: .PHONY: update add remove
# without template: update: ## Take a newer Longhouse, with your own changes kept
# without template: 	@scripts/update $(if $(source),--source "$(source)") $(if $(to),--to "$(to)")
# without template: 
# without template: add: ## Take in features of Longhouse: make add feature=NAME; without, lists them
# without template: 	@scripts/update --add "$(feature)" $(if $(source),--source "$(source)")
# without template: 
# without template: remove: ## Take features out: make remove feature=NAME (with-dependents=1)
# without template: 	@scripts/update --remove "$(feature)" $(if $(with-dependents),--with-dependents) \
# without template: 		$(if $(source),--source "$(source)")

# feature: context
.PHONY: context
context: ## Renew the description of the project in context/
	@scripts/bootstrap --tools
	@$(MANAGE) context --write
# end feature: context

# feature: benchmarks
.PHONY: bench
bench: ## Measure our work beside our peers': make bench what=api full=1
	@scripts/bench $(what) $(if $(full),--full)
# end feature: benchmarks

.PHONY: clean reset-demo
clean: ## Remove build output and caches; never data
	rm -rf var/static var/test
	rm -rf frontend/dist # feature: frontend
	rm -rf frontend/.svelte-kit # feature: spa
	rm -rf backend/.mypy_cache backend/.ruff_cache .ruff_cache backend/.pytest_cache backend/.hypothesis
	find backend scripts -name __pycache__ -not -path '*/.venv/*' -prune -exec rm -rf {} +

reset-demo: ## Start over with fresh demo data; the old goes to var/replaced
	@scripts/reset-demo
