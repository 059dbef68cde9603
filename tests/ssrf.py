"""Ways to write this machine, and others that are nobody's push service. `{port}` is that of a listener here."""

THIS_MACHINE = (
    # loopback
    "https://127.0.0.1:{port}/x",
    "https://localhost:{port}/x",
    "https://LOCALHOST:{port}/x",
    "https://localhost.:{port}/x",
    "https://127.1:{port}/x",
    "https://127.0.1:{port}/x",
    "https://2130706433:{port}/x",
    "https://0x7f000001:{port}/x",
    "https://0x7f.0.0.1:{port}/x",
    "https://0177.0.0.1:{port}/x",
    "https://017700000001:{port}/x",
    "https://0:{port}/x",
    "https://0.0.0.0:{port}/x",
    "https://[::1]:{port}/x",
    "https://[::]:{port}/x",
    "https://[::ffff:127.0.0.1]:{port}/x",
    "https://[::ffff:7f00:1]:{port}/x",
    "https://[0:0:0:0:0:0:0:1]:{port}/x",
    "https://127.0.0.1%2f.push.apple.com:{port}/x",
    # user info
    "https://fcm.googleapis.com@127.0.0.1:{port}/x",
    "https://fcm.googleapis.com:443@127.0.0.1:{port}/x",
    # what parsers read differently
    "https://fcm.googleapis.com\\@127.0.0.1:{port}/x",
    "https://127.0.0.1:{port}#@fcm.googleapis.com/x",
    "https://127.0.0.1:{port}?@fcm.googleapis.com/x",
    "https:\\\\127.0.0.1:{port}/x",
    "https://127.0.0.1:{port}\t/x",
    "https://127.0.0.1:{port}/x\r\nHost: fcm.googleapis.com",
    # other ports, other schemes
    "http://127.0.0.1:{port}/x",
    "file:///etc/passwd",
    "gopher://127.0.0.1:{port}/x",
    # letters that look like others (IDN)
    "https://\u24db\u24de\u24d2\u24d0\u24db\u24d7\u24de\u24e2\u24e3:{port}/x",
    "https://\uff11\uff12\uff17.0.0.1:{port}/x",
    "https://127\u30020\u30020\u30021:{port}/x",
)

ELSEWHERE = (
    # link-local and metadata
    "https://169.254.169.254/?.apple.com/",
    "https://[fe80::1%25lo]:{port}/x",
    "https://[fd00:ec2::254]/latest",
    # user info before a name that is known, and what only looks known
    "https://ana:word@fcm.googleapis.com/x",
    "https://127.0.0.1:{port}@fcm.googleapis.com/x",
    "https://127.0.0.1:{port}\\@fcm.googleapis.com/x",
    "https://evil.example/a.push.apple.com/x",
    "https://fcm.googleapis.com:{port}/x",
    "https://fcm.google\u0430pis.com/x",
    "https://xn--fcm-x.googleapis.com/x",
)

SPELLINGS = THIS_MACHINE + ELSEWHERE
