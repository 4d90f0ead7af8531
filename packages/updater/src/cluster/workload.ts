import { parse } from "yaml";
import * as z from "zod";
import type { ManifestObject } from "./manifest.ts";

/** A process of the controller, as a release wants it. */
export interface Workload {
  /** Of its Deployment. */
  name: string;
  images: string[];
  /** Undefined: left to who scales it. */
  replicas: number | undefined;
  /** The Lease that its pods stand for; undefined where its configuration names none. */
  lease: string | undefined;
}

const deployment = z.object({
  spec: z.object({
    replicas: z.int().optional(),
    template: z.object({
      spec: z.object({
        containers: z.array(z.object({ image: z.string() })),
        volumes: z.array(z.looseObject({ configMap: z.looseObject({ name: z.string().optional() }).optional() })).default([]),
      }),
    }),
  }),
});
const configMap = z.object({ data: z.record(z.string(), z.string()).default({}) });
const election = z.object({ leaderElection: z.object({ lease: z.string() }) });

/** The Deployments of a release. */
export function workloadsOf(objects: readonly ManifestObject[]): Workload[] {
  return objects
    .filter(({ kind }) => kind === "Deployment")
    .map((object) => {
      const { replicas, template } = deployment.parse(object).spec;
      const { containers, volumes } = template.spec;
      const maps = new Set(volumes.flatMap((volume) => volume.configMap?.name ?? []));
      const lease = objects
        .filter(({ kind, metadata }) => kind === "ConfigMap" && maps.has(metadata.name))
        .map((map) => election.safeParse(parse(configMap.parse(map).data["plimsoll.yaml"] ?? "")).data?.leaderElection.lease)
        .find((name) => name !== undefined);
      return { name: object.metadata.name, images: containers.map(({ image }) => image), replicas, lease };
    });
}
