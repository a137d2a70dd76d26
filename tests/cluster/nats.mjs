// A NATS server, private to the tests. It keeps nothing.
import { PrivateServer } from "../databases/private.mjs";

export class Nats extends PrivateServer {
  static NAME = "NATS";
  static PROGRAMS = ["nats-server"];
  static FOLDERS = ["/usr/sbin"];
  static READY = /Server is ready/;
  static SIGNAL = "SIGKILL";

  get url() {
    return `nats://127.0.0.1:${this.port}`;
  }

  make() {}

  get serving() {
    return ["nats-server", "--addr", "127.0.0.1", "--port", `${this.port}`];
  }
}
