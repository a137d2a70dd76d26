// PostgreSQL, private to the tests.
import { readdirSync } from "node:fs";
import { join } from "node:path";

import { PrivateServer } from "./private.mjs";

const DEBIAN = "/usr/lib/postgresql";

export class Postgres extends PrivateServer {
  static NAME = "PostgreSQL";
  static PROGRAMS = ["initdb", "postgres", "psql", "pg_dump", "pg_restore"];
  static FOLDERS = folders();
  static READY = /database system is ready to accept connections/;
  static SIGNAL = "SIGQUIT";

  /// The words before a statement that is to be run on the server at `url`.
  static client({ hostname, port, username }) {
    return ["psql", "--no-psqlrc", "--quiet", `--host=${hostname}`, `--port=${port}`, `--username=${username}`, "--dbname=postgres", "--command"];
  }

  /// The statement that removes a database, whoever is connected to it.
  static drop(name) {
    return `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`;
  }

  /// Without the name of a database.
  get url() {
    return `postgres://greenroom@127.0.0.1:${this.port}`;
  }

  make() {
    // Names are sorted by a language here, as on many servers: what must be sorted by characters has to say so.
    const sorting = ["--encoding=UTF8", "--locale-provider=icu", "--icu-locale=en"];
    return this.run("initdb", "--auth=trust", "--username=greenroom", ...sorting, "--no-sync", "--pgdata", this.data);
  }

  /// What was committed survives the end of its process, as tests want it, and not the end of the machine.
  get serving() {
    const settings = { listen_addresses: "127.0.0.1", port: this.port, unix_socket_directories: this.home, fsync: "off", max_connections: 300 };
    return ["postgres", "-D", this.data, ...Object.entries(settings).flatMap(([key, value]) => ["-c", `${key}=${value}`])];
  }
}

/// The newest first.
function folders() {
  try {
    return readdirSync(DEBIAN).sort((one, other) => other - one).map((version) => join(DEBIAN, version, "bin"));
  } catch {
    return [];
  }
}
