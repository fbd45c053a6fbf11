"""What leaves an inbox: by which channel, when, and never twice.

channels   what can carry it (push, mail …): registered by the apps above
choices    what people, units and the organization want each channel to carry, and when
hours      when something may leave for somebody: working time, and silence that one asked for
turns      when a channel looks at somebody's inbox next; handing over what waited, grouped
answers    what a short answer by mail can do: registered by the apps above

It knows the inbox and working time; it does not know how a channel reaches anybody. Who may read what is asked
again when something leaves: a line is what `notifications.queries` shows at that instant.
"""
