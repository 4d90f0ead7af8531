import { spawn } from "node:child_process";
import { once } from "node:events";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { grants, namespaceOf, unused, type PolicyRule } from "@plimsoll/permissions";
import type { Row } from "../table.ts";
import { auditLog, benchFolder, type GeneratedLog } from "./log.ts";
import { asked } from "./users.ts";

/** A process from its start to its end. */
interface Run {
  /** Seconds. */
  wall: number;
  /** MB (10⁶ bytes). */
  rss: number;
  printed: string;
}

/** What child.ts prints. */
interface Printed {
  events: number;
  matched: number;
  requests: number;
  /** Seconds from the requests to the roles. */
  inferring: number;
  roles: Roles;
}

interface Roles {
  cluster: PolicyRule[];
  namespaces: [string, PolicyRule[]][];
}

/** What it takes to infer a role from a million audit events. */
export async function inference(events = 1_000_000): Promise<Row[]> {
  const log = await auditLog(events);
  // Both into the page cache: the disk is not what is measured.
  const [plainSize, gzippedSize] = [await sizeOf(log.plain), await sizeOf(log.gzipped)];
  // Every start but the first finds its modules compiled.
  await library("/dev/null");
  const one = await library(log.plain, asked);
  const zipped = await library(log.gzipped, asked);
  const everybody = await library(log.plain);
  const command = await run(import.meta.resolve("../../packages/cli/bin/plimsoll.mjs"), [
    "permissions",
    "infer",
    "--audit-log",
    log.plain,
    "--user",
    asked,
    "-o",
    "json",
  ]);
  return [
    ...rows(`infer, ${events} events, ${plainSize} MB, one user with ${log.matched}`, one.run, true),
    ...sizes(one.printed),
    ...exactness(one.printed, log),
    ...rows(`infer, the same gzipped, ${gzippedSize} MB`, zipped.run, true),
    ...exactness(zipped.printed, log),
    ...rows("infer, plain, everybody's requests", everybody.run, false),
    ...sizes(everybody.printed),
    ...rows("plimsoll permissions infer, plain, one user", command, true),
  ];
}

function rows(what: string, { wall, rss }: Run, aimed: boolean): Row[] {
  return [
    { what: `${what}: wall`, value: wall, unit: "s", ...(aimed && { peer: "audit2rbac: 34 s", aim: "< 3.4 s", reached: wall < 3.4 }) },
    { what: "  peak RSS", value: rss, unit: "MB", ...(aimed && { peer: "audit2rbac: 495 MB", aim: "< 150 MB", reached: rss < 150 }) },
  ];
}

function sizes({ requests, inferring, roles }: Printed): Row[] {
  const rules = [roles.cluster, ...roles.namespaces.map(([, rules]) => rules)].flat().length;
  return [
    { what: "  distinct requests, and rules that grant them", value: `${requests}, ${rules}` },
    { what: "  of the wall, from requests to rules", value: inferring, unit: "s" },
  ];
}

/** The roles against what the log's maker knows of the user. */
function exactness({ events, matched, roles }: Printed, log: GeneratedLog): Row[] {
  const ungranted = log.requests.filter(
    (request) =>
      grants([...roles.cluster, ...(roles.namespaces.find(([name]) => name === namespaceOf(request))?.[1] ?? [])], request) === undefined,
  ).length;
  const within = roles.namespaces.flatMap(([name, rules]) =>
    unused(
      rules,
      log.requests.filter((request) => namespaceOf(request) === name),
    ),
  );
  const spare =
    unused(
      roles.cluster,
      log.requests.filter((request) => namespaceOf(request) === undefined),
    ).length + within.length;
  const miscounted = Math.abs(events - log.events) + Math.abs(matched - log.matched);
  return [
    {
      what: "  events miscounted, requests not granted, grants the log doesn't show",
      value: `${miscounted}, ${ungranted}, ${spare}`,
      aim: "0, 0, 0",
      reached: miscounted + ungranted + spare === 0,
    },
  ];
}

async function library(file: string, user?: string): Promise<{ run: Run; printed: Printed }> {
  const measured = await run(import.meta.resolve("./child.ts"), [file, ...(user === undefined ? [] : [user])]);
  return { run: measured, printed: JSON.parse(measured.printed) };
}

async function run(program: string, args: readonly string[]): Promise<Run> {
  const started = performance.now();
  const child = spawn(process.execPath, ["--import", import.meta.resolve("./peak.mjs"), fileURLToPath(program), ...args], {
    stdio: ["ignore", "pipe", "ignore", "pipe"],
    env: { ...process.env, NODE_COMPILE_CACHE: join(benchFolder, "node") },
  });
  const ended = once(child, "exit").then(() => (performance.now() - started) / 1000);
  const told = child.stdio[3];
  if (!(child.stdout instanceof Readable) || !(told instanceof Readable)) throw new TypeError("the child has no pipes");
  const [printed, peak, wall] = await Promise.all([text(child.stdout), text(told), ended]);
  if (child.exitCode !== 0) throw new Error(`${program} ended with ${child.exitCode}`);
  return { wall, rss: Number(peak) / 1e6, printed };
}

/** In MB. */
async function sizeOf(file: string): Promise<number> {
  let bytes = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) bytes += chunk.length;
  return Math.round(bytes / 1e6);
}
