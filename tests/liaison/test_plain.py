"""What is typed is kept without what nobody sees."""

from liaison.plain import plain_text


def test_unseen_characters_go_and_everything_people_write_stays() -> None:
    family = "👨\u200d👩\u200d👧"
    typed = f" 甲\x00\x1b[31m\u202e乙\u2066\ufeff\r\n{family}\t<script>é "
    assert plain_text(typed) == f"甲[31m乙\n{family}\t<script>é"
