/** Brings files to the server, a few at a time, and holds their bytes until a message holds them. */
import type { Upload as Waiting } from "../model/attachment.ts";
import { done, type Intent, type Outcome } from "../model/intent.ts";
import type { Id, Model } from "../model/model.ts";
import { newId } from "../model/new-id.ts";
import type { Store } from "../model/store.ts";
import { uploadsOf } from "../model/uploads.ts";
import type { Preview } from "../wire/preview.ts";
import { passes } from "../wire/refusal.ts";
import type { Sent, Upload } from "../wire/upload.ts";
import { type Clock, Pause } from "./ports.ts";

type OfUploads = Extract<Intent, { want: "attach" | "detach" | "attachAgain" | "upload" }>;

/** So many are on their way at once. */
const AT_ONCE = 2;
/** Progress is told in steps of this size: each is drawn. */
const STEP = 0.05;
const LONGEST_NAME = 255;

/** What is needed of the world. */
export interface Ways {
  readonly upload: Upload;
  readonly preview: (bytes: Blob) => Promise<Preview | undefined>;
  readonly forget: (address: string | undefined) => void;
  /** What no message holds can be taken back. */
  readonly remove: (file: Id) => void;
  /** The access of this page may have run out: it is renewed. */
  readonly renew: () => Promise<unknown>;
}

/** Where bytes outlive the page. */
export interface Bytes {
  put(chat: Id, upload: Waiting, bytes: Blob): Promise<void>;
  bytes(key: string): Promise<Blob | undefined>;
  mark(upload: Waiting): Promise<void>;
  remove(key: string): Promise<void>;
}

