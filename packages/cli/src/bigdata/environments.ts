import { environments as known } from "@plimsoll/features/inventory";
import { builtin, gate, isNotFound, resource, type KubeObject, type Stored, type Transport } from "@plimsoll/kube";
import * as z from "zod";
import { Failure } from "../failure.ts";
import { orMissing } from "../connect/missing.ts";

/** An environment of Ocean for Spark. Its kind isn't published: what its spec holds is read as it comes. */
export interface Environment extends KubeObject {
  spec?: Readonly<Record<string, unknown>> | undefined;
  status?: Readonly<Record<string, unknown>> | undefined;
}

/** The environments of a namespace or, where the kind has no namespace, of the cluster. */
export interface Environments {
  /** `everywhere`: of every namespace. */
  list: (everywhere?: boolean) => Promise<Stored<Environment>[]>;
  /** Patches a spec; fails, with what to do, where there is no such environment. A dry run gives what would be. */
  patch: (name: string, spec: object, isDryRun?: boolean) => Promise<Stored<Environment>>;
}

const name = `${known.resource}.${known.group}`;
const groupSchema = z.object({ preferredVersion: z.object({ version: z.string() }) });
const listSchema = z.object({ resources: z.array(z.object({ name: z.string(), kind: z.string(), namespaced: z.boolean() })) });

/** Asks the cluster how it serves environments. Fails where it doesn't know them. */
export async function environmentsOf(transport: Transport, namespace: string): Promise<Environments> {
  const { version, kind, namespaced } = await servedIn(transport);
  const definition = { group: known.group, plural: known.resource, version, kind };
  const { allow, declare } = gate({
    ...builtin,
    placed: resource<Environment>({ ...definition, namespaced: true }),
    placeless: resource<Environment>({ ...definition, namespaced: false }),
  });
  const client = declare("cli-bigdata", [
    allow(["list", "patch"], "placed", "bigdata"),
    allow(["list", "patch"], "placeless", "bigdata: where the kind has no namespace"),
  ]).client(transport);
  return {
    list: (everywhere = false) =>
      Array.fromAsync(namespaced ? client("placed").list(everywhere ? {} : { namespace }) : client("placeless").list()),
    patch: (name, spec, isDryRun = false) => {
      const dryRun = isDryRun ? ("All" as const) : undefined;
      const patched = namespaced
        ? client("placed").patch({ namespace, name }, { spec }, { dryRun })
        : client("placeless").patch({ name }, { spec }, { dryRun });
      const where = namespaced ? ` in namespace "${namespace}"` : "";
      return orMissing(patched, `no BigDataEnvironment "${name}"${where}: see \`plimsoll bigdata list${namespaced ? " -A" : ""}\``);
    },
  };
}

async function servedIn(transport: Transport): Promise<{ version: string; kind: string; namespaced: boolean }> {
  const read = (path: string): Promise<unknown> => transport.request<unknown>({ method: "GET", path });
  const unknown = new Failure(
    `this cluster doesn't know BigDataEnvironments (${name}): they come with Ocean for Spark, which isn't installed here`,
  );
  try {
    const { preferredVersion } = groupSchema.parse(await read(`/apis/${known.group}`));
    const { resources } = listSchema.parse(await read(`/apis/${known.group}/${preferredVersion.version}`));
    const found = resources.find(({ name }) => name === known.resource);
    if (found === undefined) throw unknown;
    return { ...found, version: preferredVersion.version };
  } catch (error) {
    throw isNotFound(error) ? unknown : error;
  }
}
