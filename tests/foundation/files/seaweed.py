"""A real S3 server for tests: SeaweedFS, from the registry of Python packages."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from parvis.foundation.files.storage import Bucket
from tests.config.installation import free_port

KEY, SECRET = "tests", "only-for-tests"


def program() -> str | None:
    """Return the server's program, None where it is not installed."""
    beside = Path(sys.executable).with_name("weed")
    return str(beside) if beside.exists() else shutil.which("weed")


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Run the server, and give its address."""
    identity = {"name": "tests", "credentials": [{"accessKey": KEY, "secretKey": SECRET}]}
    config = folder / "s3.json"
    config.write_text(
        json.dumps({"identities": [identity | {"actions": ["Admin", "Read", "Write", "List"]}]})
    )
    ports = {name: free_port() for name in ("master", "volume", "filer", "s3")}
    given = [f"-{name}.port={port}" for name, port in ports.items()]
    given += [f"-{name}.port.grpc={free_port()}" for name in ports]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [str(program()), "server", f"-dir={folder}", "-s3", f"-s3.config={config}", "-ip=127.0.0.1",
             "-ip.bind=127.0.0.1", "-volume.max=20", "-master.volumeSizeLimitMB=64", *given],
            stdout=log, stderr=log, cwd=folder,
        )  # fmt: skip
    address = f"http://127.0.0.1:{ports['s3']}"
    try:
        _wait_for(process, address)
        yield address
    finally:
        # It takes its time to say good-bye, and there is nothing to keep.
        process.kill()
        process.wait(20)


def _wait_for(process: subprocess.Popen[bytes], address: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=1).close()
        except urllib.error.HTTPError as refusal:
            # Nobody reads without a key: it answers.
            refusal.close()
            return
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("the S3 server did not start")


def make_bucket(address: str, name: str) -> Bucket:
    """Make a private bucket."""
    import boto3

    bucket = Bucket(name, address, "us-east-1", KEY, SECRET, "parvis/")
    client = boto3.client(
        "s3",
        endpoint_url=address,
        region_name="us-east-1",
        aws_access_key_id=KEY,
        aws_secret_access_key=SECRET,
    )
    client.create_bucket(Bucket=name)
    return bucket
