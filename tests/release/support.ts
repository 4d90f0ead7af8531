import { execFile } from "node:child_process";
import { globSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** Runs a program; what it prints, or an Error with what it says on stderr. */
export async function run(
  program: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<string> {
  return (await execute(program, args, options)).stdout;
}

/** An audit log of more than 64 MiB, which is read by several threads, in a folder: ann got pods. */
export function largeLog(folder: string): string {
  const file = join(folder, "audit.log");
  const event = {
    kind: "Event",
    apiVersion: "audit.k8s.io/v1",
    auditID: "1",
    stage: "ResponseComplete",
    requestURI: "/api/v1/pods/web",
    verb: "get",
    user: { username: "ann" },
    userAgent: "x".repeat(50_000),
    objectRef: { resource: "pods" },
    responseStatus: { code: 200 },
  };
  writeFileSync(file, `${JSON.stringify(event)}\n`.repeat(1_500));
  return file;
}

/** A folder that is gone when `end` was called. */
export function temporary(): { folder: string; end: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-release-"));
  return { folder, end: () => rmSync(folder, { recursive: true }) };
}

/** Installs packages of a release into an empty folder, as npm does without their peers. */
export async function install(release: string, names: readonly string[], folder: string): Promise<void> {
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const tarballs = names.map((name) => {
    const [tarball] = globSync(join(release, `plimsoll-${name}-*.tgz`));
    if (tarball === undefined) throw new Error(`the release has no package ${name}`);
    return tarball;
  });
  await run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", "--omit=peer", ...tarballs], { cwd: folder });
}
