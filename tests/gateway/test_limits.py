from bot.gateway.limits import RateLimit
from bot.gateway.membership import REMEMBER_SECONDS, Membership
from tests.gateway.house import Records


def test_a_bucket_empties_and_fills_again() -> None:
    now = [0.0]
    limit = RateLimit(60, lambda: now[0])
    assert [limit.allows("m1") for _ in range(61)] == [True] * 60 + [False]
    assert limit.allows("m2")
    now[0] += 2.0
    assert [limit.allows("m1") for _ in range(3)] == [True, True, False]
    now[0] += 3600
    assert sum(limit.allows("m1") for _ in range(100)) == 60


def test_a_member_is_remembered_for_a_while_and_a_stranger_is_not() -> None:
    now, records = [0.0], Records(strangers={"x"})
    membership = Membership(records, lambda: now[0])
    assert membership.admits("m")
    assert not membership.admits("x")
    records.strangers = {"m"}
    assert membership.admits("x")
    assert membership.admits("m")
    now[0] += REMEMBER_SECONDS
    assert not membership.admits("m")
    records.down = True
    assert membership.admits("m")
