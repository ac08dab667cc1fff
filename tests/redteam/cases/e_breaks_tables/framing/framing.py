# @attack  messages and names that break CSV, HTML, XML, JSON and a markup for terminals
# @expect  zero
EVIL = """=cmd|'/c calc'!A1
@SUM(1+1)*cmd|' /C calc'!A0
<script>alert(1)</script><img src=x onerror=alert(1)>
]]></failure></testcase><testcase name="forged"/>
"}], "score": 100, "checks": [{"id": "x
[bold red]forged[/] [link=https://example.org]here[/link]
\x00\x0b\ufffe\ud800 {0.__class__} %s %n {values}
"""


def send_message(sock, text):
    raise type("<b>&]]>" * 5, (ValueError,), {})(EVIL)


def recv_message(sock):
    raise type("{x}\n::error::", (ValueError,), {})(EVIL)
