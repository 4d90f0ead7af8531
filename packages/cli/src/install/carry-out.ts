import { applyPlan, completeObjects, planOf, titleOf, type Plan, type Values } from "@plimsoll/controller/installation";
import { commentedYaml } from "@plimsoll/controller/roles";
import type { Transport } from "@plimsoll/kube";
import packageJson from "../../package.json" with { type: "json" };
import { exitCode, UsageError } from "../failure.ts";
import { formatObject, listOf } from "../output/output.ts";
import { paintFor } from "../output/paint.ts";
import { awaitHealth } from "./await-health.ts";
import { checkAskable, confirm } from "./confirm.ts";
import type { ChangeOptions } from "./options.ts";
import { planData, planText } from "./plan-text.ts";
import { rightsText } from "./rights-text.ts";

/** What is installed by this program. */
export const { version } = packageJson;

interface Chosen {
  given: object;
  values: Values;
}

/** Fails early for options that don't go together, or where nobody can be asked. */
export function checkOptions(options: ChangeOptions): void {
  const { dryRun, output, exitCode } = options;
  if (output !== undefined && dryRun === undefined)
    throw new UsageError("-o goes with --dry-run: it prints the plan; or the objects, with --dry-run=client");
  if (exitCode && dryRun !== "server") throw new UsageError("--exit-code goes with --dry-run");
  if (dryRun === undefined) checkAskable(options);
}

/** The objects as a text: what `--dry-run=client` prints. */
export function printObjects({ namespace, output = "yaml" }: ChangeOptions, chosen: Chosen): void {
  const objects = completeObjects({ ...chosen, namespace, version });
  console.log(
    output === "json"
      ? formatObject(listOf(objects.map(({ object }) => object)), "json")
      : objects
          .map(({ object, comments }) => commentedYaml(object, comments))
          .join("---\n")
          .trimEnd(),
  );
}

/**
 * Plans an installation, shows the plan and asks, carries it out, and waits until the controller runs. Gives what was done; undefined
 * for a dry run.
 */
export async function carryOut(
  transport: Transport,
  chosen: Chosen,
  options: ChangeOptions,
  withRights: boolean,
): Promise<Plan | undefined> {
  const { namespace, forceConflicts: force } = options;
  const objects = completeObjects({ ...chosen, namespace, version }).map(({ object }) => object);
  const plan = await planOf(transport, objects, { namespace, force });
  const isNeeded = plan.changes.some(({ action }) => action !== "unchanged");
  const paint = paintFor(process.stdout);
  if (options.output !== undefined) console.log(formatObject(planData(plan), options.output));
  else {
    console.log(planText(plan, paint));
    const rights = withRights ? rightsText(plan, paint) : "";
    if (rights !== "") console.log(rights);
  }
  if (options.dryRun !== undefined) {
    if (options.exitCode && isNeeded) process.exitCode = exitCode.failure;
    return undefined;
  }
  if (isNeeded) await confirm(`Change this in the cluster ${transport.server}?`, options);
  await applyPlan(transport, plan, {
    force,
    onWritten: (object) => {
      if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${titleOf(object)}`);
    },
  });
  if (process.stderr.isTTY) process.stderr.write("\r\u001B[K");
  const deployments = plan.changes.flatMap(({ action, object: { kind, metadata } }) =>
    kind === "Deployment" && action !== "delete" ? [{ namespace, name: metadata.name }] : [],
  );
  if (options.wait) await awaitHealth(transport, namespace, deployments, options.timeout);
  return plan;
}
