"""What is shipped, held against the project and the built server: paths exist, commands are known, the Dockerfile builds."""

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import yaml
from dockerfile_parse import DockerfileParser

PROJECT = Path(__file__).resolve().parents[2]
DOCKER = PROJECT / "config" / "docker"
CLUSTER = PROJECT / "config" / "cluster"
UNITS = [PROJECT / "config" / "systemd" / name for name in ("greenroom.service", "greenroom@.service")]
PROGRAM = "/usr/local/bin/greenroom"
COMMIT = "0123456789ab"


def server(*arguments, **options):
    """Runs the built server with these arguments."""
    command = [os.environ["GREENROOM_BIN"], *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, **options)


def shipped():
    """The files and folders that .dockerignore lets through."""
    first, *lines = [line for line in (PROJECT / ".dockerignore").read_text().split("\n") if line and line[0] != "#"]
    assert first == "*" and all(line[0] == "!" for line in lines), ".dockerignore names what is let through, and only that"
    return [line[1:] for line in lines]


def context(into):
    """What a build is handed."""
    for name in shipped():
        source, target = PROJECT / name, into / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("target"))
        else:
            shutil.copy(source, target)


def stages():
    """The Dockerfile's instructions, stage by stage."""
    found = []
    with tempfile.TemporaryDirectory() as scratch:  # the parser may write its file, so it gets a copy
        shutil.copy(DOCKER / "Dockerfile", scratch)
        for step in DockerfileParser(scratch).structure:
            if step["instruction"] == "FROM":
                found.append([])
            elif step["instruction"] != "COMMENT":
                found[-1].append((step["instruction"], step["value"]))
    return found


def copy(value, origin, folder):
    """COPY without a stage: from the context into the stage's folder."""
    *sources, target = value.split()
    for source in sources:
        there, here = origin / source, folder / target
        if there.is_dir():
            shutil.copytree(there, here, dirs_exist_ok=True)
        else:
            if target.endswith("/"):
                here = here / there.name
            here.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(there, here)


def build_stage(root, run, number, earlier=None):
    """Carries a build stage out under `root`. Without `run` its commands are left out, and only what it copies is checked."""
    origin, folder, arguments = root / "context", root, {}
    context(origin)
    for instruction, value in stages()[number]:
        if instruction == "WORKDIR":
            folder = root / value.lstrip("/")
            folder.mkdir(parents=True)
        elif instruction == "ARG":
            arguments[value.split("=")[0]] = COMMIT
        elif instruction == "ENV":
            arguments |= dict([value.split("=")])
        elif instruction == "COPY" and value.startswith("--from="):
            source, target = value.split()[1:]
            if run:
                copy(f"{source.lstrip('/')} {target}", earlier, folder)
        elif instruction == "COPY":
            copy(value, origin, folder)
        elif instruction == "RUN" and run:
            inherited = {name: value for name, value in os.environ.items() if not name.startswith(("CARGO_TARGET", "GREENROOM"))}
            subprocess.run(["sh", "-ec", value], cwd=folder, env=inherited | arguments, check=True)
    return folder


def check_image(run):
    """What the last stage takes from the one before is there, and does what the image asks of it."""
    with tempfile.TemporaryDirectory(prefix="greenroom-image-") as scratch:
        client, program = Path(scratch) / "client", Path(scratch) / "program"
        build_stage(client, run, 0)
        folder = build_stage(program, run, 1, client)
        members = tomllib.loads((folder / "Cargo.toml").read_text())["workspace"]["members"]
        missing = [member for member in members if not (folder / member / "Cargo.toml").is_file()]
        assert not missing, f"no build without the manifests of {missing}"
        taken = [value.split()[-2] for instruction, value in stages()[2] if instruction == "COPY"]
        assert taken == ["/src/greenroom", "/src/data"], taken
        if run:
            assert (folder / "data").is_dir()
            version = subprocess.run([folder / "greenroom", "--version"], capture_output=True, text=True, check=True)
            assert COMMIT in version.stdout, version.stdout
            print(f"built by hand: {version.stdout.strip()}, {(folder / 'greenroom').stat().st_size >> 20} MiB")
    healthcheck = dict(stages()[2])["HEALTHCHECK"]
    command = yaml.safe_load(healthcheck[healthcheck.index("[") :])
    assert command == [PROGRAM, "health"] and server("health", "--help").returncode == 0


def filled_in(value):
    """A value as compose reads it, where only what it asks for is set, to a text of letters and digits."""
    value = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value)
    return re.sub(r"\$\{\w+:\?[^}]*\}", "a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6q7r8", value)


def settings_are_right(values):
    """A start with this environment would find its settings in order."""
    checked = server("config", "check", env=os.environ | values)
    assert checked.returncode == 0, checked.stderr


