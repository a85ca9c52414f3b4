"""The command line: one subcommand per public verb, no arithmetic of its own."""

from potline.cli.app import command, main

__all__ = ["command", "main"]
