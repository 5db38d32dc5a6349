"""Sends packets through a machine that exists only for the test, and passes on what the kernel says of them.

Started in a network and mount namespace of its own (`unshare --net --mount`), which becomes the wire; the machine under
test is a second network namespace that this process makes. Both end with the process. Nothing here judges: frames come
from standard input as bytes, and netlink messages go to standard output as bytes (reference/iptables.md section 7).

Input: kind (1 byte), length (4), then that many bytes. `L` and `N` load rules with the legacy and the nft tool,
`P` sends packets, each as line (1), user (4), mark (4), length (2) and bytes; `H` asks for the handles of nft's rules.
Output: kind, length, bytes. `r` is the answer of a tool (its exit code in 4 bytes, then its messages), `d` one
datagram of the kernel, `h` one of the handles, `e` the end of a list.
"""

import ctypes
import os
import select
import socket
import struct
import subprocess
import sys

CLONE_NEWNET = 0x40000000
NETLINK_NETFILTER = 12
SO_RCVBUFFORCE = 33
SO_MARK = 36
SO_BINDTODEVICE = 25
NLM_F_REQUEST, NLM_F_ACK, NLM_F_DUMP = 1, 4, 0x300
ULOG, CONNTRACK, NFTABLES = 4, 1, 10
GETRULE = 7
NFTRACE_GROUP = 9

libc = ctypes.CDLL(None, use_errno=True)

# interfaces on which packets come in; what comes in by eth is for the machine, the rest is passed on by wan
INCOMING = ["eth0", "eth1", "lan0", "lan10"]
OUTGOING = ["wan0", "wan1"]
environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}


def run(*words):
    subprocess.run(words, check=True, env=environment)


def write(path, value):
    with open(path, "w") as file:
        file.write(value)


def make_machine():
    # the lock of iptables is one file for all network namespaces, so that it has to be a file of our own
    run("mount", "-t", "tmpfs", "none", "/run")
    wire = os.open("/proc/self/ns/net", os.O_RDONLY)
    write("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1")
    if libc.unshare(CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    machine = os.open("/proc/self/ns/net", os.O_RDONLY)
    here = f"/proc/{os.getpid()}/fd/{wire}"
    for name, value in [("rp_filter", "0"), ("accept_local", "1"), ("log_martians", "0")]:
        for scope in ["all", "default"]:
            write(f"/proc/sys/net/ipv4/conf/{scope}/{name}", value)
    write("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1")
    write("/proc/sys/net/ipv4/ip_forward", "1")
    write("/proc/sys/net/ipv4/icmp_echo_ignore_all", "1")
    run("ip", "link", "set", "lo", "up")
    for number, name in enumerate(INCOMING + OUTGOING):
        run("ip", "link", "add", name, "address", f"02:00:00:00:00:{number:02x}", "type", "veth",
            "peer", "name", f"x{name}", "netns", here)
        run("ip", "link", "set", name, "arp", "off", "up")
    run("ip", "route", "add", "local", "0.0.0.0/0", "dev", "lo", "table", "50")
    for number, name in enumerate(OUTGOING):
        run("ip", "route", "add", "default", "dev", name, "table", str(60 + number))
        run("ip", "rule", "add", "pref", str(5 + number), "oif", name, "lookup", str(60 + number))
    for name, table in [("eth0", 50), ("eth1", 50), ("lan0", 60), ("lan10", 61), ("lo", 60)]:
        run("ip", "rule", "add", "pref", str(10 + table), "iif", name, "lookup", str(table))
    write("/proc/sys/net/netfilter/nf_log/2", "nfnetlink_log")
    libc.setns(wire, CLONE_NEWNET)
    lines = []
    for name in INCOMING + OUTGOING:
        run("ip", "link", "set", f"x{name}", "arp", "off", "up")
    for name in INCOMING:
        line = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        line.bind((f"x{name}", 0))
        lines.append(line)
    libc.setns(machine, CLONE_NEWNET)
    return lines


def attribute(kind, data):
    return struct.pack("=HH", 4 + len(data), kind) + data + b"\0" * (-len(data) % 4)


def request(link, subsystem, kind, flags, family, group, data=b""):
    body = struct.pack("!BBH", family, 0, group) + data
    link.send(struct.pack("=IHHII", 16 + len(body), subsystem << 8 | kind, NLM_F_REQUEST | flags, 1, 0) + body)


def acknowledged(link):
    while True:
        answer = link.recv(65536)
        kind, = struct.unpack_from("=H", answer, 4)
        if kind == 2:
            error, = struct.unpack_from("=i", answer, 16)
            if error:
                raise OSError(-error, "netlink")
            return


def netlink(groups=0):
    link = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_NETFILTER)
    link.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 256 * 1024 * 1024)
    link.bind((0, groups))
    return link


