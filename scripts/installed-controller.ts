import { applyPlan, completeObjects, completeValues, planOf } from "@plimsoll/controller/installation";
import type { Transport } from "@plimsoll/kube";
import packageJson from "../packages/controller/package.json" with { type: "json" };

/** Installs the controller from its image, as `plimsoll install` does: one pod, and what these values say besides. */
export async function installController(transport: Transport, namespace: string, values: object = {}): Promise<void> {
  const given = { replicas: 1, ...values };
  const installation = { given, values: completeValues(given), namespace, version: packageJson.version };
  const objects = completeObjects(installation).map(({ object }) => object);
  await applyPlan(transport, await planOf(transport, objects, { namespace, force: true }), { force: true });
}
