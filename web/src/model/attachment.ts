/** A file that belongs to a message: what it is, and how it can be shown. */
export interface Attachment {
  readonly id: string;
  readonly name: string;
  /** What its bytes are, as the server found. */
  readonly type: string;
  /** Bytes. */
  readonly size: number;
  /** Pixels, upright. Pictures alone have them. */
  readonly width?: number;
  readonly height?: number;
  /** Seconds, as whoever sent it said. */
  readonly duration?: number;
  readonly blurhash?: string;
  /** Paths on this server. */
  readonly url: string;
  readonly thumbnail?: string;
}

export type Shown = "picture" | "film" | "sound" | "file";

/** What the server takes as pictures. */
export const PICTURES: readonly string[] = ["image/jpeg", "image/png", "image/gif", "image/webp"];
const FILMS = ["video/mp4", "video/webm"];
const SOUNDS = ["audio/mpeg", "audio/mp4", "audio/ogg", "audio/wav", "audio/webm"];

/** How a file is shown. Only what the server sends inline is played. */
export function shownAs({ type, thumbnail }: Attachment): Shown {
  if (thumbnail !== undefined) return "picture";
  if (FILMS.includes(type)) return "film";
  return SOUNDS.includes(type) ? "sound" : "file";
}

/** What people call a kind of file: how its name ends, or else what its bytes are. */
export function kindOf({ name, type }: Attachment): string {
  const ending = /\.([\p{L}\p{N}]{1,5})$/u.exec(name)?.[1];
  return (ending ?? type.split("/")[1] ?? type).toUpperCase();
}

export interface Box {
  readonly width: number;
  readonly height: number;
}

/** The largest a picture is drawn in a conversation, and the least that can be hit. */
const MOST = 320;
const LEAST = 44;

/** The size of a picture in a conversation, known before it is loaded. Never enlarged, but to what can be hit. */
export function boxOf(width = MOST, height = MOST): Box {
  const scale = Math.min(1, MOST / Math.max(width, height, 1));
  const side = (pixels: number) => Math.max(LEAST, Math.round(pixels * scale));
  return { width: side(width), height: side(height) };
}

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";

/** The mean colour of a picture: four digits of its blurhash say it. */
export function colourOf(blurhash: string | undefined): string | undefined {
  const digits = [...(blurhash ?? "").slice(2, 6)].map((one) => DIGITS.indexOf(one));
  if (digits.length < 4 || digits.includes(-1)) return undefined;
  const value = digits.reduce((sum, digit) => sum * 83 + digit, 0);
  return value < 2 ** 24 ? `#${value.toString(16).padStart(6, "0")}` : undefined;
}

/** What stands for a message in one line: its text, or the names of its files. */
export function lineOf(message: { readonly text: string; readonly attachments?: readonly Attachment[] }): string {
  const { text, attachments = [] } = message;
  return text === "" ? attachments.map(({ name }) => name).join(", ") : text;
}

/** A file on its way to the server. */
export interface Upload {
  /** Names it on this device. */
  readonly key: string;
  readonly name: string;
  /** What the browser takes it for. */
  readonly type: string;
  readonly size: number;
  readonly width?: number;
  readonly height?: number;
  /** Seconds. */
  readonly duration?: number;
  /** An address inside of the page that shows it before the server does. */
  readonly preview?: string;
  /** How much is there, from 0 to 1. */
  readonly share: number;
  /** Once it is there. */
  readonly file?: Attachment;
  /** Why it cannot come there. */
  readonly refused?: string;
}
