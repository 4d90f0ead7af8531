import { messageOf } from "@plimsoll/kube";
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { releaseIndex, type Release, type ReleaseIndex } from "./release-index.ts";
import { isSigned } from "./signature.ts";

/** Why the releases couldn't be had; the reason is one word, for the condition. */
export class ReleaseError extends Error {
  readonly reason: "IndexUnreachable" | "BadSignature" | "BadIndex" | "IndexExpired" | "IndexTooOld" | "ChartUnreachable" | "BadChart";

  constructor(reason: ReleaseError["reason"], message: string) {
    super(message);
    this.name = "ReleaseError";
    this.reason = reason;
  }
}

export interface Source {
  index: string;
  publicKeys: readonly string[];
  /** Of the newest list that was ever seen. */
  serial: number;
  /** Milliseconds since 1970. */
  now: number;
  signal: AbortSignal;
}

const most = { index: 1 << 20, signature: 1 << 10, chart: 10 << 20 };

/** Milliseconds for one file. */
const patience = 60_000;

/** Milliseconds until the list is read once more where its signature is not: between the two of a new list lies a moment. */
const again = 2_000;

/** The list of releases, once it is known to be signed, no older than the last that was seen, and not expired. Throws a ReleaseError. */
export async function fetchIndex(source: Source): Promise<ReleaseIndex> {
  const { index: url, publicKeys, serial, now } = source;
  let bytes = await signed(source);
  if (bytes === undefined) {
    await sleep(again, undefined, { signal: source.signal });
    bytes = await signed(source);
  }
  const index = parsed(bytes);
  if (index.serial < serial)
    throw new ReleaseError(
      "IndexTooOld",
      `${url} has the serial ${index.serial}, and one with ${serial} was seen before: it is not the newest`,
    );
  if (Date.parse(index.expires) <= now)
    throw new ReleaseError("IndexExpired", `${url} has expired at ${index.expires}: a newer one has to be published`);
  return index;

  function parsed(bytes: Buffer | undefined): ReleaseIndex {
    if (bytes === undefined)
      throw new ReleaseError(
        "BadSignature",
        `${url} is not signed by ${publicKeys.length === 1 ? "the key" : "any of the keys"} in publicKeys`,
      );
    try {
      return releaseIndex.parse(JSON.parse(bytes.toString("utf8")));
    } catch (error) {
      throw new ReleaseError("BadIndex", `${url} is signed, but no list of releases as this version reads it: ${messageOf(error)}`);
    }
  }
}

/** The list's bytes; undefined where the signature isn't theirs. */
async function signed({ index: url, publicKeys, signal }: Source): Promise<Buffer | undefined> {
  const bytes = await fetched(url, most.index, "IndexUnreachable", signal);
  const signature = await fetched(`${url}.sig`, most.signature, "IndexUnreachable", signal);
  return isSigned(bytes, signature.toString("latin1"), publicKeys) ? bytes : undefined;
}

/** A release's chart, once it is known to be the one that the list names. Throws a ReleaseError. */
export async function fetchChart({ chart }: Pick<Release, "chart">, signal: AbortSignal): Promise<Buffer> {
  const bytes = await fetched(chart.url, most.chart, "ChartUnreachable", signal);
  const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  if (digest !== chart.digest)
    throw new ReleaseError("BadChart", `${chart.url} has the digest ${digest}, and the list says ${chart.digest}`);
  return bytes;
}

async function fetched(url: string, limit: number, reason: ReleaseError["reason"], signal: AbortSignal): Promise<Buffer> {
  const late = AbortSignal.timeout(patience);
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, late]) });
    if (!response.ok || response.body === null)
      throw new ReleaseError(reason, `${url}: the answer is ${response.status} ${response.statusText}`.trim());
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of response.body) {
      size += chunk.length;
      if (size > limit) throw new ReleaseError(reason, `${url}: is larger than ${limit} bytes`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ReleaseError) throw error;
    throw new ReleaseError(reason, `${url}: ${late.aborted ? `no whole answer within ${patience / 1_000} s` : causeOf(error)}`);
  }
}

/** What fetch says is always "fetch failed"; the cause stands behind it. */
function causeOf(error: unknown): string {
  return messageOf(error instanceof Error && error.cause !== undefined ? error.cause : error);
}
