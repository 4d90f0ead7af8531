import * as z from "zod";
import { timeOf } from "../pod.ts";
import { requestsOf, type Amounts } from "../amounts/requests.ts";

/** What the API server still knows of what is over. Times are milliseconds since 1970. */
export interface History {
  runs: readonly RunHistory[];
}

/** What a PipelineRun's status says of its steps, whose pods may be gone. */
export interface RunHistory {
  namespace: string;
  name: string;
  uid: string;
  /** The Pipeline that it names; empty where it holds its own. */
  pipeline: string;
  steps: readonly StepHistory[];
}

/** A step that has started. */
export interface StepHistory {
  name: string;
  startedAt: number;
  /** Undefined: it goes on. */
  finishedAt: number | undefined;
  /** How many of its items have begun; 1 for a step that runs once. */
  started: number;
  /** How many of them may have run at once. */
  atOnce: number;
  /** Of each pod. */
  requests: Amounts;
}

/** The schema of the same, in a snapshot. */
export const history = z.object({
  runs: z.array(
    z.object({
      namespace: z.string(),
      name: z.string(),
      uid: z.string(),
      pipeline: z.string(),
      steps: z.array(
        z.object({
          name: z.string(),
          startedAt: z.number(),
          finishedAt: z
            .number()
            .optional()
            .transform((value): number | undefined => value),
          started: z.number(),
          atOnce: z.number(),
          requests: z.record(z.string(), z.number()),
        }),
      ),
    }),
  ),
}) satisfies z.ZodType<History>;

/** By which of a run's pods' labels their step is known. */
export const stepLabel = "plimsoll.dev/step";

/** As far as a run's history is in it. */
interface Run {
  metadata: { namespace?: string | undefined; name?: string | undefined; uid?: string | undefined };
  spec: { pipelineRef?: { name: string } | undefined; pipeline?: Steps | undefined };
  status?: { pipeline?: Steps | undefined; steps?: Readonly<Record<string, Status>> | undefined } | undefined;
}

type List = Readonly<Record<string, string | number>>;

interface Steps {
  steps: readonly Step[];
  finally?: readonly Step[] | undefined;
}

interface Step {
  name: string;
  parallelism?: number | undefined;
  resources?: { requests?: List | undefined; limits?: List | undefined } | undefined;
}

interface Status {
  startedAt?: string | undefined;
  finishedAt?: string | undefined;
  items?: { total: number; started?: number | undefined } | undefined;
}

/** Takes of a PipelineRun what is kept. */
export function runHistoryOf({ metadata, spec, status = {} }: Run): RunHistory {
  const pipeline = spec.pipeline ?? status.pipeline;
  const steps = new Map([...(pipeline?.steps ?? []), ...(pipeline?.finally ?? [])].map((step) => [step.name, step]));
  return {
    namespace: metadata.namespace ?? "",
    name: metadata.name ?? "",
    uid: metadata.uid ?? "",
    pipeline: spec.pipelineRef?.name ?? "",
    steps: Object.entries(status.steps ?? {}).flatMap(([name, { startedAt, finishedAt, items }]): StepHistory[] => {
      const from = timeOf(startedAt);
      if (from === undefined) return [];
      const { parallelism, resources = {} } = steps.get(name) ?? {};
      const started = items === undefined ? 1 : (items.started ?? items.total);
      // What only a limit is given of is asked for up to it, as the API server has it.
      const requests = { ...resources.limits, ...resources.requests } as Record<string, string>;
      return [
        {
          name,
          startedAt: from,
          finishedAt: timeOf(finishedAt),
          started,
          atOnce: Math.min(started, parallelism ?? started),
          requests: requestsOf({ spec: { containers: [{ name, resources: { requests } }] } }),
        },
      ];
    }),
  };
}
