"""Ten indicators of the pack as an analyst would write them by hand, for one question each, without the engine.

They read the same tables and give child_key and the ids of the events that it stands on, for children who meet it.
They say nothing of the children of whom it is not known, nor when it was so: the engine does.
"""
