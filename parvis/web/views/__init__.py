"""Home and its neighbours."""
