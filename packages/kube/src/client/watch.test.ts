import { expect, onTestFinished, test } from "vitest";
import { cut, json, scriptedServer, type Answer } from "../../testing/scripted-server.ts";
import { builtin } from "./builtin.ts";
import { ConnectionError, isGone, SilenceError } from "../errors.ts";
import { pages } from "./list.ts";
import type { Sender } from "../transport/api-request.ts";
import { Transport } from "../transport/transport.ts";
import { watch } from "./watch.ts";

async function trial(...answers: [Answer, ...Answer[]]) {
  const server = await scriptedServer(...answers);
  const transport = Transport.fromKubeconfig(server.kubeconfig());
  onTestFinished(async () => {
    await transport.close();
    await server[Symbol.asyncDispose]();
  });
  return { server, transport };
}

const event = (type: string, object: unknown) => `${JSON.stringify({ type, object })}\n`;
const pod = (name: string, resourceVersion: string) => ({ metadata: { name, namespace: "n", uid: name, resourceVersion } });

/** What a watch gave until it ended, and the error that ended it. */
async function watched(answer: Answer) {
  const { server, transport } = await trial(answer);
  const names: string[] = [];
  let error: unknown;
  try {
    const events = watch(transport, builtin.pods, { namespace: "n", resourceVersion: "5", timeoutSeconds: 300, labelSelector: "a" });
    for await (const event of events) names.push(event.type === "BOOKMARK" ? "" : event.object.metadata.name);
  } catch (cause) {
    error = cause;
  }
  return { names, error, calls: server.requests.map(({ call }) => call) };
}

test("a watch gives its events until the server ends it", async () => {
  const text = event("ADDED", pod("a", "6")) + event("BOOKMARK", { metadata: { resourceVersion: "8" } }) + event("DELETED", pod("a", "9"));
  expect(await watched((response) => response.end(text))).toEqual({
    names: ["a", "", "a"],
    error: undefined,
    calls: ["GET /api/v1/namespaces/n/pods?resourceVersion=5&timeoutSeconds=300&labelSelector=a&watch=true&allowWatchBookmarks=true"],
  });
});

test("a watch that falls silent ends, also within an event: whether anybody is there, the next one tells", async () => {
  const text = event("ADDED", pod("a", "6")) + event("ADDED", pod("b", "7")).slice(0, 40);
  const sender: Sender = {
    request: () => Promise.reject(new Error("nothing is asked")),
    stream: async () =>
      (async function* () {
        yield Buffer.from(text);
        throw new SilenceError("nothing came", true);
      })(),
  };
  const events = await Array.fromAsync(watch(sender, builtin.pods, { resourceVersion: "5" }));
  expect(events.map(({ type }) => type)).toEqual(["ADDED"]);
});

test("a watch that breaks within an event gives the events before it, then a ConnectionError", async () => {
  const text = event("ADDED", pod("a", "6")) + event("ADDED", pod("b", "7")).slice(0, 40);
  for (const answer of [cut(text), (response) => response.end(text)] satisfies Answer[]) {
    const { names, error } = await watched(answer);
    expect(names).toEqual(["a"]);
    expect(error).toBeInstanceOf(ConnectionError);
  }
});

test("an ERROR event is the error that its Status names", async () => {
  const status = { kind: "Status", code: 410, reason: "Expired", message: "too old resource version: 5 (9)" };
  const { names, error } = await watched((response) => response.end(event("ADDED", pod("a", "6")) + event("ERROR", status)));
  expect(names).toEqual(["a"]);
  expect(isGone(error)).toBe(true);
  expect(error).toMatchObject({ code: 410, message: "watch of /api/v1/namespaces/n/pods: 410 Expired: too old resource version: 5 (9)" });
});

const page = (names: string[], resourceVersion: string, token?: string) =>
  json({ metadata: { resourceVersion, continue: token }, items: names.map((name) => pod(name, "1")) });

const expired = json({ kind: "Status", code: 410, reason: "Expired", message: "too old", metadata: { continue: "newer" } }, 410);

test("a list that expires between pages goes on at a newer moment, or fails when it must be of one moment", async () => {
  const first = await trial(page(["a"], "5", "more"), expired, page(["b"], "9"));
  const all = await Array.fromAsync(pages(first.transport, builtin.pods, { limit: 1 }));
  expect(all.map(({ items, resourceVersion }) => [items[0]?.metadata.name, resourceVersion])).toEqual([
    ["a", "5"],
    ["b", "9"],
  ]);
  expect(first.server.requests.map(({ call }) => call)).toEqual([
    "GET /api/v1/pods?limit=1",
    "GET /api/v1/pods?limit=1&continue=more",
    "GET /api/v1/pods?limit=1&continue=newer",
  ]);

  const second = await trial(page(["a"], "5", "more"), expired);
  const strict = pages(second.transport, builtin.pods, { limit: 1, expired: "fail" });
  await expect(Array.fromAsync(strict)).rejects.toSatisfy(isGone);
});

test("an empty list without items is empty", async () => {
  const { transport } = await trial(json({ metadata: { resourceVersion: "5" }, items: null }));
  expect(await Array.fromAsync(pages(transport, builtin.pods))).toEqual([{ items: [], resourceVersion: "5" }]);
});
