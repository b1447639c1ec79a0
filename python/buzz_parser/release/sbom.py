"""The software bill of materials of a release, as CycloneDX 1.6 JSON."""

import json
import re
import tomllib
import uuid
from collections.abc import Iterable, Mapping
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from buzz_parser.release.provenance import run

SBOM_NAME = "sbom.cdx.json"
SPEC_VERSION = "1.6"
PYTHON_ROOT = "buzz-parser"
RUST_ROOT = "buzz"
NAMESPACE = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")  # RFC 9562's for URLs

Component = dict[str, Any]
Graph = dict[str, tuple[Component, list[str]]]
"""Components by package URL, each with the package URLs that it depends on."""


def python_graph(root: str = PYTHON_ROOT) -> Graph:
    """The installed distributions that `root` needs to run, without its extras, from their metadata."""
    graph: Graph = {}
    waiting = [distribution(root)]
    while waiting:
        found = waiting.pop()
        url = python_url(found)
        if url in graph:
            continue
        needed = list(requirements(found))
        graph[url] = (python_component(found), sorted(map(python_url, needed)))
        waiting += needed
    return graph


def requirements(found: Distribution) -> Iterable[Distribution]:
    """The installed distributions that a distribution requires outside its extras."""
    for line in found.requires or []:
        requirement, _, marker = line.partition(";")
        name = re.match(r"\s*[A-Za-z0-9._-]+", requirement)
        if name is None or re.search(r"\bextra\b", marker):
            continue
        try:
            yield distribution(name[0].strip())
        except PackageNotFoundError:  # a marker excludes it here: for another system or Python
            continue


def python_url(found: Distribution) -> str:
    """The package URL of an installed distribution."""
    name = re.sub(r"[-_.]+", "-", found.metadata["Name"]).lower()
    return f"pkg:pypi/{name}@{found.version}"


def python_component(found: Distribution) -> Component:
    """An installed distribution as a component."""
    metadata = found.metadata
    if "License-Expression" in metadata:
        licences: list[dict[str, Any]] = [{"expression": metadata["License-Expression"]}]
    else:
        (named, *_) = metadata.get_all("License") or [""]
        prefix = "License :: OSI Approved :: "
        names = [each for each in metadata.get_all("Classifier") or [] if each.startswith(prefix)]
        names = [each.removeprefix(prefix) for each in names]
        # The field `License` of old packages may hold a whole licence text; its first line names it.
        names = names or [line for line in named.strip().splitlines()[:1] if line]
        licences = [{"license": {"name": name}} for name in names]
    return component(metadata["Name"], found.version, python_url(found), licences)