def check_compose(name):
    """All that a compose file mounts or builds from is in the project, and all settings are known."""
    compose = yaml.safe_load((DOCKER / name).read_text())
    named = [mount.split(":")[0] for service in compose["services"].values() for mount in service.get("volumes", [])]
    missing = [path for path in named if path.startswith(".") and not (DOCKER / path).is_file()]
    assert not missing, f"{name} mounts what is not there: {missing}"
    undeclared = [volume for volume in named if not volume.startswith(".") and volume not in compose["volumes"]]
    assert not undeclared, f"{name} names volumes that it does not declare: {undeclared}"
    servers = {key: service for key, service in compose["services"].items() if key.startswith("greenroom")}
    for greenroom in servers.values():
        build = greenroom["build"]
        assert (DOCKER / build["context"] / build["dockerfile"]).resolve() == DOCKER / "Dockerfile"
        settings_are_right({key: filled_in(value) for key, value in greenroom["environment"].items()})
    return servers


def check_cluster():
    """Nodes have the same settings but for their names, and those who lead to them know them all."""
    nodes = check_compose("compose.cluster.yaml")
    apart = [{key: value for key, value in node["environment"].items() if not key.endswith("__NAME")} for node in nodes.values()]
    assert len(nodes) == 3 and all(settings == apart[0] for settings in apart), "nodes differ by more than their names"
    assert [node["environment"]["GREENROOM__CLUSTER__NAME"] for node in nodes.values()] == list(nodes)
    proxied = re.findall(r"^ +server \S+ ([\w-]+):8080 cookie", (CLUSTER / "haproxy.cfg").read_text(), re.MULTILINE)
    assert proxied == list(nodes), proxied
    traefik = yaml.safe_load((CLUSTER / "traefik.yml").read_text())["http"]
    assert all(router["service"] in traefik["services"] for router in traefik["routers"].values())
    check_kubernetes()


def check_kubernetes():
    """The manifests agree with one another, and their settings are known."""
    manifests = {one["kind"]: one for one in yaml.safe_load_all((CLUSTER / "kubernetes.yaml").read_text())}
    pod = manifests["Deployment"]["spec"]["template"]
    labels = pod["metadata"]["labels"]
    for kind in ("Service", "Deployment", "PodDisruptionBudget"):
        selector = manifests[kind]["spec"]["selector"]
        assert selector.get("matchLabels", selector) == labels, kind
    (container,) = pod["spec"]["containers"]
    ports = {port["name"] for port in container["ports"]}
    assert {container[probe]["httpGet"]["port"] for probe in ("livenessProbe", "readinessProbe")} <= ports
    assert manifests["Service"]["spec"]["ports"][0]["targetPort"] in ports
    volumes = {volume["name"] for volume in pod["spec"]["volumes"]}
    assert {mount["name"] for mount in container["volumeMounts"]} <= volumes
    brought = {
        "nats-url": "nats://greenroom:a1b2c3@nats:4222",
        "database-url": "postgres://greenroom:a1b2c3@postgres/greenroom",
    }
    random = "Zm9yIGEgY2hlY2sgb2YgbWFuaWZlc3RzLCBhbmQgbm90aGluZyBlbHNlIQ"
    taken = lambda source: brought.get(source["secretKeyRef"]["key"], random) if "secretKeyRef" in source else "greenroom-0"
    settings_are_right({one["name"]: one["value"] if "value" in one else taken(one["valueFrom"]) for one in container["env"]})


def check_unit(unit):
    """The commands of a unit are those of the server, with settings that are right."""
    commands = [line.split("=", 1)[1] for line in unit.read_text().split("\n") if line.startswith(("ExecStart=", "ExecReload="))]
    ours = [shlex.split(command)[1:] for command in commands if command.startswith(PROGRAM)]
    assert [arguments[2:] for arguments in ours] == [["serve"], ["config", "check"]], ours
    secrets = {"GREENROOM__MAIL__SMTP_URL": "smtps://user:secret@mail.example.org"}
    for arguments in ours:
        assert arguments[:2] == ["--config", "/etc/greenroom/greenroom.toml"], arguments
        production = ["--config", str(PROJECT / "config" / "production.toml")]
        # A server that were started would not come back: that its words are known is enough.
        asked = arguments[2:] if arguments[2:] != ["serve"] else ["serve", "--help"]
        checked = server(*production, *asked, env=os.environ | secrets)
        assert checked.returncode == 0, checked.stderr


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", action="store_true", help="carry out the Dockerfile's build stage")
    wanted = parser.parse_args()
    check_image(wanted.build)
    check_compose("compose.yaml")
    check_cluster()
    for unit in UNITS:
        check_unit(unit)
    print("what is shipped is as it should be" + ("" if wanted.build else "; NOT BUILT: the image, for which see --build"))
    sys.exit(0)
