"""When somebody may be reached: working weeks, public holidays, leave; and what may not wait.

Owns policies, people's own hours and leave, and urgent calls. Knows people and units only: what is held back until
then, by which channel, and what a call is about, others know.
"""
