// Python with what the service needs. `npm test` installs it beforehand, because no test is to wait for that.
import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

/// Why there can be no such service here, if so.
export function missing() {
  try {
    execFileSync("python3", ["-c", "import ensurepip, venv"], { stdio: "ignore" });
    return undefined;
  } catch {
    return "NOT TESTED: no python3 with pip and venv is installed";
  }
}

/// A virtual environment in the user's cache, named after the requirements it was made from.
export async function python() {
  const requirements = fileURLToPath(new URL("requirements.txt", import.meta.url));
  const { stdout: version } = await run("python3", ["--version"]);
  const key = createHash("sha256").update(version).update(readFileSync(requirements)).digest("hex").slice(0, 16);
  const home = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "greenroom", `s3-${key}`);
  if (!existsSync(join(home, "complete"))) {
    await run("python3", ["-m", "venv", "--clear", home]);
    await run(join(home, "bin", "pip"), ["install", "--quiet", "--requirement", requirements]);
    writeFileSync(join(home, "complete"), "");
  }
  return join(home, "bin", "python");
}

if (process.argv[1] === fileURLToPath(import.meta.url) && !missing()) await python();
