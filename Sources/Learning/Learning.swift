// Data and the engine that trains on them have one name for those who use both.
@_exported import Engine
