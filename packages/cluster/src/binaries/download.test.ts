import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { Downloads } from "./download.ts";

const content = Buffer.from("a program\n".repeat(10_000));
const sum = createHash("sha256").update(content).digest("hex");

// Where a proxy is set, it stays out of this.
vi.stubEnv("no_proxy", "127.0.0.1");

/** A server that gives a checksum file and answers the rest as told. */
async function origin(checksums: string, answer: RequestListener) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    if (request.url === "/sums") response.end(checksums);
    else answer(request, response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${address.port}`;
  return { asked, asset: { url: `${url}/etcd`, checksumUrl: `${url}/sums` } };
}

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "plimsoll-download-"));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

function downloads(): Downloads {
  const made = new Downloads({ connect: 30_000, idle: 200, whole: 30_000 });
  onTestFinished(() => made.close());
  return made;
}

test.each([
  ["alone", `${sum}\n`],
  ["as one line of many", `${"0".repeat(64)}  other\n${sum}  etcd\n`],
  ["with a star before the name and a folder", `${sum} *bin/etcd\n`],
])("a file is kept when its checksum, published %s, is right", async (_, checksums) => {
  const { asset } = await origin(checksums, (_, response) => response.end(content));
  const path = join(folder(), "etcd");
  await downloads().fetch(asset, path);
  expect(readFileSync(path).equals(content)).toBe(true);
});

test.each<[string, string, RequestListener, RegExp]>([
  ["a wrong checksum", "0".repeat(64), (_, response) => response.end(content), /has the SHA-256/],
  ["no checksum of that name", `${sum}  other\n`, (_, response) => response.end(content), /no SHA-256 of etcd/],
  [
    "an answer that is cut off",
    sum,
    (_, response) =>
      response.writeHead(200, { "content-length": content.length }).write(content.subarray(0, 100), () => response.destroy()),
    /broke off/,
  ],
  [
    "an answer that falls silent",
    sum,
    (_, response) => response.writeHead(200, { "content-length": content.length }).write(content.subarray(0, 100)),
    /broke off/,
  ],
  ["an answer that never begins", sum, () => {}, /not reachable/],
  ["an answer other than 200", sum, (_, response) => response.writeHead(404).end(), /answered 404/],
])("%s is an error that says so, and leaves no file", async (_, checksums, answer, message) => {
  const { asset } = await origin(checksums, answer);
  const path = join(folder(), "etcd");
  await expect(downloads().fetch(asset, path)).rejects.toThrow(message);
  expect(existsSync(path)).toBe(false);
});

test("a host that did not answer is not asked again", async () => {
  const { asset, asked } = await origin(sum, () => {});
  const path = join(folder(), "etcd");
  const shared = downloads();
  await expect(shared.fetch(asset, path)).rejects.toThrow(/not reachable/);
  const before = asked.length;
  await expect(shared.fetch(asset, path)).rejects.toThrow(/was not reachable/);
  expect(asked).toHaveLength(before);
});

test("a redirection to where releases are stored is followed", async () => {
  const { asset } = await origin(sum, (request, response) => {
    if (request.url === "/stored") response.end(content);
    else response.writeHead(302, { location: "/stored" }).end();
  });
  const path = join(folder(), "etcd");
  await downloads().fetch(asset, path);
  expect(readFileSync(path).equals(content)).toBe(true);
});