def log_reader():
    """Reads log group 0, into which TRACE goes, with the first bytes of each packet."""
    link = netlink()
    settings = [
        attribute(1, struct.pack("!B", 1)),  # bind
        attribute(2, struct.pack("!IBB", 64, 2, 0)),  # copy that many bytes
        attribute(3, struct.pack("!I", 131072)),  # buffer
        attribute(5, struct.pack("!I", 200)),  # messages in one datagram
        attribute(4, struct.pack("!I", 1)),  # or after so many hundredths of a second
    ]
    for setting in settings:
        request(link, ULOG, 1, NLM_F_ACK, socket.AF_UNSPEC, 0, setting)
        acknowledged(link)
    return link


def answer(kind, data=b""):
    sys.stdout.buffer.write(kind + struct.pack("=I", len(data)) + data)
    sys.stdout.buffer.flush()


senders = {}


def sender(line, user, mark):
    """A socket for packets of the machine itself; the user of a socket is that of its making."""
    key = (line, user, mark)
    if key not in senders:
        libc.setfsuid(user)
        os.setegid(user)
        made = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
        os.setegid(0)
        libc.setfsuid(0)
        made.setsockopt(socket.SOL_SOCKET, SO_MARK, mark)
        made.setsockopt(socket.SOL_SOCKET, SO_BINDTODEVICE, OUTGOING[line].encode())
        senders[key] = made
    return senders[key]


def send(lines, data):
    at = 0
    while at < len(data):
        line, user, mark, length = struct.unpack_from("=BIIH", data, at)
        frame = data[at + 11:at + 11 + length]
        at += 11 + length
        try:
            if line < len(lines):
                lines[line].send(frame)
            else:
                target = socket.inet_ntoa(frame[16:20])
                sender(line - len(lines), user, mark).sendto(frame, (target, 0))
        except OSError:
            # a rule that drops what the machine sends is an error for the sender
            pass


def load(tool, rules, connections):
    done = subprocess.run([tool], input=rules, capture_output=True, timeout=30, env=environment)
    request(connections, CONNTRACK, 2, NLM_F_ACK, socket.AF_UNSPEC, 0)
    acknowledged(connections)
    answer(b"r", struct.pack("=i", done.returncode) + done.stderr)


def handles(link):
    request(link, NFTABLES, GETRULE, NLM_F_DUMP, socket.AF_INET, 0)
    while True:
        data = link.recv(1 << 20)
        answer(b"h", data)
        at = 0
        while at + 16 <= len(data):
            length, kind = struct.unpack_from("=IH", data, at)
            if kind == 3:
                answer(b"e")
                return
            at += (length + 3) & ~3


def read_exactly(count):
    data = sys.stdin.buffer.read(count)
    return data if len(data) == count else None


def main():
    # one processor, so that packets are handled in the order in which they are sent; machines side by side share out
    processors = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {processors[os.getpid() % len(processors)]})
    lines = make_machine()
    log = log_reader()
    trace = netlink(1 << (NFTRACE_GROUP - 1))
    commands = netlink()
    answer(b"r", struct.pack("=i", 0))
    while True:
        ready, _, _ = select.select([sys.stdin.buffer, log, trace], [], [])
        for source in (log, trace):
            if source in ready:
                answer(b"d", source.recv(1 << 18))
        if sys.stdin.buffer not in ready:
            continue
        head = read_exactly(5)
        if head is None:
            return
        kind, length = head[:1], struct.unpack("=I", head[1:])[0]
        data = read_exactly(length)
        if data is None:
            return
        if kind == b"L":
            load("iptables-legacy-restore", data, commands)
        elif kind == b"N":
            load("iptables-nft-restore", data, commands)
        elif kind == b"P":
            send(lines, data)
        elif kind == b"H":
            handles(commands)


main()
