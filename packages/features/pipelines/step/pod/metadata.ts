import { reserved, type PodOptions } from "@plimsoll/api";
import type { ObjectMeta } from "kubernetes-types/meta/v1.d.ts";
import { TemplateError } from "../../language/template.ts";
import { annotations, labels } from "../labels.ts";
import { ownedBy } from "./owner.ts";
import type { PodSource } from "./source.ts";

/** The API server takes 256 KiB of annotations, names and values of all together; some are left for the record, so that a pod never fails by it. */
const annotationsLimit = 240 * 1024;

/** A pod's metadata: the run's labels and annotations, over them the user's for pods, over them what says whose the pod is. */
export function renderMetadata(source: PodSource, options: PodOptions, files: Record<string, string>): ObjectMeta {
  const { run, step, item, record } = source;
  const given = { ...inherited(run.annotations), ...options.annotations, ...files };
  checkSize(given, item?.index);
  const all = { ...given, ...(record === undefined ? {} : { [annotations.record]: record }) };
  return {
    namespace: run.namespace,
    name: source.name,
    labels: {
      ...inherited(run.labels),
      ...options.labels,
      [labels.run]: run.name,
      [labels.runUid]: run.uid,
      [labels.step]: step.name,
      ...(item === undefined ? {} : { [labels.item]: String(item.index) }),
      [labels.try]: String(source.try),
    },
    ...(Object.keys(all).length > 0 ? { annotations: all } : {}),
    ownerReferences: ownedBy(run),
  };
}

/** What kubectl writes of the run itself is none of the pod's. */
function inherited(own: Readonly<Record<string, string>> = {}): Record<string, string> {
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
