"""What leaves with an organization."""

from parvis.foundation.export import left_out

left_out("api.ApiToken", because="a secret opens only the installation that made it")
