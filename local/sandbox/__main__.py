"""`python -m local.sandbox --port 8701 --state DIR`: see README.md."""

import argparse
import os
import signal
import sys
from pathlib import Path
from threading import Thread

from local.sandbox.server import running


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m local.sandbox", description="WeChat Pay and SMS on this machine."
    )
    parser.add_argument("--port", type=int, default=8701, help="0 takes any free port")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument(
        "--url", default="", help="the address others reach this process at, if it isn't host:port"
    )
    parser.add_argument(
        "--shop", default=os.environ.get("SHOP_URL", ""), help="the shop's address; SHOP_URL when left out"
    )
    parser.add_argument("--phone-port", type=int, default=0, help="of the WeChat phone's browser; 0: any")
    parser.add_argument("--phone-url", default="", help="as --url, of the WeChat phone's browser")
    parser.add_argument("--state", type=Path, required=True, help="directory of keys, ledger and sandbox.env")
    parser.add_argument(
        "--time-factor", type=float, help="so many of WeChat's seconds pass in one; remembered"
    )
    chosen = parser.parse_args(arguments)
    try:
        with running(
            chosen.state,
            port=chosen.port,
            host=chosen.host,
            factor=chosen.time_factor,
            url=chosen.url,
            shop=chosen.shop,
            phone_port=chosen.phone_port,
            phone_url=chosen.phone_url,
        ) as sandbox:

            def stop(*_: object) -> None:
                Thread(target=sandbox.server.shutdown, daemon=True).start()

            signal.signal(signal.SIGTERM, stop)
            signal.signal(signal.SIGINT, stop)
            print(f"sandbox at {sandbox.url}, variables in {sandbox.env_file}", flush=True)
            sandbox.server.serve_forever(poll_interval=0.1)
    except OSError as error:
        ports = " or ".join(str(port) for port in (chosen.port, chosen.phone_port) if port)
        print(f"The sandbox can't listen on port {ports}: {error.strerror}.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
