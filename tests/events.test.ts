import { builtin, EventRecorder, eventPermissions, gate, Transport, type ObjectReference, type Occurrence } from "@plimsoll/kube";
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from "vitest";
import { idlePod, place, simulated, type Place } from "./support/cluster.ts";
import { kubectl } from "./support/kubectl.ts";

const { declare, allow } = gate(builtin);
const permissions = declare("event tests", [
  allow("list", "events", "to find events as kubectl does"),
  allow("delete", "events.events.k8s.io", "to let one expire"),
]);

const transport = Transport.fromKubeconfig(inject("kubeconfig"));
const client = permissions.client(transport);
const controller = "plimsoll.dev/tests";
let here: Place;
beforeAll(async () => void (here = await place()));
afterAll(() => transport.close());

/** Our events of an object in the first version, in which kubectl looks for them. */
async function eventsOf({ namespace = "default", uid }: { namespace?: string | undefined; uid: string }) {
  const events = await Array.fromAsync(client("events").list({ namespace, fieldSelector: `involvedObject.uid=${uid}` }));
  return events.filter(({ reportingComponent }) => reportingComponent === controller);
}

function recorder() {
  const errors: unknown[] = [];
  const recorder = new EventRecorder(eventPermissions.client(transport), {
    controller,
    instance: "tests-1",
    onError: (error) => errors.push(error),
  });
  const stop = new AbortController();
  void recorder.run(stop.signal);
  onTestFinished(() => stop.abort());
  const sent = async (count: number) => {
    await expect.poll(() => recorder.sent, { timeout: 120_000 }).toBe(count);
  };
  return { recorder, errors, sent };
}

const failed = (regarding: ObjectReference, more: Partial<Occurrence> = {}): Occurrence => ({
  regarding,
  type: "Warning",
  reason: "StepFailed",
  action: "Retrying",
  note: "exit code 3",
  ...more,
});

async function aPod(name: string): Promise<ObjectReference> {
  const { metadata } = await here.client("pods").create(idlePod(here.namespace, name));
  return { apiVersion: "v1", kind: "Pod", namespace: here.namespace, name, uid: metadata.uid, resourceVersion: metadata.resourceVersion };
}

test("what happens to a pod again and again is one event with a series, as kubectl finds and describes it", async () => {
  const { recorder: events, errors, sent } = recorder();
  const pod = await aPod("again");
  for (let count = 1; count <= 2; count++) {
    events.record(failed(pod));
    await sent(count);
  }
  for (let n = 0; n < 3; n++) events.record(failed(pod, { note: `exit code ${n}` }));
  await events.flush(60_000);
  expect(events.sent).toBe(5);
  const { resourceVersion: _, ...object } = pod;
  expect(await eventsOf(pod)).toEqual([
    expect.objectContaining({
      involvedObject: expect.objectContaining(object),
      type: "Warning",
      action: "Retrying",
      message: "exit code 3",
      reportingInstance: "tests-1",
      series: { count: 5, lastObservedTime: expect.any(String) },
    }),
  ]);
  expect(await kubectl("describe", "pod", "again", "-n", here.namespace)).toMatch(
    /Warning +StepFailed +\S+ \(x5 over \S+\) +plimsoll\.dev\/tests +exit code 3/,
  );
  expect(errors).toEqual([]);
});

test("an event of a run has its namespace, and can name a pod", async () => {
  const { recorder: events, sent } = recorder();
  const { metadata = {} } = await here.start({ steps: [{ name: "a", image: "busybox" }], ...simulated });
  const { name = "", uid = "" } = metadata;
  const run = { apiVersion: "plimsoll.dev/v1alpha1", kind: "PipelineRun", namespace: here.namespace, name, uid };
  const related = await aPod("related");
  events.record(failed(run, { type: "Normal", related, note: "the step a begins" }));
  await sent(1);
  expect(await eventsOf(run)).toMatchObject([{ related: { kind: "Pod", name: "related", uid: related.uid } }]);
  expect(await kubectl("describe", "pipelinerun", name, "-n", here.namespace)).toMatch(/Normal +StepFailed .* the step a begins/);
});

test("an event that has expired is made anew with its count", async () => {
  const { recorder: events, sent } = recorder();
  const pod = await aPod("expired");
  events.record(failed(pod));
  await sent(1);
  const [old] = await eventsOf(pod);
  if (old === undefined) throw new Error("there is no event");
  await client("events.events.k8s.io").delete({ namespace: here.namespace, name: old.metadata.name });
  events.record(failed(pod));
  await sent(2);
  expect(await eventsOf(pod)).toMatchObject([{ metadata: { name: old.metadata.name }, eventTime: old.eventTime, series: { count: 2 } }]);
});

test("the API server takes what is as long as it may be, and of an object whose name is no event's", async () => {
  const { recorder: events, errors, sent } = recorder();
  const uid = `uid-${here.namespace}`;
  const role = { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", name: `system:${"R".repeat(400)}:`, uid };
  events.record(failed(role, { reason: "Ü".repeat(200), action: "A".repeat(200), note: "🚢".repeat(2_000) }));
  await sent(1);
  expect(errors).toEqual([]);
  const [event] = await eventsOf({ uid });
  expect(event?.metadata.namespace).toBe("default");
  expect(Buffer.byteLength(event?.message ?? "")).toBeGreaterThan(1_020);
});

test("an event in a namespace that isn't there is dropped, and told", async () => {
  const { recorder: events, errors } = recorder();
  events.record(failed({ ...(await aPod("elsewhere")), namespace: `${here.namespace}-gone` }));
  await expect.poll(() => events.failed, { timeout: 120_000 }).toBe(1);
  expect(errors).toEqual([expect.objectContaining({ code: 404 })]);
});
