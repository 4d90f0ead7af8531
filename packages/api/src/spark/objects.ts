import type * as z from "zod";
import type { metadata } from "../field.ts";
import { problemsIn, type Problem } from "../problem.ts";
import { sparkApplicationSpec, type SparkApplicationSpec } from "./application-spec.ts";
import { wayOut } from "./refused.ts";
import { scheduledSparkApplicationSpec, type ScheduledSparkApplicationSpec, type ScheduledSparkApplicationStatus } from "./scheduled.ts";
import type { SparkApplicationStatus } from "./status.ts";

/** A SparkApplication as the API server has it: its spec may hold anything until it is read. */
export interface SparkApplication {
  apiVersion?: string | undefined;
  kind?: string | undefined;
  metadata: z.input<typeof metadata>;
  spec: unknown;
  status?: SparkApplicationStatus | undefined;
}

/** A ScheduledSparkApplication as the API server has it. */
export interface ScheduledSparkApplication {
  apiVersion?: string | undefined;
  kind?: string | undefined;
  metadata: z.input<typeof metadata>;
  spec: unknown;
  status?: ScheduledSparkApplicationStatus | undefined;
}

type Read<T> = { spec: T } | { problems: readonly Problem[] };

/** Reads the spec of a SparkApplication; `at`: where it stands. */
export function readSparkSpec(spec: unknown, at: readonly string[] = ["spec"]): Read<SparkApplicationSpec> {
  return read(sparkApplicationSpec, spec, at, at.length);
}

/** Reads the spec of a ScheduledSparkApplication, with the application's within. */
export function readScheduledSparkSpec(spec: unknown): Read<ScheduledSparkApplicationSpec> {
  return read(scheduledSparkApplicationSpec, spec, ["spec"], 2);
}

/** `depth`: how much of a path is before the application's own fields. */
function read<S extends z.ZodType>(schema: S, spec: unknown, at: readonly string[], depth: number): Read<z.output<S>> {
  const problems = problemsIn(schema, spec, at).map((problem) => ({
    ...problem,
    message: wayOut(problem.path.slice(depth)) ?? problem.message,
  }));
  return problems.length > 0 ? { problems } : { spec: schema.parse(spec) };
}
