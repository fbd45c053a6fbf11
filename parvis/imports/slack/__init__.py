"""Read the export of a Slack workspace, as Slack writes it (and as slackdump does, with files)."""
