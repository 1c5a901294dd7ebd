"""The auditor's script, loaded as it lies there."""

from __future__ import annotations

from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from typing import Any

FILE = Path(__file__).parents[2] / "scripts" / "verify-proof"


def checker() -> Any:
    """`scripts/verify-proof` as a module."""
    loader = SourceFileLoader("verify_proof", str(FILE))
    spec = spec_from_loader("verify_proof", loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


def code(module: Any, text: bytes, pem: bytes, published: bytes | None = None) -> str:
    """`accepted`, or the code with which a proof is rejected."""
    try:
        module.accepted(text, pem, published)
    except module.Rejected as problem:
        return str(problem.code)
    return "accepted"
