# Each line calls scripts/, where the steps can be read. PORT=8080 picks a port, KITH_DATA= a folder, NAME= one benchmark.

ifdef PORT
export KITH_PORT := $(PORT)
endif

.DEFAULT_GOAL := help
.PHONY: help demo run test check bench chaos words lock

help:  ## this list
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 9

demo:  ## set up, furnish the demo estate, serve it
	@scripts/setup run
	@scripts/serve --demo

run:  ## set up and serve your own community
	@scripts/setup run
	@scripts/serve

test:  ## everything that must be green, on both databases and in a browser
	@scripts/setup test
	@scripts/check all

check:  ## the fast part of it
	@scripts/setup check
	@scripts/check fast

bench:  ## benchmarks, which print ratios; NAME= picks one
	@scripts/setup test
	@scripts/bench bench $(NAME)

chaos:  ## load, kills and faults, bounded in time; NAME= picks one
	@scripts/setup test
	@scripts/bench bench/chaos $(NAME)

words:  ## gather what is to be translated into app/locale
	@scripts/setup check
	@scripts/words

lock:  ## pin the packages anew
	@scripts/setup check
	@scripts/lock
