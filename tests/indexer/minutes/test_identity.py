"""Ids are the same for every source of one meeting, and differ between meetings."""

from __future__ import annotations

from datetime import date

from indexer.minutes.identity import document_id, meeting_id

DAY = date(2021, 3, 29)


def test_a_meeting_with_a_full_key() -> None:
    """Title and wording do not matter where body, kind, number and day are known."""
    one = meeting_id("云州市人民政府", "常务会议", 132, DAY, "甲", "乙")
    assert one == meeting_id("云州市人民政府", "常务会议", 132, DAY, None, "")
    assert one.startswith("20210329-")
    assert len(one) == 17
    assert one != meeting_id("云州市人民政府", "常务会议", 133, DAY, "甲", "乙")
    assert one == meeting_id("雲州市人民政府", "常務會議", 132, DAY, None, "")


def test_a_meeting_with_less() -> None:
    """Title and opening stand in for what is missing, spaces apart."""
    one = meeting_id(None, "常务会议", 132, DAY, "纪 要", "市长主持")
    assert one == meeting_id(None, None, None, DAY, "纪要", "市长 主持")
    assert one != meeting_id(None, "常务会议", 132, DAY, "纪要", "副市长主持")
    assert meeting_id(None, None, None, None, None, "").startswith("00000000-")


def test_documents() -> None:
    """Title and beginning make the id; what follows does not matter."""
    one = document_id("办法", "甲" * 300)
    assert one == document_id("办法", "甲" * 200)
    assert one != document_id("规定", "甲" * 300)
    assert document_id(None, "\ud800")
