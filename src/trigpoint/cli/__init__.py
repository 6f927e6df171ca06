"""The commands, in the order of the flow. They only read arguments, call one service and show what came of it."""
