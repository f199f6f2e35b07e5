"""What an action needs to be typed, so that nothing but the asker's right decides what becomes of it."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from bihuan.ledger.models import Matter
from rights.matters import later

PROOF = "缴款书.txt"
_CHECKED = {"criterion": "money_settled", "opinion": "凭证齐全"}


@dataclass(frozen=True, slots=True)
class Input:
    """Texts by field, those of a record's entry apart; whether a reason and a file are given."""

    fields: dict[str, str] = field(default_factory=dict)
    entry: dict[str, str] = field(default_factory=dict)
    reason: bool = False
    proof: bool = False

    def form(self, version: int) -> dict[str, Any]:
        """Return what the form of the action sends."""
        sent: dict[str, Any] = {"version": str(version)}
        sent |= {f"f-{key}": text for key, text in self.fields.items()}
        sent |= {f"r-{key}": text for key, text in self.entry.items()}
        sent |= {"reason": "情况属实"} if self.reason else {}
        return sent | ({"evidence": SimpleUploadedFile(PROOF, b"paid")} if self.proof else {})

    def words(self, folder: Path) -> list[str]:
        """Return the options of `bihuan act` that say the same."""
        given = {**self.fields, **self.entry}
        words = [word for key, text in given.items() for word in ("--set", f"{key}={text}")]
        words += ["--reason", "情况属实"] if self.reason else []
        return [*words, "--evidence", str(proof_file(folder))] if self.proof else words


def proof_file(folder: Path) -> Path:
    path = folder / PROOF
    path.write_bytes(b"paid")
    return path


def input_of(key: str, matter: Matter) -> Input:
    """Return what is typed for the action `mechanism.action` on `matter`."""
    mechanism, _, action = key.partition(".")
    if mechanism == "audit_measure":
        return _MEASURE[action]
    if action == "assign":
        other = "澄湖市财政局" if matter.responsible.key != "finance" else "澄湖市住房和城乡建设局"
        return Input({"responsible_unit": other})
    if action == "ask_extension":
        return Input({"extended_to": later(matter), "next_step": "继续清理"}, reason=True)
    if action == "reopen":
        return Input({"due": later(matter)}, reason=True)
    return _FINDING[action]


_FINDING = {
    "amend": Input({"title": "补正后的摘要"}, reason=True),
    "set_terms": Input({"rectify_type": "immediate", "due": "2031-06-30"}),
    "log_instruction": Input(
        entry={
            "signed_by": "甲某",
            "leader_post": "副市长",
            "signed_on": "2026-06-01",
            "urgency": "urgent",
            "instruction": "请抓紧整改",
        },
        proof=True,
    ),
    "dispatch": Input({"rectify_type": "immediate", "standard": "资金全部收回"}),
    "transfer": Input(reason=True, proof=True),
    "log_communication": Input(entry={"talked_on": "2026-06-01", "talked_with": "leader", "content": "已电话沟通"}),
    "finish": Input(),
    "recognise_earlier": Input({"rectify_type": "immediate", **_CHECKED}, proof=True),
    "sign": Input({"responsible_person": "甲某"}),
    "return": Input(reason=True),
    "submit_plan": Input({"measures": "逐笔清理"}),
    "accept_plan": Input(),
    "return_plan": Input(reason=True),
    "report_progress": Input({"progress": "已收回一半"}),
    "add_measure": Input({"title": "清理账户"}),
    "claim_done": Input({"result": "已上缴财政", "cause": "预算编制不细"}, proof=True),
    "propose_impossible": Input(reason=True, proof=True),
    "review_continuing": Input({"opinion": "制度执行良好"}),
    "grant_extension": Input(),
    "refuse_extension": Input(reason=True),
    "recognise": Input(_CHECKED),
    "send_back": Input(reason=True),
    "strike_off": Input({"approval": "同意销号"}),
    "refuse_strike_off": Input(reason=True),
    "accept_impossible": Input({"approval": "情况属实"}),
    "refuse_impossible": Input(reason=True),
}
_MEASURE = {
    "report": Input({"result": "已清理"}, proof=True),
    "drop": Input(reason=True),
    "recognise": Input({"opinion": "已核查"}),
    "send_back": Input(reason=True),
}

#: Page → what its address names, and what its form sends besides the day.
KEPT: dict[str, tuple[list[str], dict[str, str]]] = {
    "add_unit": ([], {"name": "澄湖市教育局", "below": "澄湖市人民政府"}),
    "rename_unit": (["station"], {"name": "澄湖市工程质量监督中心"}),
    "move_unit": (["station"], {"below": "澄湖市财政局"}),
    "merge_unit": (["station"], {"into": "澄湖市财政局", "posts": "keep"}),
    "end_unit": (["sports"], {}),
    "add_person": ([], {"account": "newcomer", "name": "新人"}),
    "people_act": ([], {"what": "password", "account": "liaison"}),
    "first_passwords": ([], {"account": "waiting"}),
    "give_post": (["liaison"], {"unit": "澄湖市财政局", "title": "联络员", "roles": "owner"}),
    "hand_over_post": (["liaison"], {"to": "other"}),
    "change_post": (["liaison"], {"title": "整改联络员", "roles": "owner"}),
    "end_post": (["liaison"], {"even_so": "1"}),
}
