import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { basename } from "node:path";
import { pipeline } from "node:stream/promises";
import { EnvHttpProxyAgent, interceptors, request, type Dispatcher } from "undici";
import { messageOf } from "@plimsoll/kube";
import { ClusterError } from "../failure.ts";
import type { Asset } from "./release.ts";

export interface DownloadTimeouts {
  /** Milliseconds to connect: a closed network must not be waited for. */
  connect: number;
  /** Milliseconds without the answer's head, or without a further byte. */
  idle: number;
  /** Milliseconds for a whole file. */
  whole: number;
}

/** Downloads with published checksums. A host that could not be reached is not asked again. */
export class Downloads {
  readonly #dispatcher: Dispatcher;
  readonly #agent: EnvHttpProxyAgent;
  readonly #whole: number;
  readonly #unreachable = new Map<string, string>();

  constructor({ connect, idle, whole }: DownloadTimeouts = { connect: 3_000, idle: 15_000, whole: 600_000 }) {
    this.#whole = whole;
    this.#agent = new EnvHttpProxyAgent({ connect: { timeout: connect }, headersTimeout: idle, bodyTimeout: idle });
    this.#dispatcher = this.#agent.compose(interceptors.redirect({ maxRedirections: 5 }));
  }

  /** Writes the asset to `path`, complete and with the right checksum, or throws and leaves nothing there. */
  async fetch(asset: Asset, path: string): Promise<void> {
    const expected = checksumOf(await this.#text(asset.checksumUrl), basename(new URL(asset.url).pathname), asset.checksumUrl);
    try {
      const { body } = await this.#get(asset.url);
      const hash = createHash("sha256");
      body.on("data", (chunk: Buffer) => hash.update(chunk));
      await pipeline(body, createWriteStream(path)).catch((error) => {
        throw new ClusterError(`${asset.url} broke off: ${messageOf(error)}`, { cause: error });
      });
      const actual = hash.digest("hex");
      if (actual !== expected) throw new ClusterError(`${asset.url} has the SHA-256 ${actual}, but ${asset.checksumUrl} says ${expected}`);
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#agent.close();
  }

  async #text(url: string): Promise<string> {
    const { body } = await this.#get(url);
    return body.text().catch((error) => {
      throw new ClusterError(`${url} broke off: ${messageOf(error)}`, { cause: error });
    });
  }

  async #get(url: string) {
    const { host } = new URL(url);
    const reason = this.#unreachable.get(host);
    if (reason !== undefined) throw new ClusterError(`${host} was not reachable (${reason})`);
    const response = await request(url, { dispatcher: this.#dispatcher, signal: AbortSignal.timeout(this.#whole) }).catch((error) => {
      this.#unreachable.set(host, messageOf(error));
      throw new ClusterError(`${host} is not reachable: ${messageOf(error)}`, { cause: error });
    });
    if (response.statusCode === 200) return response;
    await response.body.dump();
    throw new ClusterError(`${url} answered ${response.statusCode}`);
  }
}

function checksumOf(text: string, file: string, origin: string): string {
  const lines = text.split("\n").map((line) => line.trim().split(/\s+\*?/));
  const found = lines.find(([, name]) => name !== undefined && basename(name) === file) ?? lines.find((line) => line.length === 1);
  const sum = found?.[0]?.toLowerCase();
  if (sum === undefined || !/^[0-9a-f]{64}$/.test(sum)) throw new ClusterError(`${origin} holds no SHA-256 of ${file}`);
  return sum;
}
