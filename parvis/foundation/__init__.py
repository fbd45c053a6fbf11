"""What every room stands on: tenants, events, jobs, live, files, text. It knows no business words."""