export class Uploads {
  /** What was chosen on this page. */
  readonly #bytes = new Map<string, Blob>();
  readonly #known = new Map<string, Waiting>();
  readonly #running = new Map<string, AbortController>();
  readonly #pause: Pause;
  #isPausing = false;

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly ways: Ways,
    /** None, where the browser has none to give. */
    private readonly kept: () => Bytes | undefined,
  ) {
    this.#pause = new Pause(clock);
    store.listen((model, _, before) => {
      const isOther = model.trays !== before.trays || model.pending !== before.pending;
      if (isOther || model.current !== before.current) this.#look(model);
    });
    this.#look(store.model);
  }

  async want(intent: OfUploads): Promise<Outcome> {
    switch (intent.want) {
      case "attach":
        await this.#attach(intent.chat, intent.files, intent.most);
        return done();
      case "detach": {
        const file = this.#known.get(intent.key)?.file;
        this.store.tell({ is: "detached", chat: intent.chat, key: intent.key });
        if (file !== undefined) this.ways.remove(file.id);
        return done();
      }
      case "attachAgain":
        this.store.tell({ is: "notUploaded", key: intent.key });
        return done();
      case "upload": {
        const sent = await this.#send(
          { bytes: intent.file, name: nameOf(intent.file) },
          () => undefined,
          new AbortController().signal,
        );
        return sent.ok ? done({ file: sent.file.id }) : sent;
      }
    }
  }

  /** What cannot be read or is too large stands there with its reason. */
  async #attach(chat: Id, files: readonly File[], most: number): Promise<void> {
    const uploads = await Promise.all(
      files.map(async (file): Promise<Waiting> => {
        const key = newId();
        const reason = await hindranceOf(file, most);
        this.#bytes.set(key, file);
        return {
          key,
          name: nameOf(file),
          type: file.type,
          size: file.size,
          share: 0,
          ...(reason === undefined ? await this.ways.preview(file) : { refused: reason }),
        };
      }),
    );
    // What stands there survives a reload.
    const sound = uploads.filter(({ refused }) => refused === undefined);
    await Promise.all(sound.map((one) => this.#keep(chat, one))).catch(() => undefined);
    this.store.tell({ is: "attached", chat, uploads });
  }

  async #keep(chat: Id, upload: Waiting): Promise<void> {
    const bytes = this.#bytes.get(upload.key);
    if (bytes !== undefined) await this.kept()?.put(chat, upload, bytes);
  }

  /** Lets go of what nobody waits for any more, and goes on with what waits. */
  #look(model: Model): void {
    const wanted = new Map(uploadsOf(model).map((one) => [one.key, one]));
    for (const key of [...this.#known.keys()]) if (!wanted.has(key)) this.#drop(key);
    for (const [key, upload] of wanted) this.#known.set(key, upload);
    if (!model.current || this.#isPausing) return;
    for (const upload of wanted.values()) {
      if (this.#running.size >= AT_ONCE) return;
      const isDue = upload.file === undefined && upload.refused === undefined;
      if (isDue && !this.#running.has(upload.key)) void this.#run(upload);
    }
  }

  #drop(key: string): void {
    this.#running.get(key)?.abort();
    this.ways.forget(this.#known.get(key)?.preview);
    this.#known.delete(key);
    this.#bytes.delete(key);
    void this.kept()
      ?.remove(key)
      .catch(() => undefined);
  }

  async #run({ key, name, duration }: Waiting): Promise<void> {
    const call = new AbortController();
    this.#running.set(key, call);
    const bytes =
      this.#bytes.get(key) ??
      (await this.kept()
        ?.bytes(key)
        .catch(() => undefined));
    const isThere = bytes !== undefined && (await isReadable(bytes));
    let told = 0;
    const progress = (share: number) => {
      if (share - told < STEP || !this.#known.has(key)) return;
      told = share;
      this.store.tell({ is: "uploading", key, share });
    };
    const sent = isThere
      ? await this.#send({ bytes, name, ...(duration === undefined ? {} : { duration }) }, progress, call.signal)
      : undefined;
    this.#running.delete(key);
    if (this.#known.has(key)) this.#ended(key, sent);
    else if (sent?.ok === true) this.ways.remove(sent.file.id);
    this.#look(this.store.model);
  }

  #ended(key: string, sent: Sent | undefined): void {
    if (sent === undefined) return this.store.tell({ is: "notUploaded", key, reason: "file_lost" });
    if (sent.ok) {
      this.#pause.reset();
      this.store.tell({ is: "uploaded", key, file: sent.file });
      const upload = this.#known.get(key);
      if (upload !== undefined)
        void this.kept()
          ?.mark(upload)
          .catch(() => undefined);
      return;
    }
    const { refusal } = sent;
    if (!passes(refusal)) return this.store.tell({ is: "notUploaded", key, reason: refusal.code });
    this.#isPausing = true;
    this.clock.after(this.#pause.next(1000 * (refusal.retryAfter ?? 0)), () => {
      this.#isPausing = false;
      this.#look(this.store.model);
    });
  }

  /** Once more with a renewed access, if it had run out. */
  async #send(...file: Parameters<Upload>): Promise<Sent> {
    const sent = await this.ways.upload(...file);
    if (sent.ok || sent.refusal.code !== "file_401") return sent;
    await this.ways.renew();
    return await this.ways.upload(...file);
  }
}

async function hindranceOf(file: File, most: number): Promise<string | undefined> {
  if (file.size > most) return "file_too_large";
  if (!(await isReadable(file))) return "file_lost";
  return file.size === 0 ? "file_empty" : undefined;
}

/** A folder is none, nor is a file that has changed since it was chosen. */
async function isReadable(bytes: Blob): Promise<boolean> {
  return await bytes
    .slice(0, 1)
    .arrayBuffer()
    .then(
      () => true,
      () => false,
    );
}

/** As the server takes names: no way, nothing that does not show, and not too long. Its ending stays. */
function nameOf({ name }: File): string {
  const shown = name.replace(/[\p{Cc}/\\]/gu, "_");
  const letters = [...shown];
  if (letters.length <= LONGEST_NAME) return shown || "file";
  const ending = /\.[^.]{1,16}$/u.exec(shown)?.[0] ?? "";
  return letters.slice(0, LONGEST_NAME - [...ending].length).join("") + ending;
}
