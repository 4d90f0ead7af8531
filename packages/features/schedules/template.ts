import { apiVersion, closest, type Path, type Problem, type Template } from "@plimsoll/api";
import { messageOf } from "@plimsoll/kube/message";
import type { Timing } from "./cron/timing.ts";
import { evaluated, textsWithin, type Language } from "../expressions.ts";

/** The kind of what a template makes. */
export interface ObjectKind {
  apiVersion: string;
  kind: string;
}

/** What a template makes, unless it says otherwise. */
export const runKind: ObjectKind = { apiVersion, kind: "PipelineRun" };

/** The kind that a template is of. */
export function kindOf(template: Template): ObjectKind {
  return { apiVersion: template.apiVersion ?? runKind.apiVersion, kind: template.kind ?? runKind.kind };
}

/** Whether two kinds are the same. */
export function isKind(a: ObjectKind, b: ObjectKind): boolean {
  return a.kind === b.kind && a.apiVersion === b.apiVersion;
}

/** What the expressions of a template know. */
export interface ScheduleValues {
  /** The time that the run is for, in RFC 3339 and UTC. */
  time: string;
  /** The time before that, whether there was a run or not; empty where there is none. */
  previous: string;
  /** From `previous` to `time`, as in `86400s`; empty where there is no `previous`. */
  interval: string;
  /** The day of `time` in the schedule's zone, as in 2027-03-28. */
  date: string;
  name: string;
  namespace: string;
}

/** The values for a time, in milliseconds since 1970; a function of the schedule's timing and the time alone. */
export function valuesFor(
  time: number,
  timing: Pick<Timing, "previousAtAll" | "zone">,
  of: { namespace: string; name: string },
): ScheduleValues {
  const previous = timing.previousAtAll(time);
  return {
    time: timeText(time),
    previous: previous === undefined ? "" : timeText(previous),
    interval: previous === undefined ? "" : `${(time - previous) / 1000}s`,
    date: new Date(timing.zone.wallAt(time)).toISOString().slice(0, 10),
    name: of.name,
    namespace: of.namespace,
  };
}

/** RFC 3339 in whole seconds. */
export function timeText(time: number): string {
  return new Date(time).toISOString().replace(".000Z", "Z");
}

/** Expressions stand in labels and annotations and, of a PipelineRun, in its params: those in its pipeline are the run's own. Of others, anywhere in the spec. */
function* textsIn(template: Template): Generator<{ path: Path; text: string }> {
  const { labels, annotations } = template.metadata ?? {};
  yield* textsWithin(labels, ["metadata", "labels"]);
  yield* textsWithin(annotations, ["metadata", "annotations"]);
  if (isKind(kindOf(template), runKind)) yield* textsWithin(template.spec["params"], ["spec", "params"]);
  else yield* textsWithin(template.spec, ["spec"]);
}

/** A time as good as any other, for trying expressions. */
export const someValues: ScheduleValues = {
  time: "2027-01-02T00:00:00Z",
  previous: "2027-01-01T00:00:00Z",
  interval: "86400s",
  date: "2027-01-02",
  name: "name",
  namespace: "namespace",
};

/** What is wrong with a template's expressions. */
export function templateProblems(template: Template, language: Language, at: Path = ["spec", "template"]): Problem[] {
  const problems: Problem[] = [];
  for (const { path, text } of textsIn(template)) {
    const told = (message: string): void => void problems.push({ path: [...at, ...path], message });
    try {
      const value = language(text);
      const unknown = [...(value?.variables ?? [])].find((name) => name !== "schedule");
      if (unknown !== undefined)
        told(`there is no "${unknown}"${closest(unknown, ["schedule"])}: the expressions of a schedule know \`schedule\``);
      else value?.evaluate({ schedule: someValues });
    } catch (error) {
      told(messageOf(error));
    }
  }
  return problems;
}

/** What a template makes for a time. Throws an Error for an expression that has no value. */
export function render(template: Template, language: Language, schedule: ScheduleValues): Template {
  const replaced = (value: unknown): unknown => evaluated(value, language, { schedule });
  const texts = (map: Readonly<Record<string, string>> = {}): Record<string, string> =>
    Object.fromEntries(Object.entries(map).map(([key, value]) => [key, String(replaced(value))]));
  const { metadata, spec } = template;
  const isRun = isKind(kindOf(template), runKind);
  return {
    ...kindOf(template),
    metadata: { labels: texts(metadata?.labels), annotations: texts(metadata?.annotations) },
    spec: isRun
      ? { ...spec, ...(spec["params"] === undefined ? {} : { params: replaced(spec["params"]) }) }
      : (replaced(spec) as Template["spec"]),
  };
}
