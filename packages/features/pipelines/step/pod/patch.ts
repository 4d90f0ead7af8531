import { mergeKeyOf, patchProblems, formatPath, reserved } from "@plimsoll/api";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { isDeepStrictEqual } from "node:util";
import { TemplateError } from "../../language/template.ts";
import { merged } from "./strategic-merge.ts";

/** A pod with a user's patch over it. Throws a TemplateError where the patch is wrong, or takes what Plimsoll knows its pods by. */
export function applyPatch(pod: Pod, patch: Readonly<Record<string, unknown>>): Pod {
  for (const { path, message } of patchProblems(patch)) fail(`${formatPath(path)}: ${message}`);
  const result = merged(pod, patch, mergeKeyOf) as Pod;
  const before = identityOf(pod);
  const changed = Object.entries(identityOf(result)).find(([field, value]) => !isDeepStrictEqual(value, before[field]));
  if (changed) fail(`changes ${changed[0]}, by which Plimsoll knows the pod: take that out`);
  return result;
}

function fail(message: string): never {
  throw new TemplateError(["pod", "patch"], message);
}

function identityOf({ metadata = {}, spec }: Pod): Record<string, unknown> {
  const own = (map: Readonly<Record<string, string>> = {}): unknown =>
    Object.fromEntries(Object.entries(map).filter(([key]) => key.startsWith(reserved.domain)));
  return {
    "metadata.namespace": metadata.namespace,
    "metadata.name": metadata.name,
    "metadata.ownerReferences": metadata.ownerReferences,
    [`the labels under ${reserved.domain}`]: own(metadata.labels),
    [`the annotations under ${reserved.domain}`]: own(metadata.annotations),
    "spec.restartPolicy": spec?.restartPolicy,
    [`the container ${reserved.container}`]: spec?.containers.filter(({ name }) => name === reserved.container).length,
  };
}
