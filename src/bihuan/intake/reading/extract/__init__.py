"""The hostile half: opening a file that anybody may have made, in a process that may die of it.

`python -m bihuan.intake.reading.extract PATH REQUEST` writes JSON lines to stdout: for each sheet an object with its
name, merged areas and number of rows, then a list of texts for each row; last `{"end": true}`, or `{"refuse": …}`.
It interprets nothing. `bihuan.intake.reading.opening` starts it, limits it and listens.
"""
