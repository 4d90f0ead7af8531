import { ApiError, Slice } from "@plimsoll/kube";
import { FakeClock } from "@plimsoll/kube/testing";
import { expect, test } from "vitest";
import { MetricsApi } from "./metrics-api.ts";

/** Asks an API that refuses to answer in some namespaces. */
function asking(namespaces: readonly string[] | undefined, refused: Set<string | undefined>) {
  const clock = new FakeClock();
  const [asked, taken]: [(string | undefined)[], unknown[]] = [[], []];
  const nothing = () => {};
  const list = async function* ({ namespace }: { namespace?: string }) {
    asked.push(namespace);
    await Promise.resolve();
    if (refused.has(namespace)) throw new ApiError("GET /", 403, "no");
    yield { metadata: { namespace, name: "pod" } };
  };
  const runtime = {
    client: () => ({ list }),
    clock,
    log: { debug: nothing, info: nothing, warn: nothing, error: nothing },
    namespaces,
    retried: nothing,
    signal: new AbortController().signal,
  };
  const api = new MetricsApi(runtime as never);
  const ask = (...wanted: string[]) => api.ask(new Set(wanted), new Slice(clock), (metrics) => taken.push(metrics.metadata.namespace));
  return { api, asked, taken, ask };
}

test("a namespace that refuses keeps no other from being asked", async () => {
  const refused = new Set<string | undefined>(["a"]);
  const { api, asked, taken, ask } = asking(["a", "b", "c"], refused);
  expect([api.of("a").state, api.answers]).toEqual(["unasked", false]);
  await ask("a", "b");
  expect({ asked, taken }).toEqual({ asked: ["a", "b"], taken: ["b"] });
  expect(["a", "b", "c"].map((namespace) => api.of(namespace).state)).toEqual(["away", "answers", "unasked"]);
  expect(api.answers).toBe(false);
  refused.clear();
  await ask("a", "b");
  expect([api.of("a").state, api.answers]).toEqual(["answers", true]);
});

test("all namespaces are asked for at once, and not at all where there is no policy", async () => {
  const { api, asked, ask } = asking(undefined, new Set());
  await ask();
  expect({ asked, answers: api.answers }).toEqual({ asked: [], answers: false });
  await ask("a", "b");
  expect({ asked, states: [api.of("a").state, api.of("b").state] }).toEqual({ asked: [undefined], states: ["answers", "answers"] });
});
