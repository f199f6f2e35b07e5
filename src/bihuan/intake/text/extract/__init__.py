"""The text of a .docx, read in a process that may die of it.

`python -m bihuan.intake.text.extract PATH REQUEST` writes a JSON line for each paragraph; last `{"end": true}`, or
`{"refuse": …}`. `bihuan.intake.text.files` starts it, limits it and listens.
"""
