"""Reads from and posts to a relay with Python's own nntplib; ends 0 if all is as it should be.

Arguments: HOST PORT GROUP, where GROUP is empty.
"""
import datetime
import email.utils
import io
import sys
import warnings

warnings.simplefilter("ignore", DeprecationWarning)
import nntplib

host, port, group = sys.argv[1], int(sys.argv[2]), sys.argv[3]
BODY = ["First line", ".starts with a dot", "..with two", ".", "", "Größe: ünïcode", "last"]


def check(name, got, wanted):
    if got != wanted:
        sys.exit("%s: got %r instead of %r" % (name, got, wanted))


def make(subject, extra=()):
    head = ["From: Test <test@example.org>", "Newsgroups: " + group, "Subject: " + subject]
    head += ["MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", *extra]
    return io.BytesIO("\n".join(head + [""] + BODY).encode() + b"\n")


def fails(code, call, *arguments):
    try:
        call(*arguments)
    except nntplib.NNTPError as e:
        check("reply to what is wrong", e.response[:3], code)
    else:
        sys.exit("%r%r was answered as if it were right" % (call, arguments))


with nntplib.NNTP(host, port, timeout=60, readermode=True) as server:
    capabilities = server.getcapabilities()
    for label in ("READER", "POST", "OVER", "HDR", "NEWNEWS", "LIST"):
        if label not in capabilities:
            sys.exit("no %s among the capabilities %r" % (label, sorted(capabilities)))
    check("version", capabilities["VERSION"], ["2"])

    before = server.date()[1] - datetime.timedelta(seconds=5)
    for subject in ("one", "two"):
        check("post", server.post(make(subject))[:3], "240")
    server.post(make("three", ["Message-ID: <three@example.org>",
                               "References: <parent@example.org>"]))
    fails("441", server.post, make("three again", ["Message-ID: <three@example.org>"]))
    fails("441", server.post, io.BytesIO(b"Subject: no From and no Newsgroups\n\nbody\n"))

    _, count, first, last, name = server.group(group)
    check("group", (count, last - first + 1, name), (3, 3, group))
    check("description", server.description(group), "For tests")
    groups = {g.group: g.flag for g in server.list()[1]}
    check("list", groups.get(group), "y")

    _, overview = server.over((first, last))
    check("subjects", [o["subject"] for _, o in overview], ["one", "two", "three"])
    check("references", overview[2][1]["references"], "<parent@example.org>")
    ids = [o["message-id"] for _, o in overview]
    for number, fields in overview:
        info = server.article(number)[1]
        blank = info.lines.index(b"")
        octets = sum(len(line) + 2 for line in info.lines)
        check("article", info.lines[blank + 1:], [line.encode() for line in BODY])
        check("number and id", (info.number, info.message_id), (number, fields["message-id"]))
        check(":lines", int(fields[":lines"]), len(BODY))
        check(":bytes", int(fields[":bytes"]), octets)
        check("body", server.body(number)[1].lines, info.lines[blank + 1:])
        check("head by id", server.head(fields["message-id"])[1].lines, info.lines[:blank])

    check("xhdr", [value for _, value in server.xhdr("subject", "%d-%d" % (first, last))[1]],
          ["one", "two", "three"])
    check("stat", server.stat(first)[1:], (first, ids[0]))
    check("next", server.next()[1:], (first + 1, ids[1]))
    check("last", server.last()[1:], (first, ids[0]))
    fails("422", server.last)
    check("newnews", sorted(server.newnews(group, before)[1]), sorted(ids))
    check("newgroups since the future",
          server.newgroups(before + datetime.timedelta(days=2))[1], [])

    fails("411", server.group, "no.such.group")
    fails("430", server.article, "<no.such.article@example.org>")
    fails("423", server.article, last + 1000)

    offered = ["Message-ID: <offered@example.org>", "Date: " + email.utils.formatdate(),
               "Path: python.example.org!not-for-mail"]
    if "IHAVE" in capabilities:
        check("ihave", server.ihave("<offered@example.org>", make("four", offered))[:3], "235")
        fails("435", server.ihave, "<offered@example.org>", make("four", offered))
print("as it should be")
