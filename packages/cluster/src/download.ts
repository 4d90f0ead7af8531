import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { basename } from "node:path";
import { pipeline } from "node:stream/promises";
import { Agent, request } from "undici";

/** How long a server may take, in milliseconds: to be connected to, and between two pieces of an answer. */
export interface Patience {
  connect: number;
  silence: number;
}

export const patience: Patience = { connect: 3_000, silence: 15_000 };

/** Hosts that could not be connected to; they aren't asked again in this process. */
const unreachable = new Set<string>();

/**
 * Downloads a file and compares it with its published SHA-256 (a checksum file, of one or many).
 * Throws an Error that says in a line what went wrong; then nothing is left at `target`.
 */
export async function download(url: string, checksumUrl: string, target: string, { connect, silence }: Patience = patience): Promise<void> {
  const { host } = new URL(url);
  if (unreachable.has(host)) throw new Error(`${host} can't be reached`);
  const dispatcher = new Agent({ connect: { timeout: connect }, headersTimeout: silence, bodyTimeout: silence });
  try {
    const sums = await (await fetchOk(checksumUrl, dispatcher)).text();
    const expected = checksumOf(sums, basename(new URL(url).pathname));
    const body = await fetchOk(url, dispatcher);
    await pipeline(body, createWriteStream(target));
    const actual = createHash("sha256").update(await readFile(target)).digest("hex");
    if (actual !== expected) throw new Error(`${url} has the SHA-256 ${actual}, but ${expected} is published`);
  } catch (error) {
    await rm(target, { force: true });
    if (isUnreachable(error)) unreachable.add(host);
    throw new Error(`${url}: ${reason(error)}`, { cause: error });
  } finally {
    await dispatcher.destroy();
  }
}

async function fetchOk(url: string, dispatcher: Agent): Promise<Awaited<ReturnType<typeof request>>["body"]> {
  let at = url;
  for (let redirects = 0; redirects < 5; redirects += 1) {
    const answer = await request(at, { dispatcher });
    const location = answer.headers["location"];
    if (answer.statusCode >= 300 && answer.statusCode < 400 && typeof location === "string") {
      await answer.body.dump();
      at = new URL(location, at).href;
      continue;
    }
    if (answer.statusCode === 200) return answer.body;
    await answer.body.dump();
    throw new Error(`the server answered ${answer.statusCode}`);
  }
  throw new Error("too many redirections");
}

/** The checksum of one file in a checksum file: a bare sum, or lines of sums and names. */
export function checksumOf(text: string, file: string): string {
  const lines = text.trim().split("\n").map((line) => line.trim().split(/\s+\*?/));
  const [sum] = lines.find(([, name]) => name !== undefined && basename(name) === file) ?? (lines.length === 1 ? (lines[0] ?? []) : []);
  if (sum === undefined || !/^[0-9a-f]{64}$/i.test(sum)) throw new Error(`no SHA-256 of ${file} is published`);
  return sum.toLowerCase();
}

function isUnreachable(error: unknown): boolean {
  return error instanceof Error && "code" in error && ["UND_ERR_CONNECT_TIMEOUT", "ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "ENETUNREACH", "EHOSTUNREACH"].includes(String(error.code));
}

function reason(error: unknown): string {
  const message = error instanceof Error ? error.message || String("code" in error ? error.code : error.name) : String(error);
  return message.split("\n")[0] ?? "";
}
