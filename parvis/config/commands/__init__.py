"""The subcommands of `parvis` that belong to the installation itself.

Each is a module with `run(settings, arguments)` and perhaps `add_arguments(parser)`, imported when chosen:
loading all of them takes longer than most of them run.
"""

# By module name, in the order of the help; an underscore stands for itself.
MEANINGS = {
    "run": "Start the database, bring it to this version, and answer.",
    "serve": "Answer on PARVIS_PORT, on a migrated database.",
    "migrate": "Bring the database to this version; older data is dumped first.",
    "doctor": "Check this installation.",
    "settings": "Show the settings in force, or their documentation.",
    "backup": "Write database, files and secrets into one archive, while serving or not.",
    "restore": "Fill an empty installation from an archive and bring it to this version.",
    "organization": "Create an organization.",
    "files": "Move uploaded files to the S3 store, or back to the data folder.",
    "beside": "Answer beside the first process; that one starts this by itself.",
    "aside": "Do one long job; the worker starts this by itself.",
}
