"""guest.py COUNT: from inside a guest's namespace, how long answers take by eth0, in microseconds; each to another guest, as
far as the switch can tell. JSON."""

import json
import os
import socket
import struct
import sys
import time

BROADCAST = b"\xff" * 6
TIMEOUT_SECONDS = 2
DISCOVER, OFFER, REQUEST, ACK, RELEASE = 1, 2, 3, 5, 7


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total & 0xFFFF) + (total >> 16)
    return ~(total + (total >> 16)) & 0xFFFF


def message(mac, transaction, kind, options=b"", own=bytes(4)):
    dhcp = struct.pack("!BBBBIHH16s16s192sI", 1, 1, 6, 0, transaction, 0, 0, own + bytes(12), mac + bytes(10), bytes(192), 0x63825363)
    dhcp += bytes([53, 1, kind]) + options + b"\xff"
    udp = struct.pack("!HHHH", 68, 67, 8 + len(dhcp), 0) + dhcp
    header = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, bytes(4), b"\xff" * 4)
    header = header[:10] + struct.pack("!H", checksum(header)) + header[12:]
    return BROADCAST + mac + b"\x08\x00" + header + udp


def ask(link, frame, transaction, kind):
    """The answer and how long it took."""
    began = time.perf_counter()
    link.send(frame)
    while True:
        dhcp = link.recv(2000)[42:]
        if len(dhcp) > 242 and dhcp[4:8] == struct.pack("!I", transaction) and dhcp[242] == kind:
            return dhcp, (time.perf_counter() - began) * 1e6


def main():
    link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0800))
    link.bind(("eth0", 0))
    link.settimeout(TIMEOUT_SECONDS)
    values = {"offer": [], "ack": []}
    for _ in range(int(sys.argv[1])):
        mac, transaction = b"\x02" + os.urandom(5), int.from_bytes(os.urandom(4), "big")
        offer, took = ask(link, message(mac, transaction, DISCOVER), transaction, OFFER)
        values["offer"].append(took)
        wanted = b"\x32\x04" + offer[16:20] + b"\x36\x04" + bytes([169, 254, 169, 254])
        _, took = ask(link, message(mac, transaction, REQUEST, wanted), transaction, ACK)
        values["ack"].append(took)
        # A port has so many leases and no more.
        link.send(message(mac, transaction, RELEASE, b"\x36\x04" + bytes([169, 254, 169, 254]), offer[16:20]))
        time.sleep(0.008)  # A port may ask only so often (WEFT_PUNTS_PER_TICK).
    print(json.dumps(values))


main()
