# The commands of this project; `make help` lists them. CMake does the work underneath (CMakePresets.json).

JOBS ?= $(shell nproc)
# Most of a scenario's time is waiting, so more of them than there are cores run side by side.
TEST_JOBS ?= $(shell expr 2 \* $$(nproc))
DEVICE ?=
# The packages'.
RELEASES ?= bookworm trixie
ARCHES ?= amd64 arm64
# The image's: rpi4, generic-arm64, generic-amd64 (image/boards).
BOARD ?= rpi4
TEST_BOARD ?= generic-amd64
# Of Debian's packages in the image: pinned (image/versions), or newest, which writes them down anew.
export VERSIONS ?= pinned

# Of the simulator: how many runs, or the one to be replayed.
SEEDS ?= 1000000
SEED ?= 0

.DEFAULT_GOAL := help
.PHONY: help demo test build install deb deb-test oci oci-test image image-test image-test-long simulate bench lint format fuzz packages-%

help:  ## this list
	@echo "PiZWG: a Z-Wave, Zigbee or Thread stick as a secure serial line over the network"
	@echo
	@sed -n 's/^\([a-z-]*\):.*##  *\(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 24
	@echo
	@echo "  make demo DEVICE=/dev/ttyACM0   the demo with a real stick"

demo: packages-demo  ## the whole chain with a simulated gateway, until Ctrl-C
	@cmake --preset release >/dev/null
	@cmake --build --preset release -j $(JOBS) --target pizwgd pizwg pizwg-sim
	@exec demo/run --build build/release --device "$(DEVICE)"

test: packages-test  ## everything that must pass before a change lands
	cmake --preset release
	cmake --build --preset release -j $(JOBS)
	cmake --preset asan
	cmake --build --preset asan -j $(JOBS)
	ctest --preset release -j $(TEST_JOBS)
	ctest --preset asan -j $(TEST_JOBS)

build: packages-build  ## the programs, in build/dev/bin
	@cmake --preset dev >/dev/null
	cmake --build --preset dev -j $(JOBS)

simulate: packages-build  ## simulated failures by the million (SEEDS=n, or SEED=n)
	@cmake --preset release >/dev/null
	@cmake --build --preset release -j $(JOBS) --target pizwg-simulate
	build/release/bin/pizwg-simulate --seeds $(SEEDS) --seed $(SEED)

# DESTDIR is heeded.
install: packages-build  ## the programs and their systemd units into /usr
	@cmake --preset release >/dev/null
	cmake --build --preset release -j $(JOBS) --target installed
	cmake --install build/release --prefix /usr
	@test -n "$(DESTDIR)" || { systemd-sysusers && systemctl daemon-reload && udevadm control --reload && \
	  udevadm trigger --subsystem-match=usb && echo "Next: sudo pizwg setup, sudo systemctl enable --now pizwgd"; }

# In out/; those for this architecture are installed by deb-test.
deb: packages-deb  ## Debian packages of the commit, for Debian 12 and 13
	set -e; for release in $(RELEASES); do for arch in $(ARCHES); do tools/deb $$release $$arch; done; done

deb-test: deb  ## those installed in a bare Debian 12 and 13, and purged
	set -e; for release in $(RELEASES); do tests/packages/install $$release; done

oci: packages-oci  ## the container image of pizwg-connect, amd64 and arm64
	tools/oci

oci-test: oci  ## both architectures' programs out of it run
	tests/packages/oci

# As root; out/pizwg-BOARD.img.xz.
image: packages-image  ## the SD card's image; BOARD=rpi4, generic-arm64 or -amd64
	image/build $(BOARD)
	image/pack $(BOARD)

image-test: packages-image-test  ## boots an image and looks at it as a user would
	image/test $(TEST_BOARD) one_host

image-test-long: packages-image-test  ## ... login, upgrade, two hosts, power cuts: 2 hours
	image/test $(TEST_BOARD) one_host first_login after_session ruined_card upgrade two_hosts power_cuts

bench: packages-bench  ## pizwgd beside ser2net and socat (bench/RESULTS.md)
	@cmake --preset release >/dev/null
	cmake --build --preset release -j $(JOBS)
	bench/run --build build/release

bench-failover: packages-bench  ## outages at every fault of a host
	@cmake --preset release >/dev/null
	cmake --build --preset release -j $(JOBS) --target pizwgd pizwg pizwg-sim
	bench/failover --build build/release

bench-driver: packages-bench  ## what outages do to the real Z-Wave JS driver: 20 min
	@cmake --preset release >/dev/null
	cmake --build --preset release -j $(JOBS) --target pizwgd pizwg pizwg-sim pizwg-connect
	ctest --preset release -R '^e2e.install$$'
	bench/driver --build build/release

lint: packages-lint  ## formatting, clang-tidy, shell and Python checks
	@cmake --preset dev >/dev/null
	tools/lint

format: packages-lint  ## formats the C++ sources
	clang-format -i $$(git ls-files '*.h' '*.cpp')

fuzz: packages-fuzz  ## libFuzzer on the parsers, ten minutes
	cmake --preset fuzz
	cmake --build --preset fuzz -j $(JOBS) --target fuzz_targets
	tools/fuzz build/fuzz

# packages-demo, packages-test, …: what Debian has and this machine lacks.
packages-%:
	@tools/install-packages $*
