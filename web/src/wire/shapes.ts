/** Reads single fields of payloads. A field that is not what it should be is an error with a name. */

export type Fields = Readonly<Record<string, unknown>>;

/** A payload that is not what the contract says. */
export class Malformed extends Error {
  override readonly name = "Malformed";
}

export function fields(value: unknown): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Malformed("not an object");
  return value as Fields;
}

export function text(from: Fields, name: string): string {
  const value = from[name];
  if (typeof value !== "string") throw new Malformed(`${name} is not a text`);
  return value;
}

export function textIf(from: Fields, name: string): string | undefined {
  const value = from[name];
  return value === undefined || value === null ? undefined : text(from, name);
}

export function count(from: Fields, name: string): number {
  const value = from[name];
  if (typeof value !== "number" || !Number.isFinite(value)) throw new Malformed(`${name} is not a number`);
  return value;
}

export function countIf(from: Fields, name: string): number | undefined {
  const value = from[name];
  return value === undefined || value === null ? undefined : count(from, name);
}

export function flag(from: Fields, name: string): boolean {
  return from[name] === true;
}

export function list<T>(from: Fields, name: string, read: (row: Fields) => T): T[] {
  const value = from[name];
  if (!Array.isArray(value)) throw new Malformed(`${name} is not a list`);
  return value.map((row) => read(fields(row)));
}

export function listIf<T>(from: Fields, name: string, read: (row: Fields) => T): T[] | undefined {
  return from[name] === undefined || from[name] === null ? undefined : list(from, name, read);
}

export function texts(from: Fields, name: string): string[] {
  const value = from[name];
  if (!Array.isArray(value) || !value.every((one) => typeof one === "string"))
    throw new Malformed(`${name} is not a list of texts`);
  return value;
}

export function textsIf(from: Fields, name: string): string[] | undefined {
  return from[name] === undefined || from[name] === null ? undefined : texts(from, name);
}

export function fieldsIf(from: Fields, name: string): Fields | undefined {
  return from[name] === undefined || from[name] === null ? undefined : fields(from[name]);
}

/** An object without what is undefined, so that fields are there or not. */
export function some<T extends object>(all: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
