import { expect, onTestFinished, test } from "vitest";
import { cut, json, scriptedServer, type Answer } from "../../testing/scripted-server.ts";
import { builtin } from "./builtin.ts";
import { systemClock } from "../clock/clock.ts";
import { methodsOf } from "./methods.ts";
import { Transport } from "../transport/transport.ts";

async function trial(...answers: [Answer, ...Answer[]]) {
  const server = await scriptedServer(...answers);
  const transport = Transport.fromKubeconfig(server.kubeconfig(), { clock: { ...systemClock, now: () => 0, sleep: async () => {} } });
  onTestFinished(async () => {
    await transport.close();
    await server[Symbol.asyncDispose]();
  });
  return { calls: () => server.requests.map(({ call }) => call), transport };
}

const ref = { namespace: "n", name: "a" };
type Methods = ReturnType<typeof methodsOf>;
const calls: { what: string; again: boolean; call: (methods: Methods) => Promise<unknown> }[] = [
  { what: "a get", again: true, call: ({ get }) => get(ref) },
  { what: "a create", again: false, call: ({ create }) => create({ metadata: ref }) },
  { what: "an update of a version", again: true, call: ({ update }) => update({ metadata: { ...ref, resourceVersion: "1" } }) },
  { what: "an update of any version", again: false, call: ({ update }) => update({ metadata: ref }) },
  { what: "a merge", again: true, call: ({ patch }) => patch(ref, {}) },
  { what: "an apply", again: true, call: ({ patch }) => patch(ref, {}, { type: "apply", fieldManager: "f" }) },
  { what: "a JSON patch", again: false, call: ({ patch }) => patch(ref, [], { type: "json" }) },
  { what: "a delete of a uid", again: true, call: (methods) => methods.delete(ref, { preconditions: { uid: "u" } }) },
  { what: "a delete of a name", again: false, call: (methods) => methods.delete(ref) },
];

test.each(calls)("after a broken connection, $what goes again: $again", async ({ again, call }) => {
  const { calls, transport } = await trial(cut("{"), json({}));
  const outcome = await call(methodsOf(transport, builtin.configmaps)).then(
    () => "done",
    (error: Error) => error.name,
  );
  expect(outcome).toBe(again ? "done" : "ConnectionError");
  expect(calls()).toHaveLength(again ? 2 : 1);
});

test("a log is read line by line, with what was asked for in its address", async () => {
  const { calls, transport } = await trial((response) => response.end("one\ntwo\nthr"));
  const { read } = methodsOf(transport, builtin["pods/log"]);
  expect(await Array.fromAsync(read(ref, { container: "c", tailLines: 3, follow: true }))).toEqual(["one", "two", "thr"]);
  expect(calls()).toEqual(["GET /api/v1/namespaces/n/pods/a/log?container=c&tailLines=3&follow=true"]);
});
