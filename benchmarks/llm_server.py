"""``python -m benchmarks.llm_server SECONDS``: a chat-completions server of a fixed latency, in a process of its own.

It prints its port, answers every request with the same answer after SECONDS, and counts: GET says how many it had.
"""

import asyncio
import json
import sys

from tests.reading.llm_server import Reply, answer, closing

ANSWER = answer(
    is_opportunity=(True, "invites applications"),
    opportunity_type=("scholarship", "scholarship"),
    funder_name=("Blue Lake Foundation", "The Blue Lake Foundation invites"),
    deadlines=[closing("2027-01-15", "until 15 January 2027")],
    currency=("EUR", "Up to EUR 5,000"),
    max_award_amount=(5000, "Up to EUR 5,000"),
    home_eligible=("yes", "Open to citizens of Ecuador"),
)


async def main(latency: float) -> None:
    body = Reply(ANSWER).body()
    head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n".encode()
    calls = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal calls
        try:
            while head_lines := await reader.readuntil(b"\r\n\r\n"):
                if head_lines.startswith(b"GET"):
                    told = json.dumps(calls).encode()
                    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s" % (len(told), told))
                else:
                    length = next(
                        int(line.split(b":")[1])
                        for line in head_lines.lower().split(b"\r\n")
                        if line.startswith(b"content-length:")
                    )
                    await reader.readexactly(length)
                    calls += 1
                    if latency:
                        await asyncio.sleep(latency)
                    writer.write(head + body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=2**20)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1])))
