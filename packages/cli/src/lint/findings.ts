import {
  jsonSize,
  managedFieldsSize,
  metadataProblems,
  pipelineRun,
  readSound,
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
  const size = jsonSize(object);
  return {
    problems: [
      ...withLines([...sizeProblems(object, size), ...metadataProblems(object.metadata)], manifest.lineOf),
      ...problemsOf(manifest),
      ...(object.kind === "PipelineRun" ? withLines(named(object.spec), manifest.lineOf) : []),
      ...problems,
      ...ofSet.problems,
      ...withLines([...madeProblems(object)], manifest.lineOf),
      ...problemsInPolicy(manifest),
      ...problemsInWindows(manifest, recurrenceOf),
    ],
    notes: [...withLines(sizeNotes(object, size), manifest.lineOf), ...notes, ...ofSet.notes, ...leftoversIn(manifest)],
  };
}

/** In bytes: etcd takes no more at once, and so the API server keeps none. */
const largestObject = 1.5 * 2 ** 20;
/** In bytes: what an object's annotations may take together. */
const mostInAnnotations = 256 * 1024;
/** In bytes, about: uid, times and the like, which the API server puts beside; and in an annotation, what stands around an object. */
const [beside, around] = [400, 80];

function sizeProblems({ kind }: Manifest["object"], size: number): Problem[] {
  if (size + beside <= largestObject) return [];
  const message = `the ${kind} takes ${mebibytes(size)} MiB, with six bytes for each <, > and &, and the API server keeps no object of more than 1.5: put scripts into images, and items into forEach`;
  return [{ path: [], message, rule: "field" }];
}

/** Where an object is too large with who holds which field, the API server leaves that out, but not of what is applied. */
function sizeNotes(object: Manifest["object"], size: number): Problem[] {
  // What has its name made is created.
  if (object.metadata.name === undefined || size + around <= mostInAnnotations || size + beside > largestObject) return [];
  const owned = size + beside + managedFieldsSize(object);
  const message =
    owned > largestObject
      ? `kubectl apply can't make the ${object.kind}, which takes ${mebibytes(owned)} MiB with who holds which field (managedFields), and 1.5 are kept: use kubectl create`
      : `kubectl apply can't make the ${object.kind}, of which it keeps a copy in an annotation of at most 256 KiB: use kubectl apply --server-side, or kubectl create`;
  return [{ path: [], message, rule: "field" }];
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(2);
}

/** What is wrong with the spec of a run that a schedule makes. `named`: what the Pipeline that it names says. */
function checkRun(spec: Record<string, unknown>, named: (spec: PipelineRun["spec"]) => Problem[]): Problem[] {
  const [version] = pipelineRun.versions;
  const run = { apiVersion: "plimsoll.dev/v1alpha1", kind: "PipelineRun", metadata: {}, spec };
  const read = readSound(pipelineRun.kind, version.schema, run);
  const found = (object: PipelineRun): Problem[] => [...mistakesIn(object), ...named(object.spec), ...madeProblems(object)];
  if ("object" in read) return found(read.object);
  const { part, problems } = read;
  return [...problems.map(({ path, message }) => ({ path, message })), ...(part?.theirs(found(part.object)) ?? [])];
}
