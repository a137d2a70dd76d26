// PNG files made and read by hand, chunk by chunk.
import { deflateSync, inflateSync } from "node:zlib";

const SIGNATURE = Buffer.from("89504e470d0a1a0a", "hex");
const RGBA = 6;

/// The check sum of a chunk.
function crc32(data) {
  let sum = ~0;
  for (const byte of data) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}

export function chunk(type, data = Buffer.alloc(0)) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

export function header(width, height) {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width, 0);
  data.writeUInt32BE(height, 4);
  data.set([8, RGBA, 0, 0, 0], 8);
  return chunk("IHDR", data);
}

/// The pixels of a picture as they are packed: `pixel(x, y)` is [red, green, blue, alpha].
export function pixels(width, height, pixel) {
  const rows = Array.from({ length: height }, (_, y) => [0, ...Array.from({ length: width }, (_, x) => pixel(x, y)).flat()]);
  return deflateSync(Buffer.from(rows.flat()));
}

export const RED = [255, 0, 0, 255];
export const BLUE = [0, 0, 255, 255];
export const GLASS = [0, 0, 255, 128];

/// A picture whose left half is red and whose right half is of another colour, with more chunks before its pixels and after them.
export function png(width, height, { right = BLUE, before = [], behind = [], end = Buffer.alloc(0) } = {}) {
  const data = pixels(width, height, (x) => (x < width / 2 ? RED : right));
  return Buffer.concat([SIGNATURE, header(width, height), ...before, chunk("IDAT", data), ...behind, chunk("IEND"), end]);
}

/// A picture that says how large it is and has no pixels.
export const empty = (width, height) => Buffer.concat([SIGNATURE, header(width, height), chunk("IDAT", deflateSync(Buffer.alloc(9))), chunk("IEND")]);

/// The chunks of a file as [type, data], and what stands behind them.
export function chunks(file) {
  const found = [];
  let at = SIGNATURE.length;
  while (at + 12 <= file.length && found.at(-1)?.[0] !== "IEND") {
    const length = file.readUInt32BE(at);
    found.push([file.toString("latin1", at + 4, at + 8), file.subarray(at + 8, at + 8 + length)]);
    at += length + 12;
  }
  return { found, rest: file.subarray(at) };
}

export function size(file) {
  return { Width: file.readUInt32BE(16), Height: file.readUInt32BE(20) };
}

/// What a byte before a pixel of the row says of how the row was written, undone.
const UNDONE = [
  () => 0,
  (left) => left,
  (left, above) => above,
  (left, above) => (left + above) >> 1,
  (left, above, corner) => {
    const [a, b, c] = [Math.abs(above - corner), Math.abs(left - corner), Math.abs(left + above - 2 * corner)];
    return a <= b && a <= c ? left : b <= c ? above : corner;
  },
];

/// The pixels of a file of eight bits with alpha, as rows of [red, green, blue, alpha].
export function decoded(file) {
  const { Width, Height } = size(file);
  if (file[24] !== 8 || file[25] !== RGBA) throw new Error(`${file[24]} bits of colour type ${file[25]}`);
  const parts = chunks(file).found.filter(([type]) => type === "IDAT");
  const data = inflateSync(Buffer.concat(parts.map(([, part]) => part)));
  const stride = Width * 4;
  let above = Buffer.alloc(stride);
  return Array.from({ length: Height }, (_, y) => {
    const start = y * (stride + 1);
    const row = Buffer.from(data.subarray(start + 1, start + 1 + stride));
    const undo = UNDONE[data[start]];
    for (let x = 0; x < stride; x += 1) row[x] += x < 4 ? undo(0, above[x], 0) : undo(row[x - 4], above[x], above[x - 4]);
    above = row;
    return Array.from({ length: Width }, (_, x) => [...row.subarray(4 * x, 4 * x + 4)]);
  });
}
