// What cameras and programs leave in pictures beside the picture: places, names, times. Each kind of file has its own places for it.
import { chunk, chunks } from "./png.mjs";

/// Nothing of this may be left.
export const NEEDLE = "NEEDLE-52.5163N-13.3777E";
const TURNED = 6;

const number = (size, value, write = "writeUInt32BE") => {
  const bytes = Buffer.alloc(size);
  bytes[write](value);
  return bytes;
};

/// Exif of a camera that was held upright, so that the picture lies on its side, with its maker and the place.
export function exif(orientation = TURNED) {
  const entry = (tag, type, count, value) => Buffer.concat([number(2, tag, "writeUInt16BE"), number(2, type, "writeUInt16BE"), number(4, count), value]);
  const place = Buffer.from(`${NEEDLE}\0`);
  const after = 8 + 2 + 3 * 12 + 4;
  const gps = after + place.length + 1;
  const first = [
    entry(0x010f, 2, place.length, number(4, after)),
    entry(0x0112, 3, 1, Buffer.concat([number(2, orientation, "writeUInt16BE"), Buffer.alloc(2)])),
    entry(0x8825, 4, 1, number(4, gps)),
  ];
  const position = [entry(0x0001, 2, 2, Buffer.from("N\0\0\0")), entry(0x001d, 2, place.length, number(4, gps + 2 + 2 * 12 + 4))];
  return Buffer.concat([
    Buffer.from("MM\0*"), number(4, 8), number(2, 3, "writeUInt16BE"), ...first, number(4, 0), place, Buffer.alloc(1),
    number(2, 2, "writeUInt16BE"), ...position, number(4, 0), place,
  ]);
}

/// The orientation that an Exif block tells: 1 if it tells none.
export function orientation(block) {
  const little = block.toString("latin1", 0, 2) === "II";
  const short = (at) => (little ? block.readUInt16LE(at) : block.readUInt16BE(at));
  const start = little ? block.readUInt32LE(4) : block.readUInt32BE(4);
  for (let n = 0; n < short(start); n += 1) {
    const at = start + 2 + 12 * n;
    if (short(at) === 0x0112) return short(at + 8);
  }
  return 1;
}

