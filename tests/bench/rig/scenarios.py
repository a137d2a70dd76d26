"""What is measured: the load of each scenario, the figure that counts, and where it should be."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Figure:
    """A number of the generator's report."""

    key: str
    unit: str
    goal: float | None = None
    """At most so much, on the machine that the goals were set on."""
    share: float | None = None
    """At most this part of socketioxide's figure in the same round: what the goal means on any machine."""


@dataclass(frozen=True)
class Scenario:
    """One load. `{seconds}` and `{warmup}` are filled in."""

    name: str
    load: str
    figures: tuple[Figure, ...]
    users: int
    groups: str = "0x0"
    peer: str = ""
    pinned: bool = True
    """The server on one core and the generator on another; else both are free, and the server has two workers."""
    generator: str = "chatload"
    """Or one of our own, in a file here; not every peer speaks what it speaks."""
    talk: int = 0
    """So many messages have been said before."""


def delivery(goal: float | None = None, share: float | None = None) -> tuple[Figure, ...]:
    """What counts where messages are delivered."""
    return (Figure("cpu_us_per_delivery", "CPU-µs/delivery", goal, share),)


FILES = (Figure("cpu_ms_per_mib", "CPU-ms/MiB"), Figure("mib_per_s", "MiB/s"))
TIMES = "--warmup {warmup} --duration {seconds}"
DIRECT = Scenario("direct-sat", f"direct --pairs 200 --window 4 {TIMES}", delivery(5, 0.25), 400)
GROUP = Scenario(
    "group-10x50",
    f"group --groups 10 --members 50 --senders 1 --window 4 {TIMES}",
    delivery(1.6, 0.47),
    500,
    "10x50",
    "--groups 10 --group-size 50",
)

SCENARIOS = (
    DIRECT,
    replace(
        DIRECT,
        name="direct-10k",
        load=f"direct --pairs 200 --rate 10000 --drain 10 {TIMES}",
        figures=delivery(42, 0.71),
    ),
    GROUP,
    Scenario(
        "group-1x1000",
        f"group --groups 1 --members 1000 --senders 1 --window 4 {TIMES}",
        delivery(1.8, 0.62),
        1000,
        "1x1000",
        "--groups 1 --group-size 1000",
    ),
    Scenario(
        "churn",
        f"churn --conns 64 --close drop {TIMES}",
        (Figure("cpu_us_per_cycle", "CPU-µs/cycle", 150, 2.5),),
        1024,
    ),
    # Longer than the heartbeat's 25 s, so that every socket is asked once.
    Scenario(
        "idle-10k",
        "idle --conns 10000 --settle 1 --duration 26",
        (Figure("rss_per_conn_kib", "KiB/socket", 10, 0.25), Figure("idle_cpu_percent", "CPU %", 0.5, 0.71)),
        10_000,
    ),
    replace(DIRECT, name="direct-free", pinned=False, figures=delivery()),
    replace(GROUP, name="group-free", pinned=False, figures=delivery()),
    replace(DIRECT, name="direct-1k", load=f"direct --pairs 200 --window 4 --size 1024 {TIMES}", figures=delivery()),
    replace(DIRECT, name="direct-16k", load=f"direct --pairs 50 --window 4 --size 16384 {TIMES}", figures=delivery()),
    Scenario("polling", f"--pairs 50 {TIMES}", delivery(), 400, generator="polling"),
    # A busy team: what else people do with messages, in its proportions.
    Scenario("team", f"--speakers 3 {TIMES}", delivery(), 100, "5x20", generator="team"),
    # What is not said costs no more than what is.
    Scenario(
        "reactions",
        "react --turns 3 --turn {seconds}",
        (Figure("share", "reaction/message", 1), Figure("cpu_us_per_deed", "CPU-µs/reaction")),
        50,
        "1x50",
        generator="hints",
    ),
    Scenario(
        "typing",
        "type --turns 2 --turn 9 --every 3",
        (Figure("share", "typing/message", 0.2), Figure("cpu_us_per_deed", "CPU-µs/typing")),
        1000,
        "100x10",
        generator="hints",
    ),
    Scenario(
        "return",
        "return --interval 2",
        (
            Figure("packets_per_interval", "packets/watcher and interval", 1),
            Figure("cpu_us_per_person", "CPU-µs/person"),
        ),
        2000,
        "10x200",
        generator="hints",
    ),
    # Files, by the MiB.
    Scenario("upload", f"upload --what bytes --mib 4 {TIMES}", FILES, 8, generator="files"),
    Scenario("upload-photo", f"upload --what photo {TIMES}", FILES, 8, generator="files"),
    Scenario("download", f"download --what bytes --mib 4 {TIMES}", FILES, 8, generator="files"),
    # Words among a hundred thousand messages in fifty groups, all of which the one who looks for them is in.
    Scenario(
        "search",
        TIMES,
        (Figure("cpu_ms_per_page", "CPU-ms/page", 50),),
        20,
        "50x20",
        generator="found",
        talk=100_000,
    ),
)
BY_NAME = {scenario.name: scenario for scenario in SCENARIOS}
QUICK = ("direct-sat", "group-10x50", "churn")
