.PHONY: run test check install

run:
	bin/run

test:
	bin/test

check:
	bin/check

install:
	bin/install
