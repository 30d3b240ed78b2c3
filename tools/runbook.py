#!/usr/bin/env python3
"""Writes a runbook in Markdown of about as many bytes as it is told, for measuring the renderer.

    tools/runbook.py 205000 > /tmp/small.md
    tools/runbook.py 2000000 > /tmp/large.md

Headings, paragraphs, nested and numbered lists, tasks, tables, code, quotes and links, as technicians write them. The
same size gives the same file every time.
"""

import random
import sys

WORDS = """the server restart before after check backup service firewall switch imaging vendor ticket station network
printer mailbox account tenant domain certificate renew expires window maintenance call front desk user reports slow
login failed password policy group share drive mapped volume snapshot restore verify replica cluster node storage array
alert disk latency memory update patch reboot schedule approve change request contact office site uplink fibre outage
provider circuit failover tunnel route gateway subnet address reserved lease scope cable rack cabinet power supply
battery runtime monitor sensor threshold warning critical resolved escalate manager on-call shift handover note""".split()
NAMES = ["Zürich", "Ørsted", "naïve", "Größe", "—", "“quoted”", "日本語", "✓"]
CODE = """Get-Service ImgView | Stop-Service -Force
Start-Sleep -Seconds 10
Start-Service ImgView
Get-EventLog -LogName Application -Newest 50 | Where-Object { $_.EntryType -eq "Error" } | Format-Table -AutoSize -Wrap
ssh admin@10.40.2.1 'show interfaces status'
robocopy \\\\fs01\\share D:\\mirror /MIR /R:1 /W:1 /LOG:C:\\logs\\mirror.log
if ($LASTEXITCODE -gt 7) {
\tthrow "the copy failed"
}""".split("\n")
dice = random.Random(20261128)


def word():
    return dice.choice(NAMES) if dice.random() < 0.01 else dice.choice(WORDS)


def decorated():
    text = word()
    kind = dice.random()
    if kind < 0.03:
        return f"**{text} {word()}**"
    if kind < 0.05:
        return f"*{text}*"
    if kind < 0.09:
        return f"`{text}-{dice.randint(1, 99):02}`"
    if kind < 0.105:
        return f"[{text} {word()}](https://docs.example.com/{text}/{dice.randint(1, 9999)})"
    if kind < 0.11:
        return f"<https://status.example.com/{dice.randint(1, 9999)}>"
    if kind < 0.115:
        return f"https://portal.example.com/t/{dice.randint(1, 9999)}"
    return text


def sentence(least, most):
    words = [decorated() for _ in range(dice.randint(least, most))]
    return " ".join(words).capitalize() + "."


def paragraph():
    lines, line = [], ""
    for part in " ".join(sentence(6, 18) for _ in range(dice.randint(2, 5))).split(" "):
        line = f"{line} {part}" if line else part
        if len(line) > 90:
            lines.append(line)
            line = ""
    return "\n".join(lines + [line]).strip()


def bullets():
    out = []
    for _ in range(dice.randint(3, 7)):
        out.append(f"- {sentence(4, 14)}")
        if dice.random() < 0.3:
            out += [f"  - {sentence(3, 8)}" for _ in range(dice.randint(1, 3))]
    return "\n".join(out)


def numbers():
    return "\n".join(f"{at}. {sentence(5, 16)}" for at in range(1, dice.randint(4, 9)))


def tasks():
    return "\n".join(f"- [{dice.choice('x ')}] {sentence(3, 9)}" for _ in range(dice.randint(3, 6)))


def table():
    out = ["| Host | Address | Role | Remarks |", "|---|---:|---|---|"]
    for _ in range(dice.randint(4, 14)):
        host = f"HPD-{dice.choice(WORDS)[:3].upper()}{dice.randint(1, 99):02}"
        address = f"10.40.{dice.randint(0, 9)}.{dice.randint(1, 254)}"
        out.append(f"| `{host}` | {address} | {word()} | {sentence(3, 10)} |")
    return "\n".join(out)


def code():
    lines = [dice.choice(CODE) for _ in range(dice.randint(3, 12))]
    return "```" + dice.choice(["powershell", "sh", ""]) + "\n" + "\n".join(lines) + "\n```"


def quote():
    return "\n".join("> " + line for line in paragraph().split("\n"))


BLOCKS = [paragraph, paragraph, paragraph, bullets, numbers, tasks, table, code, quote]


def main():
    if len(sys.argv) != 2 or not sys.argv[1].isdigit():
        sys.exit(__doc__)
    left = int(sys.argv[1])
    level = 1
    while left > 0:
        parts = ["#" * level + f" {word().capitalize()} {word()} {word()}"]
        parts += [dice.choice(BLOCKS)() for _ in range(dice.randint(3, 8))]
        text = "\n\n".join(parts) + "\n\n"
        sys.stdout.write(text)
        left -= len(text.encode())
        level = dice.choice([2, 2, 3, 3, 4])


main()
