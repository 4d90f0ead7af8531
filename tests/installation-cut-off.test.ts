import { applyPlan, completeObjects, completeValues, planOf, removalOf, removeInstallation } from "@plimsoll/controller/installation";
import { Transport, type Sender } from "@plimsoll/kube";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { Died, dyingSender } from "./support/dying-sender.ts";
import { faultySender } from "./support/faulty-sender.ts";
import { fresh, isThere } from "./support/installation.ts";
import { kubectl } from "./support/kubectl.ts";

let transport: Transport;
beforeAll(() => {
  transport = Transport.fromKubeconfig(inject("kubeconfig"), { userAgent: "tests" });
});
afterAll(() => transport.close());

const objectsIn = (namespace: string, given: object) =>
  completeObjects({ given, values: completeValues(given), namespace, version: "0.0.1" }).map(({ object }) => object);
const apply = async (sender: Sender, namespace: string, given: object): Promise<void> =>
  applyPlan(sender, await planOf(sender, objectsIn(namespace, given), { namespace }));
const isDone = async (namespace: string, given: object): Promise<boolean> =>
  (await planOf(transport, objectsIn(namespace, given), { namespace })).changes.every(({ action }) => action === "unchanged");

/** Cuts some work off after each number of writes, each time taking it up again; gives how many writes the whole took. */
async function cutOffEverywhere(
  work: (sender: Sender) => Promise<void>,
  check: () => Promise<void>,
  back: () => Promise<void>,
): Promise<number> {
  for (let writes = 0; ; writes += 1) {
    const whole = await work(dyingSender(transport, writes)).then(
      () => true,
      (error: unknown) => {
        expect(error).toBeInstanceOf(Died);
        return false;
      },
    );
    await work(transport);
    await check();
    if (whole) return writes;
    await back();
  }
}

test("at any write, a change is taken up by the next", async () => {
  const namespace = fresh();
  const small = { replicas: 0, namespaces: ["default"] };
  const large = { replicas: 0, isolation: "feature", dashboard: { create: true }, networkPolicy: { create: true } };
  await apply(transport, namespace, small);
  const writes = await cutOffEverywhere(
    (sender) => apply(sender, namespace, large),
    async () => expect(await isDone(namespace, large)).toBe(true),
    () => apply(transport, namespace, small),
  );
  expect(writes).toBeGreaterThan(15);
}, 600_000);

test("at any write, taking away is taken up by the next", async () => {
  const namespace = fresh();
  await kubectl("create", "namespace", namespace);
  const given = { replicas: 0 };
  await apply(transport, namespace, given);
  const writes = await cutOffEverywhere(
    async (sender) => removeInstallation(sender, await removalOf(sender, namespace)),
    async () => expect((await removalOf(transport, namespace)).objects).toEqual([]),
    () => apply(transport, namespace, given),
  );
  expect(writes).toBeGreaterThan(10);
});

test("what somebody has put in the place of an object meanwhile is left to them", async () => {
  const namespace = fresh();
  await kubectl("create", "namespace", namespace);
  await apply(transport, namespace, { replicas: 0 });
  const removal = await removalOf(transport, namespace);
  await kubectl("delete", "configmap", "-n", namespace, "plimsoll");
  await kubectl("create", "configmap", "-n", namespace, "plimsoll");
  const deleted: string[] = [];
  await removeInstallation(transport, removal, ({ kind }) => void deleted.push(kind));
  expect(deleted).toHaveLength(removal.objects.length);
  expect(await isThere("configmap", "-n", namespace, "plimsoll")).toBe(true);
});

test("by a server that fails every fifth request, it comes through", async () => {
  const namespace = fresh();
  const told = new Map<string, number>();
  let seed = 1;
  // A sequence of Lehmer's: the same in each run.
  const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const faulty = faultySender(transport, 0.2, random, told);
  await apply(faulty, namespace, { replicas: 0 });
  expect(told.get("PATCH")).toBeGreaterThan(0);
  expect(await isDone(namespace, { replicas: 0 })).toBe(true);
  await removeInstallation(faulty, await removalOf(faulty, namespace));
  expect((await removalOf(transport, namespace)).objects).toEqual([]);
});
