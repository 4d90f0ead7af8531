import { reserved, type PipelineRun, type PodOptions } from "@plimsoll/api";
import type { ObjectMeta } from "kubernetes-types/meta/v1.d.ts";
import { TemplateError } from "../../language/template.ts";
import type { Plan, PlanStep } from "../../plan/plan.ts";
import { noteOf } from "../../sizing/given.ts";
import { annotations, labels } from "../labels.ts";
import { ownedBy } from "../owner.ts";
import type { PodFrame, PodSource } from "./files/source.ts";

/** What a pod's labels are made of. */
export type LabelSource = Pick<PodSource, "run" | "step" | "try"> & { item?: Pick<NonNullable<PodSource["item"]>, "index"> };

/** The API server takes 256 KiB of annotations, names and values of all together; some are left for the record, so that a pod never fails by it. */
const annotationsLimit = 240 * 1024;

/** A pod's metadata: the run's labels and annotations, over them the user's for pods, over them what says whose the pod is. */
export function renderMetadata(source: PodFrame, options: PodOptions, files: Record<string, string>): ObjectMeta {
  const { run, item, record } = source;
  const given = { ...inherited(run.annotations), ...options.annotations, ...files };
  checkSize(given, item?.index);
  const sized = source.given === undefined ? {} : { [annotations.sizing]: noteOf(source.given) };
  const all = { ...given, ...sized, ...(record === undefined ? {} : { [annotations.record]: record }) };
  return {
    namespace: run.namespace,
    name: source.name,
    labels: renderLabels(source, options),
    ...(Object.keys(all).length > 0 ? { annotations: all } : {}),
    ownerReferences: ownedBy(run),
  };
}

/** A pod's labels, before a patch. */
export function renderLabels({ run, step, item, try: number }: LabelSource, options: Pick<PodOptions, "labels">): Record<string, string> {
  return {
    ...inherited(run.labels),
    ...options.labels,
    [labels.run]: run.name,
    [labels.runUid]: run.uid,
    [labels.step]: step.name,
    ...(item === undefined ? {} : { [labels.item]: String(item.index) }),
    [labels.try]: String(number),
    ...(step.spec.resources?.auto === undefined ? {} : { [labels.sizing]: "auto" }),
  };
}

/** The labels that a step's pods have, by the first of them, with those of a patch. */
export function labelsOf(run: PipelineRun["metadata"], plan: Pick<Plan, "pod">, step: PlanStep): Record<string, string> {
  const { namespace = "", name = "", uid = "", labels: own = {} } = run;
  const options: PodOptions = { ...plan.pod, ...step.spec.pod };
  const source: LabelSource = { run: { namespace, name, uid, labels: own }, step, try: 1, ...(step.fanned ? { item: { index: 0 } } : {}) };
  const patched = (options.patch?.["metadata"] as { labels?: Record<string, string | null> } | undefined)?.labels;
  const all = Object.entries({ ...renderLabels(source, options), ...patched });
  return Object.fromEntries(all.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}

/** What kubectl writes of the run itself is none of the pod's. */
export function inherited(own: Readonly<Record<string, string>> = {}): Record<string, string> {
  const isOthers = (key: string): boolean => key.startsWith(reserved.domain) || key.startsWith("kubectl.kubernetes.io/");
  return Object.fromEntries(Object.entries(own).filter(([key]) => !isOthers(key)));
}

function checkSize(all: Readonly<Record<string, string>>, item: number | undefined): void {
  const sizeOf = (key: string): number => (all[key] === undefined ? 0 : Buffer.byteLength(key) + Buffer.byteLength(all[key]));
  const total = Object.keys(all).reduce((sum, key) => sum + sizeOf(key), 0);
  if (total <= annotationsLimit) return;
  const [script, value] = [sizeOf(annotations.script), sizeOf(annotations.item)];
  const sizes = [
    ...(script > 0 ? [`the script takes ${script}`] : []),
    ...(value > 0 ? [`item ${item} takes ${value}`] : []),
    `other annotations take ${total - script - value}`,
  ];
  throw new TemplateError(
    script > 0 ? ["script"] : value > 0 ? ["forEach"] : ["pod", "annotations"],
    `the pod's annotations, in which these travel, would take ${total} bytes of at most ${annotationsLimit}: ${sizes.join(", ")}; put what is large into the image, a ConfigMap of pod.volumes or the workspace`,
  );
}
