"""Imports: archives of other systems become people, spaces and entries.

Owns the readers of foreign archives (one folder each, all speaking `source`), the runs and the provenance of
what they brought. It stands at the edge: it calls the actions of lower apps and no app may import it.
"""
