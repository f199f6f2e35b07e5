"""Why a cell is not taken and its row waits: what stands there, and what would be right."""

from bihuan.mechanism.sentence import N_

NOT_WHOLE = N_("“%(text)s” is not a whole number; write one such as 12.")
NOT_A_DAY = N_("“%(text)s” is not a day; write one such as 2026-06-30.")
NO_BEGINNING = N_("“%(text)s” is not a day from which the term could be counted; write a day such as 2026-03-02.")
ONE_UNIT = N_("“%(text)s” names several units, and one answers for such a matter; write that one alone.")
NO_RULE = N_(
    "“%(text)s” is a rule, and such a matter needs the day by which it must end; write one such as 2026-06-30."
)
