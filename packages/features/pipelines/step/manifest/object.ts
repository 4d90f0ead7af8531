import { changedAccount, manifestOf } from "@plimsoll/api";
import * as z from "zod";
import { TemplateError } from "../../language/template.ts";
import { annotations } from "../labels.ts";
import { ownedBy } from "../owner.ts";
import type { PodSource } from "../pod/files/source.ts";
import { inherited, renderLabels } from "../pod/metadata.ts";
import type { StepObject } from "./stored.ts";

/** What an object of a step is made of. */
export type ManifestSource = Pick<PodSource, "run" | "step" | "item" | "try" | "name" | "record" | "variables" | "meter">;

const texts = z.record(z.string(), z.string());
const rendered = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ labels: texts.optional(), annotations: texts.optional() }).optional(),
});

/** The object of one try. Throws a TemplateError where an expression has no value, or gives none that its place takes. */
export function renderObject(source: ManifestSource): StepObject {
  const { run, step, item, record, variables, meter } = source;
  const made = rendered.safeParse(step.templates().manifest?.render(variables, meter));
  if (!made.success) {
    const [issue] = made.error.issues;
    throw new TemplateError(["manifest", ...(issue?.path ?? []).map(String)], "must be a text: use string(…) for what is none");
  }
  const { metadata, ...rest } = made.data;
  const account = changedAccount(manifestOf(step.spec) ?? {}, rest);
  // The API server's policy has read what is written, and nothing else.
  if (account !== undefined)
    throw new TemplateError(
      step.spec.spark === undefined ? ["manifest", ...account] : ["spark", ...account.slice(1)],
      "a ServiceAccount stands as it is written, without an expression for it or for what it is in: what it may do is checked by that",
    );
  const given = { ...inherited(run.annotations), ...metadata?.annotations };
  const all = {
    ...given,
    ...(item === undefined ? {} : { [annotations.item]: JSON.stringify(item.value ?? null).slice(0, 4096) }),
    ...(step.spec.keep === undefined || step.spec.keep === "never" ? {} : { [annotations.keep]: step.spec.keep }),
    ...(record === undefined ? {} : { [annotations.record]: record }),
  };
  return {
    ...rest,
    metadata: {
      namespace: run.namespace,
      name: source.name,
      labels: renderLabels(source, { labels: metadata?.labels ?? {} }),
      ...(Object.keys(all).length > 0 ? { annotations: all } : {}),
      ownerReferences: ownedBy(run),
    },
  };
}
