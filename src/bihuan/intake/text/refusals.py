"""What is said of a file or text that is not read at all."""

from bihuan.intake.reading.refusal import MEBIBYTE, Limits
from bihuan.mechanism.sentence import N_

#: What a text may cost. A page of a newspaper has some thousand characters, long minutes some ten thousand.
LIMITS = Limits(file_size=20 * MEBIBYTE, inflated_size=120 * MEBIBYTE, parts=2_000, cpu_seconds=15, wall_seconds=18)
LONGEST = 300_000

NOTHING = N_("There is no text; choose a file that holds some, or paste it.")
TOO_LARGE = N_(
    "The file has %(size)s MB; a text may have %(limit)s MB at most. Save the text alone as .txt and try again."
)
TOO_LONG = N_("The text has %(size)s characters; it may have %(limit)s at most. Split it and read the parts.")
TOO_MUCH = N_(
    "The file needs more memory or time than a text may take; copy its text into a .txt file, or paste it, and try "
    "again."
)
DAMAGED = N_("The file is damaged and cannot be opened; open it in Word or WPS, save it as .docx and try again.")
LOCKED = N_("The file is protected by a password; remove the password in Word or WPS, save it and try again.")
NO_DOCUMENT = N_("The file is no .docx and no text; open it, copy its text and paste it, or save it as .docx or .txt.")
WORKBOOK = N_(
    "The file is a workbook, and rows of a ledger are imported, not read as text; choose a .docx or .txt file."
)
OLD_WORD = N_(
    "The file is an old Word file (.doc), or protected by a password; open it in Word or WPS, save it as .docx without "
    "a password and try again."
)
PDF = N_("The file is a PDF; open it, select and copy its text and paste it here, or save it as .docx or .txt.")
PICTURE = N_("The file is a picture of a text; have its text recognised, check it, and paste it or save it as .txt.")
MARKUP = N_(
    "The file holds marked-up text (a web page, RTF or XML); copy what is to be read and paste it, or save it as .txt."
)
NO_TEXT = N_("The file is no text in UTF-8, UTF-16 or GB18030; save it as .txt in UTF-8 or as .docx and try again.")
CONTROLS = N_("The text holds control characters, as no text does; save it as .txt in UTF-8 or as .docx and try again.")
UNREADABLE = N_("The file %(file)s cannot be opened: %(error)s.")
NO_FILE = N_("%(file)s is not a file; choose a .docx or .txt file.")