const XMP = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description>${NEEDLE}</rdf:Description></rdf:RDF></x:xmpmeta>`;

/// A segment of a JPEG.
const segment = (marker, ...parts) => {
  const data = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return Buffer.concat([Buffer.from([0xff, marker]), number(2, data.length + 2, "writeUInt16BE"), data]);
};

/// A colour profile as far as a program that passes it on looks at it.
export const PROFILE = (() => {
  const bytes = Buffer.alloc(128 + 4, 0);
  bytes.writeUInt32BE(bytes.length, 0);
  bytes.write("acsp", 36);
  bytes.write("mntrRGB XYZ ", 12);
  return bytes;
})();

/// A JPEG with Exif, XMP, a comment, IPTC, a profile, an unknown segment, Adobe's segment, and something behind its end.
export function tracedJpeg(plain) {
  const segments = [
    segment(0xe1, "Exif\0\0", exif()),
    segment(0xe1, "http://ns.adobe.com/xap/1.0/\0", XMP),
    segment(0xe2, "ICC_PROFILE\0\x01\x01", PROFILE),
    segment(0xed, "Photoshop 3.0\0", NEEDLE),
    segment(0xe7, NEEDLE),
    segment(0xee, "Adobe", Buffer.from([0, 100, 0, 0, 0, 0, 1])),
    segment(0xfe, NEEDLE),
  ];
  return Buffer.concat([plain.subarray(0, 2), ...segments, plain.subarray(2), Buffer.from(NEEDLE)]);
}

/// The segments of a JPEG before its pixels as [marker, data], its pixels, and what stands behind its end.
export function segments(file) {
  const found = [];
  let at = 2;
  while (file[at + 1] !== 0xda) {
    const length = file.readUInt16BE(at + 2);
    found.push([file[at + 1], file.subarray(at + 4, at + 2 + length)]);
    at += 2 + length;
  }
  const end = file.indexOf(Buffer.from([0xff, 0xd9]), at) + 2;
  return { found, scan: file.subarray(at, end), rest: file.subarray(end) };
}

/// A PNG's chunks of the same kind, for its front and its back.
export const tracedPng = {
  before: [
    chunk("gAMA", number(4, 45_455)),
    chunk("eXIf", exif()),
    chunk("tEXt", Buffer.from(`Comment\0${NEEDLE}`)),
    chunk("iTXt", Buffer.from(`XML:com.adobe.xmp\0\0\0\0\0${XMP}`)),
    chunk("tIME", Buffer.from([7, 232, 1, 2, 3, 4, 5])),
    chunk("quIz", Buffer.from(NEEDLE)),
  ],
  behind: [chunk("tEXt", Buffer.from(`Author\0${NEEDLE}`))],
  end: Buffer.from(NEEDLE),
};

/// A GIF with a comment, a note of some program, and something behind its end.
export function tracedGif(plain) {
  const block = Buffer.concat([Buffer.from([NEEDLE.length]), Buffer.from(NEEDLE), Buffer.from([0])]);
  const comment = Buffer.concat([Buffer.from([0x21, 0xfe]), block]);
  const note = Buffer.concat([Buffer.from([0x21, 0xff, 11]), Buffer.from("XMP DataXMP"), block]);
  return Buffer.concat([plain.subarray(0, -1), comment, note, plain.subarray(-1), Buffer.from(NEEDLE)]);
}

const part = (type, data) => {
  const size = number(4, data.length, "writeUInt32LE");
  return Buffer.concat([Buffer.from(type), size, data, Buffer.alloc(data.length % 2)]);
};

/// A WebP with a profile, Exif, XMP, an unknown part, and something behind its end.
export function tracedWebp(plain, width, height, alpha) {
  const flags = Buffer.from([0x20 | 0x08 | 0x04 | (alpha ? 0x10 : 0), 0, 0, 0]);
  const bounds = Buffer.alloc(6);
  bounds.writeUIntLE(width - 1, 0, 3);
  bounds.writeUIntLE(height - 1, 3, 3);
  const parts = [
    part("VP8X", Buffer.concat([flags, bounds])),
    part("ICCP", PROFILE),
    plain.subarray(12),
    part("EXIF", exif()),
    part("XMP ", Buffer.from(XMP)),
    part("quiz", Buffer.from(NEEDLE)),
  ];
  const body = Buffer.concat([Buffer.from("WEBP"), ...parts]);
  return Buffer.concat([Buffer.from("RIFF"), number(4, body.length, "writeUInt32LE"), body, Buffer.from(NEEDLE)]);
}

/// The parts of a WebP as [type, data], and what stands behind its end.
export function parts(file) {
  const found = [];
  const end = 8 + file.readUInt32LE(4);
  for (let at = 12; at < end; ) {
    const length = file.readUInt32LE(at + 4);
    found.push([file.toString("latin1", at, at + 4), file.subarray(at + 8, at + 8 + length)]);
    at += 8 + length + (length % 2);
  }
  return { found, rest: file.subarray(end) };
}

/// Whether nothing is left of what was planted.
export const clean = (file) => !file.includes(NEEDLE) && !file.includes(NEEDLE.slice(0, 6));

/// How a picture is turned, and whether its profile is there.
export function kept(type, file) {
  const blocks = {
    "image/jpeg": () => segments(file).found.map(([marker, data]) => [marker === 0xe1 ? "exif" : marker === 0xe2 ? "profile" : "", data]),
    "image/png": () => chunks(file).found.map(([name, data]) => [name === "eXIf" ? "exif" : name === "iCCP" ? "profile" : "", data]),
    "image/webp": () => parts(file).found.map(([name, data]) => [name === "EXIF" ? "exif" : name === "ICCP" ? "profile" : "", data]),
  }[type]();
  const block = blocks.find(([name]) => name === "exif")?.[1];
  const bare = block?.toString("latin1", 0, 6) === "Exif\0\0" ? block.subarray(6) : block;
  return { Orientation: bare ? orientation(bare) : 1, Profile: blocks.find(([name]) => name === "profile")?.[1] };
}
