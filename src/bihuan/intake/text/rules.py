"""Every rule that reading official text goes by: its key, as a result names it, and its sentence for people."""

from collections.abc import Mapping

from bihuan.mechanism.sentence import N_

RULES: Mapping[str, str] = {
    "task.must": N_("A word of duty asks for it: 要, 须, 必须, 务必, 应, 不得, 严禁, 一律."),
    "task.asked": N_("Somebody asks somebody for it in the middle of a sentence: 要求有关部门…, 责成…."),
    "task.led": N_("It is given to a unit by name: 由…牵头, 由…负责, …会同…, …配合."),
    "task.request": N_("A request to a unit begins with 请."),
    "task.voice": N_(
        "A meeting or a leader who demands is speaking (强调, 要求, 决定), and a verb of work begins the clause."
    ),
    "task.plan": N_("It stands below a heading of work to be done, or after “as follows” in a notice."),
    "task.half": N_("The second half after a semicolon goes on with the first."),
    "speaker.said": N_("The sentence itself says who speaks."),
    "speaker.holds": N_("Who spoke before in the same paragraph still speaks."),
    "speaker.list": N_("The numbered items follow what was announced with a colon."),
    "speaker.pronoun": N_("他 or 她 is the person named last."),
    "speaker.signed": N_("Who signed the text speaks."),
    "post.here": N_("The post stands before the name."),
    "post.earlier": N_("The post stands before the name earlier in the same article or in its headline."),
    "units.name": N_("A unit's full or short name from the directory; the longest name that fits counts."),
    "units.department": N_("A bare field of work (财政, 住建) is a unit only in a list that ends in 部门 or 单位."),
    "units.government": N_("区政府 beside 某区委 is the government of that district."),
    "units.receiver": N_("A unit to which something is only reported or sent is not one that must do it."),
    "units.same": N_("The half names no unit of its own, so the units of the first half hold."),
    "due.day": N_("A day by which it must be done."),
    "due.month_end": N_("The end of a month is its last day."),
    "due.quarter_end": N_("The end of a quarter is its last day."),
    "due.year_end": N_("The end of a year, or “within the year”, is 31 December."),
    "due.within": N_("So many days, weeks or months from the day of the text, which itself is not counted."),
    "due.working_days": N_("So many working days from the day of the text, which itself is not counted."),
    "due.week": N_("A day of this or next week, counted from the day of the text."),
    "due.until": N_("A campaign that runs from now until a day ends on that day."),
    "due.year_of_text": N_("The year is that of the day of the text, since none is written."),
    "due.last": N_("Of several days in one sentence the last one counts."),
    "due.recurring": N_("What recurs every week, month or quarter is no single day."),
    "due.event": N_("An event (开学前, 汛期结束后) is no day of the calendar."),
    "due.vague": N_("尽快, 近期 and the like are no deadline."),
    "due.range": N_("A stretch of days says when it happens, not by when it must be done."),
    "due.unclear": N_("The words have the form of a day but name none, or could name two."),
    "due.no_text_day": N_("The day of the text is not known, so what counts from it names no day."),
    "due.before_text": N_("The day would lie before the day of the text, so its year is not certain."),
    "figure.wan": N_("万, 亿 and 千 are multiplied out; money is counted in yuan."),
    "figure.about": N_("余, 多, 左右, 以上, 以内 and 近 make a number approximate; the bare number counts."),
    "figure.range": N_("Of a range the lower end counts."),
    "figure.words": N_("A number in Chinese numerals with its unit."),
    "figure.to_do": N_("What is to be reached: 要, 力争, 确保, 计划, 不少于, or a task is being given."),
    "figure.achieved": N_("What has been reached: 已, 了, 累计, 去年, 截至, or nothing asks for it."),
    "mechanism.words": N_(
        "The mechanism with the most of its words in the sentence; then the longest word; then the first."
    ),
    "mechanism.article": N_("The sentence holds none of the words, so the headline and who speaks count."),
}