def cargo_metadata(root: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """What `cargo metadata` says of the workspace at `root` on this platform, and its `Cargo.lock`."""
    host = re.search(r"^host: (\S+)$", run(["rustc", "-vV"], root), re.MULTILINE)
    platform = ["--filter-platform", host[1]] if host else []
    command = ["cargo", "metadata", "--format-version", "1", "--features", "buzz/python", *platform]
    metadata: dict[str, Any] = json.loads(run(command, root))
    return metadata, tomllib.loads((root / "Cargo.lock").read_text(encoding="utf-8"))


def rust_graph(
    metadata: Mapping[str, Any], lock: Mapping[str, Any], root: str = RUST_ROOT
) -> Graph:
    """The crates that `root` is built from, without what only its tests need."""
    packages = {package["id"]: package for package in metadata["packages"]}
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    sums = {(each["name"], each["version"]): each.get("checksum") for each in lock["package"]}
    graph: Graph = {}
    waiting = [each for each in metadata["workspace_members"] if packages[each]["name"] == root]
    while waiting:
        place = waiting.pop()
        package = packages[place]
        url = rust_url(package)
        if url in graph:
            continue
        needed = [
            dependency["pkg"]
            for dependency in nodes[place]["deps"]
            if any(kind["kind"] != "dev" for kind in dependency["dep_kinds"])
        ]
        checksum = sums.get((package["name"], package["version"]))
        graph[url] = (
            rust_component(package, checksum),
            sorted(rust_url(packages[each]) for each in needed),
        )
        waiting += needed
    return graph


def rust_url(package: Mapping[str, Any]) -> str:
    """The package URL of a crate."""
    return f"pkg:cargo/{package['name']}@{package['version']}"


def rust_component(package: Mapping[str, Any], checksum: str | None) -> Component:
    """A crate as a component; `checksum` is that of its package in the registry."""
    said = package.get("license")
    # The slash is how crates of old wrote OR.
    licences = [{"expression": re.sub(r"\s*/\s*", " OR ", said)}] if said else []
    made = component(package["name"], package["version"], rust_url(package), licences)
    return made | ({"hashes": [sha256_hash(checksum)]} if checksum else {})


def component(name: str, version: str, url: str, licences: list[dict[str, Any]]) -> Component:
    """A library as a component."""
    made: Component = {"type": "library", "bom-ref": url, "name": name, "version": version}
    return made | {"purl": url} | ({"licenses": licences} if licences else {})


def sha256_hash(digest: str) -> dict[str, str]:
    """A SHA-256 as CycloneDX writes it."""
    return {"alg": "SHA-256", "content": digest}


def bill(
    python: Graph, rust: Graph, *, parser: str, parser_version: str, files: Mapping[str, str]
) -> dict[str, Any]:
    """The bill of a release: both packages, all that they need, and the parser; the same for the same input.

    `files` are the SHA-256 of the parser's files by name.
    """
    graph = python | rust
    (root,) = (url for url in python if url.startswith(f"pkg:pypi/{PYTHON_ROOT}@"))
    (crate,) = (url for url in rust if url.startswith(f"pkg:cargo/{RUST_ROOT}@"))
    model_url = f"parser:{parser}@{parser_version}"
    model: Component = {
        "type": "machine-learning-model",
        "bom-ref": model_url,
        "name": parser,
        "version": parser_version,
        "hashes": [sha256_hash(files["model.onnx"])],
        "properties": [{"name": f"sha256:{name}", "value": files[name]} for name in sorted(files)],
    }
    graph[root][1].extend((crate, model_url))
    main = graph[root][0]
    others = [made for url, (made, _) in sorted(graph.items()) if url != root]
    dependencies = [
        {"ref": url, "dependsOn": needed} for url, (_, needed) in sorted(graph.items())
    ] + [{"ref": model_url, "dependsOn": []}]
    content = {"components": [*others, model], "dependencies": dependencies}
    serial = uuid.uuid5(NAMESPACE, json.dumps([main, content], sort_keys=True))
    return {
        "bomFormat": "CycloneDX",
        "specVersion": SPEC_VERSION,
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {"component": main},
        **content,
    }


def bill_problems(document: object) -> list[str]:
    """What is wrong with a bill: its form, references to nothing, a part of the release that is not named."""
    if not isinstance(document, dict) or document.get("bomFormat") != "CycloneDX":
        return [f"{SBOM_NAME}: bomFormat: expected 'CycloneDX'"]
    try:
        main = document["metadata"]["component"]
        listed = [main, *document["components"]]
        references = [str(each["bom-ref"]) for each in listed]
        kinds = {str(each["type"]) for each in listed if each["name"] and each["version"]}
        edges = [(str(each["ref"]), list(each["dependsOn"])) for each in document["dependencies"]]
        serial, version = str(document["serialNumber"]), document["specVersion"]
    except (KeyError, TypeError) as cause:
        return [f"{SBOM_NAME}: expected the fields of CycloneDX, found none for {cause}"]
    problems = []
    if version != SPEC_VERSION or re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", serial) is None:
        problems.append(f"{SBOM_NAME}: expected CycloneDX {SPEC_VERSION} with a serial number")
    if len(set(references)) != len(references):
        problems.append(f"{SBOM_NAME}: components: expected every bom-ref once")
    unknown = {each for ref, needed in edges for each in (ref, *needed)} - set(references)
    problems += [
        f"{SBOM_NAME}: dependencies: {each}: no such component" for each in sorted(unknown)
    ]
    if kinds != {"library", "machine-learning-model"}:
        problems.append(f"{SBOM_NAME}: expected libraries and a parser, found {sorted(kinds)}")
    for wanted in (f"pkg:pypi/{PYTHON_ROOT}@", f"pkg:cargo/{RUST_ROOT}@"):
        if not any(each.startswith(wanted) for each in references):
            problems.append(f"{SBOM_NAME}: components: expected {wanted}…, found none")
    return problems
