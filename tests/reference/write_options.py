"""Writes what the reference has and makes of each option of its extensions.

`tests/markdown/options/known.json` lists every extension with its options and their
defaults; `expected.json` is what MkDocs makes of the page of each case of `cases.toml`,
or the name of the error with which it stops.
"""

import contextlib
import dataclasses
import importlib
import json
import logging
import os
import pathlib
import pkgutil
import tempfile
import tomllib
import types

import markdown.extensions
import material.extensions
import pymdownx
import pymdownx.blocks
import zensical.extensions
from mkdocs.config import load_config
from mkdocs.structure.files import get_files
from mkdocs.structure.pages import Page
from zensical.extensions.context import Page as Context

FOLDER = pathlib.Path(__file__).resolve().parents[1] / "markdown/options"
# Extensions of packages of their own.
OTHERS = {
    "callouts": "markdown_callouts.callouts",
    "github-callouts": "markdown_callouts.github_callouts",
    "markdown_include.include": "markdown_include.include",
    "markdown_include_variants": "markdown_include_variants",
    "mdx_include": "mdx_include.mdx_include",
    "mdx_math": "mdx_math",
    "mdx_truly_sane_lists": "mdx_truly_sane_lists",
}


def modules():
    packages = [
        ("", markdown.extensions),
        ("pymdownx.", pymdownx),
        ("pymdownx.blocks.", pymdownx.blocks),
        ("material.extensions.", material.extensions),
        ("zensical.extensions.", zensical.extensions),
    ]
    for prefix, package in packages:
        for module in pkgutil.iter_modules(package.__path__):
            yield prefix + module.name, f"{package.__name__}.{module.name}"
    yield from OTHERS.items()


def plain(value):
    """A default as a configuration would spell it."""
    if isinstance(value, types.FunctionType):
        return f"{value.__module__}.{value.__name__}"
    return value


def options_of(module):
    try:
        extension = module.makeExtension()
    except TypeError:
        # One that needs what only a program can give.
        return {}
    options = {name: plain(value) for name, value in extension.getConfigs().items()}
    # Zensical's take a class of options.
    for name, value in vars(module).items():
        if dataclasses.is_dataclass(value) and value.__module__ == module.__name__:
            with contextlib.suppress(TypeError):
                options |= dataclasses.asdict(value())
    return options


def known():
    options = {}
    for name, path in modules():
        module = importlib.import_module(path)
        if not path.endswith("._bypassnorm") and hasattr(module, "makeExtension"):
            options[name] = options_of(module)
    return options


def configuration(case):
    lines = ["site_name: Example", "plugins: []", "markdown_extensions:"]
    lines += [f"- {entry}" for entry in case.get("with", [])]
    options = case.get("options", "")
    options += f"{', ' if options else ''}{case['option']}: {case['value']}"
    lines.append(f"- {case['extension']}: {{{options}}}")
    return "\n".join(lines) + "\n"


def page(case, files):
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder).resolve()
        contents = files | case.get("files", {})
        contents |= {"mkdocs.yml": configuration(case), "docs/case.md": case["text"]}
        for path, text in contents.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
        os.chdir(root)
        try:
            config = load_config(str(root / "mkdocs.yml"))
            sources = get_files(config)
            for file in sources.documentation_pages():
                Page(None, file, config)
            file = sources.get_file_from_path("case.md")
            if case["extension"].startswith("zensical."):
                give_context(config, file)
            file.page.read_source(config)
            file.page.render(config, sources)
            return file.page.content
        except Exception as error:
            return {"error": type(error).__name__}
        finally:
            os.chdir("/")


def give_context(config, file):
    """Zensical's extensions learn from another what page they are on."""
    name = "zensical.extensions.context"
    config.markdown_extensions.append(name)
    config.mdx_configs[name] = {"page": Context(file.url, file.src_uri), "config": {}}


def write(name, value):
    text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    path = FOLDER / name
    if not path.exists() or path.read_text() != text:
        path.write_text(text)
        print(f"rewrote {name}")


def main():
    logging.disable()
    cases = tomllib.loads((FOLDER / "cases.toml").read_text())
    expected = {}
    for case in cases["case"]:
        name = f"{case['extension']} {case['option']} {case['value']}"
        assert name not in expected, name
        expected[name] = page(case, cases["files"])
    write("known.json", known())
    write("expected.json", expected)


main()
