// A database of a test's own, on the server that GREENROOM_TEST_DATABASE names.
import { randomUUID } from "node:crypto";

import { MariaDb } from "./mariadb.mjs";
import { Postgres } from "./postgres.mjs";
import { query } from "./private.mjs";

const { GREENROOM_TEST_DATABASE: SERVER } = process.env;

/// An empty database, which `drop` removes. Without a server nothing: then a server under test keeps a SQLite file.
export async function scratch() {
  if (!SERVER) return undefined;
  const name = `t_${randomUUID().replaceAll("-", "")}`;
  const Kind = SERVER.startsWith("postgres") ? Postgres : MariaDb;
  await query(Kind, SERVER, `CREATE DATABASE ${name}`);
  return { url: `${SERVER}/${name}`, drop: () => query(Kind, SERVER, Kind.drop(name)) };
}
