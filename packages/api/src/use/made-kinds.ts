import * as z from "zod";
import { twice, withProblems } from "../problems/with-problems.ts";
import { manifestOf, type Manifested } from "../step/step-object.ts";
import type { Template } from "../step/template.ts";
import type { Use } from "./use.ts";

/** The kinds of objects that steps of what an object names may make: the API server sees one object at a time. */
export const manifestKinds = withProblems(
  z
    .array(
      z
        .string()
        .max(364)
        .regex(/^([a-z0-9.-]+\/)?[a-z0-9]+ [A-Za-z0-9]+$/, "must be an apiVersion and a kind, as in batch/v1 Job"),
    )
    .max(20),
  twice,
);

/** An object's apiVersion and kind, as lists have them. */
export function kindText({ apiVersion, kind }: Pick<Manifested, "apiVersion" | "kind">): string {
  return `${apiVersion} ${kind}`;
}

interface Source {
  name: string;
  manifest?: Manifested | undefined;
  spark?: Readonly<Record<string, unknown>> | undefined;
}

/** The kinds that a pipeline's steps make, each with every place. `title`: as in `Pipeline "release"`. */
export function kindsOf(pipeline: { steps: readonly Source[]; finally?: readonly Source[] | undefined }, title: string): Use[] {
  return (["steps", "finally"] as const).flatMap((list) =>
    (pipeline[list] ?? []).flatMap((step, index) => {
      const made = manifestOf(step);
      return made === undefined ? [] : [{ name: kindText(made), by: `step "${step.name}" of ${title}`, path: [list, index] }];
    }),
  );
}

const steps = z.array(z.looseObject({ name: z.string(), manifest: z.unknown(), spark: z.unknown() })).optional();
const runSpec = z.looseObject({
  manifestKinds: z.array(z.string()).optional(),
  pipeline: z.looseObject({ steps, finally: steps }).optional(),
});

/** The kinds that steps of what the template of a PipelineSchedule of that name starts may make. */
export function kindsIn({ kind = "PipelineRun", spec }: Template, schedule: string): Use[] {
  const { data } = runSpec.safeParse(spec);
  if (kind !== "PipelineRun" || data === undefined) return [];
  const by = `what PipelineSchedule "${schedule}" starts`;
  const own = kindsOf({ steps: [], ...(data.pipeline as object) }, by).map((use) => ({ ...use, by, path: [] }));
  return [...(data.manifestKinds ?? []).map((name) => ({ name, by, path: [] })), ...own];
}
