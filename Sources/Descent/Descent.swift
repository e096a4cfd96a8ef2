// What an experiment's file imports: the words of declarations, and nothing of the machinery.
@_exported import Analysis
@_exported import Documents
@_exported import Engine
@_exported import Figures
@_exported import Landscape
@_exported import Learning
@_exported import Plotting
@_exported import Studies
