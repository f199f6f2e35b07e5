"""Matters brought to the stage at which something is asked, of each unit that the table asks about."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bihuan.directory.models import Post
from bihuan.ledger.models import Matter
from bihuan.ledger.orders import Entering
from bihuan.ledger.register import register_matters
from bihuan.mechanism.state import Value
from city import SINCE, City

#: Whose matter → its responsible unit and that unit's liaison.
UNITS = {
    "housing": ("housing", "liaison"),
    "station": ("station", "station"),
    "finance": ("finance", "other"),
    "assisted": ("housing", "liaison"),
    "unsupervised": ("finance", "other"),
    "elsewhere": ("housing", "liaison"),
}
_REGISTERED_BY = {"unsupervised": "founder", "elsewhere": "finance_clerk"}
_PLAN = {"measures": "逐笔清理"}
_EFFORT = {"reason": "被审计单位已撤销", "proofs": 1}


def extend_cast(city: City) -> None:
    """Add the two who register what the cast's own clerk does not: the first clerk, and another office's."""
    _post(city, "founder", None)
    _post(city, "finance_clerk", "finance")


def _post(city: City, key: str, unit: str | None) -> None:
    account = type(city.posts["clerk"].account).objects.create(account=key, name=key)
    where = city.units[unit] if unit else None
    posts = dict(city.posts)
    posts[key] = Post.objects.create(key=key, account=account, unit=where, title=key, roles=["supervisor"], since=SINCE)
    city.posts = posts


class Maker:
    """Makes a matter of `whose` and takes it to where a case wants it."""

    def __init__(self, city: City, whose: str) -> None:
        self.city, self.whose = city, whose
        self.unit, self.liaison = UNITS[whose]

    def make(self, case: str) -> Matter:
        matter: Matter = _CASES[case](self)
        matter.refresh_from_db()
        return matter

    def registered(self, **values: Any) -> Matter:
        more = {"assisting_units": ["finance"]} if self.whose == "assisted" else {}
        return self.city.register(self.unit, by=_REGISTERED_BY.get(self.whose, "clerk"), **more, **values)

    def struck_off_before(self) -> Matter:
        values: dict[str, Value] = {"title": "旧台账问题", "rectify_type": "immediate", "responsible_unit": self.unit}
        post = self.city.posts["clerk"]
        entering = Entering(self.city.mechanism, values, assertion="struck_off")
        return register_matters([entering], post=post, account="clerk", now=self.city.now)[0]

    def dispatched(self, **values: Any) -> Matter:
        return self.act(self.registered(**values), "dispatch", "clerk")

    def returned_twice(self) -> Matter:
        matter = self.dispatched()
        for _ in range(2):
            self.act(matter, "return", self.liaison, reason="非我单位职责")
            self.act(matter, "dispatch", "clerk")
        return matter

    def planning(self, klass: str = "phased") -> Matter:
        return self.act(self.dispatched(rectify_type=klass), "sign", self.liaison)

    def plan_review(self, klass: str = "phased") -> Matter:
        return self.act(self.planning(klass), "submit_plan", self.liaison, values=_PLAN)

    def plan_returned_thrice(self) -> Matter:
        matter = self.plan_review()
        for _ in range(3):
            self.act(matter, "return_plan", "clerk", reason="措施不具体")
            self.act(matter, "submit_plan", self.liaison, values=_PLAN)
        return matter

    def rectifying(self) -> Matter:
        return self.act(self.dispatched(), "sign", self.liaison)

    def continuing(self) -> Matter:
        return self.act(self.plan_review("continuous"), "accept_plan", "clerk")

    def asking(self) -> Matter:
        matter = self.rectifying()
        values = {"extended_to": later(matter), "next_step": "继续清理"}
        return self.act(matter, "ask_extension", self.liaison, values=values, reason="资金回收需要时间")

    def checking(self) -> Matter:
        return self.city.claim(self.rectifying(), by=self.liaison)

    def done_by_both(self) -> Matter:
        return self.city.claim(self.act(self.dispatched(), "sign", "both_owner"), by="both_owner")

    def sent_back_thrice(self) -> Matter:
        matter = self.checking()
        for _ in range(3):
            self.act(matter, "send_back", "verifier", reason="证据不足")
            self.city.claim(matter, by=self.liaison)
        return matter

    def approving(self) -> Matter:
        return self.city.recognise(self.checking())

    def refused_thrice(self) -> Matter:
        matter = self.approving()
        for _ in range(3):
            self.act(matter, "refuse_strike_off", "approver", reason="认定依据不足")
            self.city.recognise(self.city.claim(matter, by=self.liaison))
        return matter

    def dropping(self) -> Matter:
        return self.act(self.rectifying(), "propose_impossible", self.liaison, **_EFFORT)

    def dropping_refused_twice(self) -> Matter:
        matter = self.dropping()
        for _ in range(2):
            self.act(matter, "refuse_impossible", "approver", reason="仍可追缴")
            self.act(matter, "propose_impossible", self.liaison, **_EFFORT)
        return matter

    def struck_off(self) -> Matter:
        return self.act(self.approving(), "strike_off", "approver")

    def reopened_thrice(self) -> Matter:
        matter = self.struck_off()
        for _ in range(3):
            self.act(matter, "reopen", "clerk", reason="问题反弹", values={"due": later(matter)})
            self.city.recognise(self.city.claim(matter, by=self.liaison))
            self.act(matter, "strike_off", "approver")
        return matter

    def measure(self) -> Matter:
        return part_of(self.city, self.rectifying(), title="清理账户")

    def measure_checking(self) -> Matter:
        return self.act(self.measure(), "report", self.liaison, proofs=1, values={"result": "已清理"})

    def act(self, matter: Matter, action: str, by: str, **asked: Any) -> Matter:
        return self.city.act(matter, action, by, **asked)


_CASES: dict[str, Callable[[Maker], Matter]] = {
    name: does for name, does in vars(Maker).items() if not name.startswith("_") and name not in ("make", "act")
}


def later(matter: Matter) -> str:
    """Return a day to which the deadline of `matter` may be moved."""
    due = Matter.objects.values_list("due", flat=True).get(pk=matter.pk)
    assert due is not None
    return (due + timedelta(days=10)).isoformat()


def part_of(city: City, matter: Matter, **values: Any) -> Matter:
    """Split a measure off a finding and return it."""
    city.act(matter, "add_measure", "clerk", values=values)
    return Matter.objects.filter(parent=matter).latest("pk")
