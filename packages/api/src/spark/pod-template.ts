import * as z from "zod";
import { crd } from "../schema/field.ts";

/** A part of a pod as Kubernetes has it: the API server judges it when the pod is made. */
export const kubernetes = z.record(z.string(), z.unknown()).meta(crd({ preserve: true }));
export const texts = z.record(z.string(), z.string());

const open = crd({ preserve: true });
const parts = z.array(kubernetes).optional();
const part = kubernetes.optional();

const container = z
  .looseObject({
    env: parts,
    envFrom: parts,
    ports: parts,
    volumeMounts: parts,
    resources: z.looseObject({ requests: part, limits: part }).meta(open).optional(),
    securityContext: part,
  })
  .meta(open);

const podSpec = z
  .looseObject({
    containers: z.array(container).optional(),
    initContainers: parts,
    volumes: parts,
    tolerations: parts,
    hostAliases: parts,
    imagePullSecrets: parts,
    nodeSelector: texts.optional(),
    securityContext: part,
  })
  .meta(open);

/** A pod template. Of its spec, the lists and maps to which other fields add have to be such; Kubernetes judges the rest. */
export const podTemplate = z
  .strictObject({
    apiVersion: z.string().optional(),
    kind: z.string().optional(),
    metadata: z
      .strictObject({
        labels: texts.optional(),
        annotations: texts.optional(),
        // As tools write it where there is none.
        creationTimestamp: z.null().optional(),
      })
      .optional(),
    spec: podSpec.optional(),
  })
  .meta(open);
