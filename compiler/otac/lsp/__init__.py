"""What an editor asks about a configuration, answered over the Language Server Protocol.

Each feature is a function from the state of a document and a place in it to a value;
`server` alone speaks the protocol.
"""
