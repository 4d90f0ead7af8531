import { groupVersionOf, type ConfiguredKind } from "@plimsoll/features/configured";
import { declareFor } from "@plimsoll/features/configured-rules";
import type { Ref } from "@plimsoll/features/workloads";
import { isNotFound, type Transport } from "@plimsoll/kube";
import * as z from "zod";
import { Failure } from "../failure.ts";

const resourceList = z.object({ resources: z.array(z.object({ name: z.string(), kind: z.string(), namespaced: z.boolean() })) });

interface Place {
  namespace: string;
  name: string;
}

/** What a diff does with objects of a kind, by the rights of the user who asks. */
export interface Methods {
  get: (place: Place) => Promise<object>;
  patch: (place: Place, patch: object, options: { type: "apply"; fieldManager: string; force: boolean; dryRun: "All" }) => Promise<object>;
}

/** The kinds of objects as the cluster serves them. Fails for one that it doesn't, or that has no namespace. */
export async function kindsOf(transport: Transport, refs: readonly Omit<Ref, "name">[]): Promise<ConfiguredKind[]> {
  const found = new Map<string, ConfiguredKind>();
  for (const [apiVersion, some] of Map.groupBy(refs, ({ apiVersion }) => apiVersion)) {
    const served = await servedIn(transport, apiVersion);
    for (const { kind } of some) {
      const one = served.find((resource) => resource.kind === kind && !resource.name.includes("/"));
      if (one === undefined) throw new Failure(`this cluster has no ${kind} of ${apiVersion}`);
      if (!one.namespaced) throw new Failure(`${kind} of ${apiVersion} belongs to no namespace: a set can't hold it`);
      found.set(`${apiVersion} ${kind}`, { apiVersion, kind, resource: one.name });
    }
  }
  return [...found.values()];
}

async function servedIn(transport: Transport, apiVersion: string): Promise<z.output<typeof resourceList>["resources"]> {
  const { group } = groupVersionOf(apiVersion);
  const path = group === "" ? `/api/${apiVersion}` : `/apis/${apiVersion}`;
  try {
    return resourceList.parse(await transport.request({ method: "GET", path })).resources;
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}

/** A client of these kinds that reads, and tries. */
export function clientFor(transport: Transport, kinds: readonly ConfiguredKind[]): (name: string) => Methods {
  const rules = [{ verbs: ["get", "patch"] as const, reason: "workloads diff: to see what is there, and what would be" }];
  return declareFor("cli-workloads", { key: "kinds", rules }, kinds).client(transport) as never;
}
