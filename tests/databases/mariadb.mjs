// MariaDB, private to the tests.
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { PrivateServer } from "./private.mjs";

export class MariaDb extends PrivateServer {
  static NAME = "MariaDB";
  static PROGRAMS = ["mariadb-install-db", "mariadbd", "mariadb", "mariadb-dump"];
  static FOLDERS = ["/usr/sbin"];
  static READY = /ready for connections/;
  static SIGNAL = "SIGKILL";

  /// The words before a statement that is to be run on the server at `url`.
  static client({ hostname, port, username }) {
    return ["mariadb", "--no-defaults", `--host=${hostname}`, `--port=${port}`, `--user=${username}`, "--execute"];
  }

  /// The statement that removes a database, whoever is connected to it.
  static drop(name) {
    return `DROP DATABASE IF EXISTS ${name}`;
  }

  /// Without the name of a database.
  get url() {
    return `mysql://greenroom@127.0.0.1:${this.port}`;
  }

  make() {
    // One statement a line.
    writeFileSync(this.#users, "CREATE USER IF NOT EXISTS greenroom;\nGRANT ALL ON *.* TO greenroom;\n", { mode: 0o644 });
    const empty = ["--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve"];
    return this.run("mariadb-install-db", "--no-defaults", `--datadir=${this.data}`, ...empty, ...this.#fast);
  }

  /// Its own defaults otherwise: the server brings what it needs, whatever the character set here.
  get serving() {
    const place = [`--datadir=${this.data}`, `--socket=${join(this.home, "socket")}`, `--pid-file=${join(this.home, "pid")}`];
    const net = ["--bind-address=127.0.0.1", `--port=${this.port}`, "--skip-name-resolve", "--max-connections=300"];
    return ["mariadbd", "--no-defaults", ...place, ...net, ...this.#fast, `--init-file=${this.#users}`];
  }

  /// What was committed survives the end of its process, as tests want it, and not the end of the machine.
  get #fast() {
    return ["--innodb-flush-log-at-trx-commit=2", "--innodb-flush-method=nosync", "--innodb-doublewrite=0"];
  }

  get #users() {
    return join(this.home, "users.sql");
  }
}
