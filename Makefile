# make demo   the search pages on the sample minutes, at http://127.0.0.1:8000/
# make test   all tests
# make check  what a change must pass besides: ruff and mypy
# make bench  docs/performance.md, in twenty minutes (ARGS=--quick: a try in two); make figures  docs/figures.md
# make opensearch  the engine for servers, on a cluster of three nodes that is fetched (Maven) and started for it
# make soak   hours of kills, load and fuzzing: the figures of docs/reliability.md
# make lock   newest versions into the lock files (needs uv)
.PHONY: demo test check bench figures opensearch soak lock clean
ARGS ?=

demo: .venv/demo.done
	.venv/bin/gongwen demo $(ARGS)

test: .venv/test.done
	.venv/bin/python -m pytest $(ARGS)

check: .venv/test.done
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

bench: .venv/test.done
	.venv/bin/python tests/benchmarks/performance.py $(ARGS)

opensearch: .venv/test.done
	GONGWEN_REQUIRE_ALL=1 .venv/bin/python -m pytest -k "opensearch or move or servers" \
		tests/indexer/engines tests/indexer/test_move.py tests/browser/test_servers.py $(ARGS)

figures: .venv/test.done
	.venv/bin/python tests/benchmarks/run.py $(ARGS)

soak: .venv/test.done
	.venv/bin/python tests/soak/kills.py --count 200
	.venv/bin/python tests/soak/readers.py --threads 16 --seconds 60
	.venv/bin/python tests/soak/mixed.py --minutes 30 --clients 8
	.venv/bin/python tests/soak/saturation.py
	.venv/bin/python tests/soak/fuzz.py --target all --minutes 10

.venv/demo.done: requirements.lock requirements-build.lock pyproject.toml .ci/venv
	@.ci/venv requirements.lock
	@touch $@

# What the tests need holds all that the demo needs.
.venv/test.done: requirements-test.lock requirements-build.lock pyproject.toml .ci/venv
	@.ci/venv requirements-test.lock
	@touch $@ .venv/demo.done

LOCK = uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-strip-extras

lock:
	$(LOCK) -o requirements.lock pyproject.toml
	$(LOCK) --extra test -o requirements-test.lock pyproject.toml
	echo 'setuptools>=77' | $(LOCK) -o requirements-build.lock -
	echo 'whoosh==2.7.4' | $(LOCK) -o requirements-whoosh2.lock -

clean:
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage
