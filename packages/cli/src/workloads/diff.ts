import type { InventoryEntry, WorkloadSet } from "@plimsoll/api";
import { parseValue } from "@plimsoll/features/pipelines";
import { nameOf, type ConfiguredKind } from "@plimsoll/features/configured";
import {
  bodyOf,
  conflictsIn,
  said,
  fieldManager,
  identityOf,
  keyOf,
  render,
  sourceMapOf,
  titleOf,
  type Desired,
  type Ref,
} from "@plimsoll/features/workloads";
import { isNotFound, type Transport } from "@plimsoll/kube";
import { messageOf } from "@plimsoll/kube/message";
import { Command } from "commander";
import { withCluster, type ClusterOptions } from "../connect/cluster-options.ts";
import { connected, type Client } from "../connect/connect.ts";
import { exitCode, Failure } from "../failure.ts";
import { check } from "../manifest.ts";
import { paintFor } from "../output/paint.ts";
import { isFile } from "../runs/run.ts";
import { clientFor, kindsOf, type Methods } from "./kinds.ts";
import { readSets, setName, withSet } from "./of-set.ts";
import { patchText } from "./patch-text.ts";
import { shownText } from "./shown.ts";

/** `plimsoll workloads diff`: what sets would change, as the API server itself says by a dry run. */
export function diffCommand(): Command {
  return withCluster(new Command("diff"))
    .description("show what workload sets would change, and what of theirs others have changed, by a dry run of the API server")
    .argument("<file|name...>", "files with WorkloadSets (with a / or an ending, or - for standard input), or names of sets in the cluster")
    .addHelpText(
      "after",
      "\nExamples:\n  plimsoll workloads diff web.yaml\n  plimsoll workloads diff web\n\nExit codes, as of kubectl diff: 0 there is no difference; 1 there is one; 2 something went wrong.",
    )
    .action(async (sources: string[], options: ClusterOptions) => {
      try {
        const differs = await connected(options, (client, namespace, transport) => compare(sources, client, namespace, transport));
        if (differs) process.exitCode = exitCode.failure;
      } catch (error) {
        // 1 says that there is a difference.
        throw error instanceof Failure && error.exitCode === exitCode.interrupted ? error : new Failure(messageOf(error), exitCode.usage);
      }
    });
}

async function compare(sources: readonly string[], client: Client, namespace: string, transport: Transport): Promise<boolean> {
  const files = sources.filter(isFile);
  const sets = await readSets(files, namespace);
  for (const name of sources.filter((source) => !isFile(source)).map(setName))
    sets.push(await withSet(name, namespace, client("workloadsets.plimsoll.dev").get({ namespace, name })));
  let differs = false;
  for (const set of sets) if (await compareSet(set, client, transport)) differs = true;
  return differs;
}

/** Prints what a set would change; whether that is anything. */
async function compareSet(set: WorkloadSet, client: Client, transport: Transport): Promise<boolean> {
  const { namespace = "", name = "" } = set.metadata;
  const stored = await unlessMissing(client("workloadsets.plimsoll.dev").get({ namespace, name }));
  const desired = await desiredOf(set, client);
  const wanted = new Set(desired.map(({ key }) => key));
  const left = (stored?.status?.inventory ?? []).filter((entry) => entry.uid !== undefined && !wanted.has(keyOf(entry)));
  const kinds = await kindsOf(transport, [...desired.map(({ ref }) => ref), ...left]);
  const clientOf = clientFor(transport, kinds);
  const methods = (ref: Omit<Ref, "name">): Methods => clientOf(nameOf(kindAmong(kinds, ref)));
  const paint = paintFor(process.stdout);
  let differs = false;
  const print = (text: string): void => {
    if (text === "") return;
    differs = true;
    console.log(text);
  };
  // The set as it is in the cluster, where it is: what it applies says whose it is.
  const identity = { ...identityOf(set), uid: stored?.metadata.uid ?? "", orphans: true };
  for (const { ref, object } of desired) {
    const place = { namespace, name: ref.name };
    const live = await unlessMissing(methods(ref).get(place));
    const wouldBe = await tried(methods(ref), place, bodyOf(object, identity), ref, set.spec.conflicts === "force");
    print(patchText(titleOf(ref), shownText(live), shownText(wouldBe), paint));
  }
  for (const entry of left) print(patchText(titleOf(entry), shownText(await liveOf(entry, methods, namespace)), "", paint));
  return differs;
}

/** What the API server would make of an object. What others hold is told, and shown as if it were taken. */
async function tried(
  methods: Methods,
  place: { namespace: string; name: string },
  body: object,
  ref: Ref,
  force: boolean,
): Promise<object> {
  const options = { type: "apply", fieldManager, dryRun: "All" } as const;
  try {
    return await methods.patch(place, body, { ...options, force });
  } catch (error) {
    const conflicts = conflictsIn(error);
    if (conflicts.length === 0) throw new Failure(`${titleOf(ref)}: ${said(error)}`);
    console.error(`${titleOf(ref)}: ${conflicts.join(", ")}`);
    return methods.patch(place, body, { ...options, force: true });
  }
}

/** An object that was applied, unless another of its name has come. */
async function liveOf(entry: InventoryEntry, methods: (ref: Ref) => Methods, namespace: string): Promise<object | undefined> {
  const live = await unlessMissing(methods(entry).get({ namespace, name: entry.name }));
  const { uid } = (live as { metadata: { uid: string } } | undefined)?.metadata ?? {};
  return uid === entry.uid ? live : undefined;
}

async function desiredOf(set: WorkloadSet, client: Client): Promise<readonly Desired[]> {
  const { namespace = "", name = "" } = set.metadata;
  const asked = set.spec.source?.configMap.name;
  const read = asked === undefined ? undefined : await unlessMissing(client("configmaps").get({ namespace, name: asked }));
  const source = read && sourceMapOf(read as Parameters<typeof sourceMapOf>[0]);
  const found = render(set, { language: parseValue, kinds: undefined, source });
  if ("problems" in found) check(name, found.problems);
  return "problems" in found ? [] : found.desired;
}

function kindAmong(kinds: readonly ConfiguredKind[], { apiVersion, kind }: Omit<Ref, "name">): ConfiguredKind {
  return kinds.find((one) => one.apiVersion === apiVersion && one.kind === kind) ?? { apiVersion, kind, resource: "" };
}

async function unlessMissing<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
