"""The subcommands of `parvis` that belong to the installation itself."""

from parvis.config.commands import backup, doctor, migrate, organization, restore, run, serve, settings_page
from parvis.config.commands.subcommand import Subcommand

ALL: list[Subcommand] = [
    module.COMMAND for module in (run, serve, migrate, doctor, backup, restore, organization, settings_page)
]
