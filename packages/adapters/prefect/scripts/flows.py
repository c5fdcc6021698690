"""Made-up flows that come to every kind of end, run against the server of PREFECT_API_URL."""

import os
import subprocess
import sys
import time
from datetime import datetime, timedelta, timezone

import httpx
from prefect import flow, pause_flow_run, tags, task
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
    time.sleep(36_000)


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
    """Asks the server, as a user of it."""
    user_and_password = os.environ["PREFECT_API_AUTH_STRING"].split(":", 1)
    url = os.environ["PREFECT_API_URL"] + path
    answer = httpx.post(url, json=body, auth=tuple(user_and_password))
    answer.raise_for_status()
    return answer.json()


def found(filters: dict, kind: str = "flow_runs") -> dict:
    """A flow run, or another kind of row, that passes the filters, once there is one."""
    for _ in range(600):
        rows = ask(f"/{kind}/filter", filters)
        if rows:
            return rows[0]
        time.sleep(0.2)
    raise TimeoutError(f"none of the {kind} came to pass {filters}")


def found_in(name: str, state: str) -> dict:
    """The flow run of a flow, once it is in a state."""
    state_filter = {"state": {"type": {"any_": [state]}}}
    return found({"flows": {"name": {"any_": [name]}}, "flow_runs": state_filter})


def started(case: str) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, __file__, case])


def schedule() -> None:
    """Runs that are planned, at the same instants, and one that is late."""
    now = datetime.now(timezone.utc).replace(microsecond=0)
    with get_client(sync_client=True) as client:
        for hours in (-1, 48, 48, 48, 72):
            at = now + timedelta(hours=hours)
            client.create_flow_run(orders_sync, state=Scheduled(scheduled_time=at))
        # What ends, or waits, without a start: a crash of its worker, a cancellation ahead of time.
        for hours, state in ((-2, "CRASHED"), (-3, "FAILED"), (24, "CANCELLED")):
            at = now + timedelta(hours=hours)
            run = client.create_flow_run(orders_sync, state=Scheduled(scheduled_time=at))
            end = {"type": state, "message": "no worker took it" if hours < 0 else None}
            ask(f"/flow_runs/{run.id}/set_state", {"state": end, "force": True})
        run = client.create_flow_run(price_check, state=Scheduled(scheduled_time=now))
        ask(f"/flow_runs/{run.id}/set_state", {"state": {"type": "RUNNING"}, "force": True})
        waiting = {"type": "SCHEDULED", "name": "AwaitingRetry"}
        ask(f"/flow_runs/{run.id}/set_state", {"state": waiting, "force": True})


def deploy() -> None:
    """A deployment with a schedule, of which the server plans the next runs by itself."""
    [orders] = ask("/flows/filter", {"flows": {"name": {"any_": ["orders-sync"]}}})
    interval = {"interval": 7 * 24 * 3600, "anchor_date": "2026-01-05T06:00:00Z"}
    deployment = {
        "name": "weekly",
        "flow_id": orders["id"],
        "schedules": [{"schedule": interval, "active": True}],
    }
    planned = ask("/deployments/", deployment)
    found({"deployments": {"id": {"any_": [planned["id"]]}}})


def main() -> None:
    for rows in (1, 2, 3):
        attempt(orders_sync, rows)
    with tags("billing", "monthly"):
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
    completed = {"task_runs": {"state": {"type": {"any_": ["COMPLETED"]}}}}
    for case, state in (("killed", "RUNNING"), ("approval", "PAUSED"), ("long", "RUNNING")):
        process = started(case)
        run = found_in(case, state)
        # Task runs reach the server a moment late, and not at all once their process is gone.
        found({"flow_runs": {"id": {"any_": [run["id"]]}}, **completed}, "task_runs")
        process.kill()
        process.wait()
        if case == "long":
            cancelled = {"type": "CANCELLED", "name": "Cancelled"}
            ask(f"/flow_runs/{run['id']}/set_state", {"state": cancelled, "force": True})
    deploy()
    with get_client(sync_client=True) as client:
        run = client.create_flow_run(orders_sync)
    cancelling = {"type": "CANCELLING", "name": "Cancelling"}
    ask(f"/flow_runs/{run.id}/set_state", {"state": cancelling, "force": True})


cases = {"killed": killed, "approval": approval, "long": long}

if __name__ == "__main__":
    cases[sys.argv[1]]() if len(sys.argv) > 1 else main()
