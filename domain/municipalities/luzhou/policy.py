"""The figures that the document fixes, read from `parameters/`."""

from pathlib import Path

from domain.rulebook.parameters import Parameters

PARAMETERS = Parameters.load(Path(__file__).parent / "parameters")
