"""Made-up flows that come to every kind of end: `python flows.py` runs them against PREFECT_API_URL."""

import os
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta, timezone

import httpx
from prefect import flow, pause_flow_run, task
from prefect.client.orchestration import get_client
from prefect.runtime import flow_run
from prefect.states import Completed, Scheduled


@task
def extract(count: int) -> list[int]:
    return list(range(count))


@task(tags=["cpu"])
def double(number: int) -> int:
    return number * 2


@task(task_run_name="load-{target}")
def load(rows: list[int], target: str) -> int:
    return len(rows)


@task
def price(order: str) -> None:
    raise ValueError(f"order {order} has no price")


@task(retries=1, retry_delay_seconds=0)
def connect() -> str:
    from prefect.context import TaskRunContext

    if TaskRunContext.get().task_run.run_count < 2:
        raise ConnectionError("warehouse.example.com refused the connection")
    return "connected"


@flow(name="orders-sync", version="1.2.0")
def orders_sync(rows: int = 3, target: str = "warehouse") -> None:
    doubled = [double.submit(number) for number in extract(rows)]
    load([future.result() for future in doubled], target)


@flow(name="price-check")
def price_check(order: str = "ORD-1001") -> None:
    extract(2)
    price(order)


@flow(name="slow-report", timeout_seconds=1)
def slow_report() -> None:
    time.sleep(3)


@flow(name="second-try", retries=1, retry_delay_seconds=0)
def second_try() -> None:
    connect()
    if flow_run.run_count == 1:
        price("ORD-2002")


@flow(name="step", flow_run_name="step-{part}")
def step(part: str, fails: bool) -> str:
    double(4)
    if fails:
        raise ValueError(f"part {part} is empty")
    return part


@flow(name="nightly")
def nightly(parts: list[str], fails: bool = False) -> None:
    for part in parts:
        step(part, fails)


@flow(name="approval")
def approval(amount: float = 12.5) -> None:
    extract(1)
    pause_flow_run(timeout=36_000, key="approval")


@flow(name="interrupted")
def interrupted() -> None:
    extract(1)
    raise KeyboardInterrupt()


@flow(name="killed")
def killed() -> None:
    extract(1)
    time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGKILL)


@flow(name="long")
def long() -> None:
    extract(1)
    time.sleep(36_000)


@flow(name="nothing-to-do")
def nothing_to_do():
    return Completed(message="nothing to do today", name="Skipped")


def attempt(run, *arguments) -> None:
    try:
        run(*arguments)
    except BaseException as error:
        print(f"{run.name} ended with {type(error).__name__}", flush=True)


def ask(path: str, body: dict):
    """Asks the server as PREFECT_API_AUTH_STRING or PREFECT_API_KEY allow it."""
    basic = os.environ.get("PREFECT_API_AUTH_STRING")
    answer = httpx.post(
        os.environ["PREFECT_API_URL"] + path,
        json=body,
        auth=tuple(basic.split(":", 1)) if basic else None,
    )
    answer.raise_for_status()
    return answer.json()


def found(name: str, states: list[str]) -> dict:
    """The flow run of a flow, once it is in one of the states."""
    for _ in range(300):
        runs = ask(
            "/flow_runs/filter",
            {
                "flows": {"name": {"any_": [name]}},
                "flow_runs": {"state": {"type": {"any_": states}}},
            },
        )
        if runs:
            return runs[0]
        time.sleep(0.2)
    raise TimeoutError(f"{name} never came to be {states}")


def started(case: str) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, __file__, case])


def schedule() -> None:
    """Runs that are planned, at the same instants, and one that is late."""
    now = datetime.now(timezone.utc).replace(microsecond=0)
    with get_client(sync_client=True) as client:
        for hours in (-1, 48, 48, 48, 72):
            at = now + timedelta(hours=hours)
            client.create_flow_run(orders_sync, state=Scheduled(scheduled_time=at))


def main() -> None:
    for rows in (1, 2, 3):
        attempt(orders_sync, rows)
    for _ in range(3):
        attempt(price_check)
    attempt(slow_report)
    attempt(second_try)
    attempt(nightly, ["north", "south"])
    attempt(nightly, ["east"], True)
    attempt(nothing_to_do)
    attempt(interrupted)
    schedule()
    # What stays as it is when its process has gone.
    for case, name, states in (
        ("killed", "killed", ["RUNNING"]),
        ("approval", "approval", ["PAUSED"]),
        ("long", "long", ["RUNNING"]),
    ):
        process = started(case)
        run = found(name, states)
        if case != "killed":
            process.kill()
        process.wait()
        if case == "long":
            state = {"type": "CANCELLED", "name": "Cancelled"}
            ask(f"/flow_runs/{run['id']}/set_state", {"state": state, "force": True})
    with get_client(sync_client=True) as client:
        run = client.create_flow_run(orders_sync)
    state = {"type": "CANCELLING", "name": "Cancelling"}
    ask(f"/flow_runs/{run.id}/set_state", {"state": state, "force": True})


cases = {"killed": killed, "approval": approval, "long": long}

if __name__ == "__main__":
    cases[sys.argv[1]]() if len(sys.argv) > 1 else main()
