"""What putting a finding right brought: amounts that never pass what was found, rules, persons, a criterion."""

from collections.abc import Mapping

from bihuan.mechanism.state import Value

from .material import Finding

#: Words in the measures and the title that say where the money goes; the first that is found counts.
_WAYS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("paid_in", ("上缴", "缴入国库", "缴回", "交回财政", "补缴", "追缴", "收缴")),
    ("returned", ("归还", "退还", "退回", "追回", "收回", "扣回", "追扣", "退款")),
    ("disbursed", ("拨付到", "拨付进度", "分解下达", "偿还", "还款", "兑付", "补发", "结清")),
    ("budget_cut", ("核减", "削减", "调减")),
    ("adjusted", ("调整账", "调整会计", "调账", "入账", "核销", "登记入")),
)
_RULES, _PERSONS = ("制度", "办法", "细则", "规定", "规程"), ("责任人员", "问责", "谈话", "处分", "批评教育")
_CRITERIA = {
    "资金管理": "money_settled",
    "项目管理": "violation_ended",
    "内部管理": "rules_working",
    "政策落实": "violation_ended",
}


def outcome(finding: Finding) -> dict[str, Value]:
    """Return the values of the result fields for a finding that its unit calls done."""
    chance, found = finding.chance("outcome"), finding.title + finding.measures
    given: dict[str, Value] = dict(_money(finding))
    if any(word in found for word in _RULES):
        given["rules_made"] = chance.choice((1, 1, 1, 2))
    if any(word in found for word in _PERSONS):
        given["accountable"] = chance.choice((1, 1, 2, 3))
    return given


def criterion(finding: Finding) -> str:
    """Return which criterion the verifier takes."""
    return "accounts_adjusted" if set(_money(finding)) == {"adjusted"} else _CRITERIA[finding.group]


def _money(finding: Finding) -> Mapping[str, int]:
    """Most is put right in full and in one way; some in two ways, some to nine tenths; some is no matter of money."""
    if not finding.amount:
        return {}
    chance = finding.chance("money")
    ways = [way for way, words in _WAYS if any(word in finding.title + finding.measures for word in words)]
    if not ways and finding.group != "资金管理":
        return {}
    first, *others = ways or ["adjusted"]
    whole = finding.amount if chance.random() < 0.8 else finding.amount * 9 // 10
    if not others or chance.random() < 0.6:
        return {first: whole}
    part = whole * chance.randint(55, 85) // 10000 * 100
    return {first: part, others[0]: whole - part}
