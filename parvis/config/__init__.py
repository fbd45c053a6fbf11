"""What starts, stops and describes a running Parvis: settings, server, the `parvis` command."""
