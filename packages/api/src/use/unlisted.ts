import * as z from "zod";
import { withLines } from "../yaml/documents.ts";
import { apiVersion, type ObjectOf } from "../schema/kind.ts";
import type { kinds } from "../kinds/index.ts";
import { kindsIn, kindsOf } from "./made-kinds.ts";
import type { Manifest } from "../manifest.ts";
import type { Path } from "../problems/path.ts";
import type { Problem } from "../problems/problem.ts";
import { accountsIn, accountsOf } from "./service-accounts.ts";
import { unlisted } from "./use.ts";

type Any = ObjectOf<(typeof kinds)[number]>;
type Of<K extends Any["kind"]> = Extract<Any, { kind: K }>;

/** Finds an object by its kind and name beside another. */
type Beside = <K extends Any["kind"]>(kind: K, name: string) => Of<K> | undefined;

/** ServiceAccounts that objects of a file don't list, where what they name stands in the same file. */
export function unlistedIn(manifests: readonly Manifest[]): Problem[] {
  return manifests.flatMap(({ object, lineOf }) => {
    const { namespace } = object.metadata;
    const beside: Beside = (kind, name) =>
      manifests
        .map((manifest) => manifest.object)
        .find(
          (other): other is Of<typeof kind> =>
            other.kind === kind && other.metadata.name === name && other.metadata.namespace === namespace,
        );
    return withLines(problemsOf(object, beside), lineOf);
  });
}

function problemsOf(object: Any, beside: Beside): Problem[] {
  switch (object.kind) {
    case "PipelineRun":
      return runProblems(object.spec, beside, ["spec"]);
    case "PipelineSchedule": {
      const { template } = object.spec;
      const isRun = (template.kind ?? "PipelineRun") === "PipelineRun" && (template.apiVersion ?? apiVersion) === apiVersion;
      return isRun ? runProblems(template.spec, beside, ["spec", "template", "spec"]) : [];
    }
    case "Backfill": {
      const { schedule } = object.spec;
      const template = beside("PipelineSchedule", schedule)?.spec.template;
      if (template === undefined) return [];
      const uses = { serviceAccountNames: accountsIn(template, schedule), manifestKinds: kindsIn(template, schedule) };
      return unlisted(uses, object.spec);
    }
    default:
      return [];
  }
}

const names = z.array(z.string()).optional();

/** What of a run's spec says which Pipeline it names, and what it lists. */
const naming = z.object({ pipelineRef: z.object({ name: z.string() }), serviceAccountNames: names, manifestKinds: names });

function runProblems(spec: unknown, beside: Beside, at: Path): Problem[] {
  const { data } = naming.safeParse(spec);
  const pipeline = data && beside("Pipeline", data.pipelineRef.name);
  if (pipeline === undefined) return [];
  const title = `Pipeline "${data?.pipelineRef.name}"`;
  return unlisted({ serviceAccountNames: accountsOf(pipeline.spec, title), manifestKinds: kindsOf(pipeline.spec, title) }, data, at);
}
