import { messageOf } from "@plimsoll/kube/message";
import { execFile } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { UsageError } from "../../failure.ts";
import { readSource } from "../../source-text.ts";
import { rendered } from "./rendered.ts";

/** A text that may hold roles, read when it is asked for. */
export interface Text {
  source: string;
  read: () => Promise<string>;
}

/**
 * The texts of an argument: of a folder, its YAML and JSON files that may hold roles or bindings, and what its charts and kustomizations render to, which
 * nothing below is read beside. Hidden folders and node_modules are left out. Throws a UsageError for a folder without any.
 */
export async function textsOf(source: string): Promise<Text[]> {
  if (source === "-" || !isFolder(source)) return [{ source, read: () => readText(source) }];
  const texts = await within(source);
  if (texts.length === 0)
    throw new UsageError(`${source}: is a folder without roles and bindings: no YAML or JSON file, chart or kustomization there has any`);
  return texts;
}

/** What can't be looked at is told when it is read. */
function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

async function readText(source: string): Promise<string> {
  try {
    return await readSource(source);
  } catch (error) {
    // What stands there is a role's name, most often, as kubectl takes it.
    if (!(error instanceof UsageError) || !/^\w[\w:-]*$/.test(source) || existsSync(source)) throw error;
    throw new UsageError(`${error.message}; for a role of the cluster, write clusterrole/${source} or role/${source}`);
  }
}

/** Whether a file is one that kustomize builds what is beside it by. */
export function isKustomization(path: string): boolean {
  return kustomizations.has(basename(path));
}

const kustomizations = new Set(["kustomization.yaml", "kustomization.yml", "Kustomization"]);

async function within(folder: string): Promise<Text[]> {
  const entries = (await readdir(folder, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
  const chart = entries.find(({ name }) => name === "Chart.yaml");
  if (chart !== undefined) {
    // A library's templates are rendered with the charts that use it.
    if (/^type:\s*["']?library/m.test(await readFile(join(folder, chart.name), "utf8"))) return [];
    return [{ source: join(folder, chart.name) + rendered, read: () => output(folder, [["helm", "template", folder]]) }];
  }
  const kustomization = entries.find(({ name }) => kustomizations.has(name));
  if (kustomization !== undefined) {
    // A component is built with the kustomizations that use it.
    if (/^kind:\s*["']?Component/m.test(await readFile(join(folder, kustomization.name), "utf8"))) return [];
    const ways: [string, ...string[]][] = [
      ["kustomize", "build", folder],
      ["kubectl", "kustomize", folder],
    ];
    return [{ source: join(folder, kustomization.name) + rendered, read: () => output(folder, ways) }];
  }
  const texts: Text[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !entry.name.startsWith(".") && entry.name !== "node_modules") texts.push(...(await within(path)));
    if (!entry.isFile() || !/\.(ya?ml|json)$/.test(entry.name)) continue;
    // What is UTF-16 is refused when it is read, not passed over.
    if (mayHoldRoles.test((await readFile(path, "utf8")).replaceAll("\0", ""))) texts.push({ source: path, read: () => readSource(path) });
  }
  return texts;
}

const mayHoldRoles =
  /\bkind["']?\s*:\s*["']?((Cluster)?Role(Binding)?(List)?|List|ClusterServiceVersion|Namespace|ServiceAccount|CustomResourceDefinition|Template)\b/;

/** What the first of some programs prints that is installed. */
async function output(folder: string, ways: readonly (readonly [string, ...string[]])[]): Promise<string> {
  for (const [program, ...args] of ways) {
    try {
      const { stdout } = await promisify(execFile)(program, args, { maxBuffer: 256 << 20 });
      return stdout;
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") continue;
      const told = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : messageOf(error);
      throw new UsageError(`${folder}: ${[program, ...args].join(" ")} failed: ${told.replaceAll(/\s*\n\s*/g, " ")}`);
    }
  }
  const names = ways.map(([program]) => program).join(" nor ");
  const [command = []] = ways;
  throw new UsageError(
    `${folder}: to render it, ${ways.length > 1 ? "neither " : "no "}${names} is installed here; elsewhere: ${command.join(" ")} | plimsoll permissions risks -`,
  );
}
