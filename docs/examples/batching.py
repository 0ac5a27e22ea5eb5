"""Datums one after another for a pipeline with `datumBatching`: python3, no dependencies.

    batching.each(lambda datum: ...)  # datum["images"] is a path; write to /pfs/out"""
import os
import socket
import sys


def _ask(line):
    sys.stdout.flush()  # what was printed is of the datum that ends here
    with socket.socket(socket.AF_UNIX) as server:
        server.connect(os.environ["DASSIE_NEXT"])
        server.sendall(line.replace("\n", " ").encode()[:4000] + b"\n")
        answer = b"".join(iter(lambda: server.recv(65536), b""))
    return dict(pair.split("=", 1) for pair in answer.decode().split("\0") if pair)


def each(work):
    """Calls `work` with the variables of each datum; what it raises fails that datum."""
    line = "next"
    while datum := _ask(line):
        os.environ.update(datum)
        try:
            work(datum)
            line = "next"
        except Exception as problem:
            line = f"error {problem!r}"
