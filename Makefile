# Two commands for a newcomer: `make demo` shows the main job, `make test` proves the house in order.
# Both set up all that they need: .venv with the package and its extras, and the Rust extension.

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
TINY := fixtures/bundles/tiny
PARSER := python/buzz_parser/parser_v1
N ?= 10000
RUST_SOURCES := Cargo.toml rust_check/Cargo.toml $(wildcard rust_check/src/*.rs)

.PHONY: build demo test parity bench train release tiny format clean

build: $(VENV)/.built

# The packages, once per change of pyproject.toml; without the extension, which changes more often.
$(VENV)/.installed: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --editable '.[train,teachers,dev]'
	touch $@

# The extension, in release mode, and the name under which cargo finds the ONNX Runtime library.
$(VENV)/.built: $(VENV)/.installed $(RUST_SOURCES)
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	ln -sfn "$$($(BIN)/python -c 'from buzz_parser.reading.runtime import library_path; print(library_path())')" $(VENV)/libonnxruntime
	touch $@

demo: build
	$(BIN)/buzz-parser demo $(if $(FILE),--file '$(FILE)') $(or $(BUNDLE),$(PARSER))

test: build
	$(BIN)/python -m pytest
	cargo test --workspace --features default-parser
	cargo fmt --check
	cargo clippy --workspace --all-targets -- --deny warnings
	cargo clippy --workspace --all-targets --features python,default-parser -- --deny warnings
	RUSTDOCFLAGS='--deny warnings' cargo doc --workspace --no-deps
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

# The seeded mass comparison of both engines: make parity N=1000000
parity: build
	$(BIN)/buzz-parser parity --count $(N) $(or $(BUNDLE),$(TINY))

bench: build
	cargo build --quiet --release --example parse
	$(BIN)/buzz-parser bench

# Trains a parser as the shipped one was trained; the same command goes on after a kill. Then it is exported.
train: build
	$(BIN)/buzz-parser train --config python/buzz_parser/training/configs/parser_v1.toml --out out/train
	$(BIN)/buzz-parser export out/train/checkpoint out/parser --name parser_v1 --corpus fixtures/corpus

# Proves the shipped parser on N messy messages, builds both packages with it, checks what came out.
OUT ?= dist/release
release: build
	$(BIN)/buzz-parser release '$(OUT)' --messages $(N)
	$(BIN)/buzz-parser release verify '$(OUT)'

# Trains and freezes fixtures/bundles/tiny anew, and the golden file with it.
tiny: build
	$(BIN)/python -m buzz_parser.release.tiny fixtures/bundles/tiny

format:
	cargo fmt
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

clean:
	rm -rf $(VENV) target
