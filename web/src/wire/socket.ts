/** The socket: opens, asks, and tells what it hears. The only file that names socket.io-client. */
import { io, type Socket } from "socket.io-client";
import type { Refusal } from "../model/intent.ts";
import type { Person } from "../model/model.ts";
import { decode, type Heard } from "./decode.ts";
import { refusalOf } from "./refusal.ts";
import { type Fields, fields } from "./shapes.ts";

export type Answer = { readonly ok: true; readonly body: Fields } | { readonly ok: false; readonly refusal: Refusal };

/** Who listens to a socket. */
export interface Listener {
  heard(heard: Heard): void;
  opened(): void;
  /** It could not open, or it closed. */
  closed(): void;
  /** Somebody must look at this, and nobody needs to do anything. */
  strange(error: unknown): void;
}

export interface Wire {
  open(): void;
  close(): void;
  readonly isOpen: boolean;
  ask(event: string, payload: object, milliseconds?: number): Promise<Answer>;
}

const PATIENCE = 10_000;

export class SocketWire implements Wire {
  readonly #socket: Socket;

  constructor(listener: Listener, me: () => Person | undefined) {
    this.#socket = io({ autoConnect: false, reconnection: false, withCredentials: true, timeout: PATIENCE });
    this.#socket.on("connect", () => listener.opened());
    this.#socket.on("connect_error", () => listener.closed());
    this.#socket.on("disconnect", () => listener.closed());
    this.#socket.onAny((event: string, payload: unknown) => {
      try {
        const heard = decode(event, payload, me(), Date.now());
        if (heard !== undefined) listener.heard(heard);
      } catch (error) {
        listener.strange(error);
      }
    });
  }

  get isOpen(): boolean {
    return this.#socket.connected;
  }

  open(): void {
    this.#socket.connect();
  }

  close(): void {
    this.#socket.disconnect();
  }

  async ask(event: string, payload: object, milliseconds = PATIENCE): Promise<Answer> {
    if (!this.#socket.connected) return { ok: false, refusal: { code: "offline", message: "" } };
    try {
      const body = fields(await this.#socket.timeout(milliseconds).emitWithAck(event, payload));
      return body["Ok"] === true ? { ok: true, body } : { ok: false, refusal: refusalOf(body) };
    } catch {
      return { ok: false, refusal: { code: this.#socket.connected ? "timeout" : "offline", message: "" } };
    }
  }
}
