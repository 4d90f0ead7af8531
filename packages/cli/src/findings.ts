import {
  metadataProblems,
  pipelineRun,
  problemsIn,
  withLines,
  type Manifest,
  type Pipeline,
  type PipelineRun,
  type Problem,
} from "@plimsoll/api";
import { leftoversIn, mistakesIn, paramMistakes, parseValue, problemsOf } from "@plimsoll/features/pipelines/lint";
import { recurrenceOf } from "@plimsoll/controller/window-timing";
import { problemsIn as problemsInWindows } from "@plimsoll/features/resizing/lint";
import { problemsIn as problemsInPolicy } from "@plimsoll/features/rightsizing/lint";
import { findingsOf } from "@plimsoll/features/schedules/lint";
import { findingsOf as findingsOfSet } from "@plimsoll/features/workloads/lint";
import { madeProblems } from "./made-objects.ts";

/** Gives a Pipeline of the files by its name, for an object of a namespace; undefined where it isn't there, or not known to be just one. */
export type PipelineOf = (name: string, namespace: string | undefined) => Pipeline | undefined;

/** What the features find in an object of a file: what the controller would refuse, and what may be otherwise than it is meant. */
export function findingsIn(manifest: Manifest, pipelineOf: PipelineOf = () => undefined): { problems: Problem[]; notes: Problem[] } {
  const { object } = manifest;
  const named = (spec: PipelineRun["spec"]): Problem[] => {
    const pipeline = spec.pipelineRef && pipelineOf(spec.pipelineRef.name, object.metadata.namespace);
    return pipeline === undefined ? [] : paramMistakes(spec, pipeline);
  };
  const { problems, notes } = findingsOf(manifest, parseValue, (spec) => checkRun(spec, named), Date.now());
  const ofSet = findingsOfSet(manifest, parseValue);
  return {
    problems: [
      ...withLines([...sizeProblems(object), ...metadataProblems(object.metadata)], manifest.lineOf),
      ...problemsOf(manifest),
      ...(object.kind === "PipelineRun" ? withLines(named(object.spec), manifest.lineOf) : []),
      ...problems,
      ...ofSet.problems,
      ...withLines([...madeProblems(object)], manifest.lineOf),
      ...problemsInPolicy(manifest),
      ...problemsInWindows(manifest, recurrenceOf),
    ],
    notes: [...notes, ...ofSet.notes, ...leftoversIn(manifest)],
  };
}

/** In bytes: etcd takes no more at once, and so the API server keeps none. */
const largestObject = 1.5 * 2 ** 20;

function sizeProblems(object: Manifest["object"]): Problem[] {
  const size = Buffer.byteLength(JSON.stringify(object));
  if (size <= largestObject) return [];
  const message = `the ${object.kind} takes ${(size / 2 ** 20).toFixed(2)} MiB, and the API server keeps no object of more than 1.5: put scripts into images, and items into forEach`;
  return [{ path: [], message, rule: "field" }];
}

/** What is wrong with the spec of a run that a schedule makes. `named`: what the Pipeline that it names says. */
function checkRun(spec: Record<string, unknown>, named: (spec: PipelineRun["spec"]) => Problem[]): Problem[] {
  const [version] = pipelineRun.versions;
  const run = { apiVersion: "plimsoll.dev/v1alpha1", kind: "PipelineRun", metadata: {}, spec };
  const problems = problemsIn(version.schema, run);
  if (problems.length > 0) return problems;
  const read = version.schema.parse(run);
  return [...mistakesIn(read), ...named(read.spec)];
}
