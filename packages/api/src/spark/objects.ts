import type * as z from "zod";
import type { metadata } from "../schema/field.ts";
import { valueAt, type Path } from "../problems/path.ts";
import { problemsIn } from "../problems/issues.ts";
import { type Problem } from "../problems/problem.ts";
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

const someFields = sparkApplicationSpec.partial();

/** What can be read of a spec in which something is wrong. */
export interface SoundSparkSpec {
  spec: z.output<typeof someFields>;
  /** The fields that are there and can't be read, as in `image` or `driver.image`. */
  unread: ReadonlySet<string>;
}

/** The maps whose fields are read one by one. */
const maps = new Set(["driver", "executor", "sparkConf"]);

/** Reads what is as it should be of a spec in which `problems` were found; `at`: where it stands. Undefined where it is no map. */
export function soundSparkSpec(spec: unknown, problems: readonly Problem[], at: Path = ["spec"]): SoundSparkSpec | undefined {
  const sound = structuredClone(spec);
  const unread = new Set<string>();
  for (const { path } of problems) {
    const [field = "", inner] = path.slice(at.length).map(String);
    const holder: unknown = maps.has(field) && inner !== undefined ? valueAt(sound, [field]) : sound;
    const key = holder === sound ? field : (inner ?? "");
    if (typeof holder !== "object" || holder === null || !(key in holder)) continue;
    Reflect.deleteProperty(holder, key);
    unread.add(holder === sound ? field : `${field}.${key}`);
  }
  const read = someFields.safeParse(sound);
  return read.success ? { spec: read.data, unread } : undefined;
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
