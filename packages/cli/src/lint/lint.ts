import {
  EncodingError,
  kinds,
  namesakesIn,
  ofRule,
  readManifests,
  unlistedIn,
  type Manifest,
  type Pipeline,
  type Placed,
  type Problem,
  type SoundPart,
} from "@plimsoll/api";
import { count } from "@plimsoll/api/text";
import { sparkTimingOf } from "@plimsoll/controller/spark-timing";
import { podSpecProblems } from "@plimsoll/features/pipelines/lint";
import { problemsOf as sparkProblemsOf } from "@plimsoll/features/spark/lint";
import { Command } from "commander";
import { UsageError } from "../failure.ts";
import { findingsIn, type PipelineOf } from "./findings.ts";
import { withFormat } from "../permissions/format.ts";
import { printProblems, type FileProblem } from "./problems.ts";
import { readText, unreadable } from "../source-text.ts";
import { summaries } from "../summaries.ts";
import { visible } from "../output/visible.ts";

/** `plimsoll lint`: what the controller would refuse, found without a cluster. */
export function lintCommand(): Command {
  return withFormat(new Command("lint"), "text", "json", "sarif", "github")
    .description(summaries.lint.description)
    .argument("<file...>", "YAML or JSON files, or - for standard input")
    .addHelpText(
      "after",
      "\nExamples:\n  plimsoll lint examples/digits/pipeline.yaml\n  generate-pipeline | plimsoll lint -\n  plimsoll lint pipelines/*.yaml -o sarif > plimsoll.sarif\n\nExit code 2 when there is a problem. A note says what may be otherwise than it is meant, and is none.",
    )
    .action(async (given: string[], options: { output: string }) => {
      const files = [...new Set(given)];
      const read = await Promise.all(files.map(readOf));
      const pipelineOf = pipelinesIn(read);
      const found: FileProblem[] = [];
      const notes: FileProblem[] = [];
      const placed: Placed[] = [];
      for (const [index, file] of files.entries()) {
        const findings = findingsOf(read[index] ?? nothing, pipelineOf);
        found.push(...findings.problems.map((problem) => ({ file, ...problem })));
        notes.push(...findings.notes.map((note) => ({ file, ...note, isNote: true })));
        const { manifests, parts } = read[index] ?? nothing;
        const lineOf = ({ lineOf }: Manifest): number => lineOf(["metadata", "name"]);
        placed.push(...[...manifests, ...parts].toSorted((a, b) => lineOf(a) - lineOf(b)).map((manifest) => ({ file, manifest })));
      }
      for (const { file, problem, isNote } of namesakesIn(placed)) (isNote ? notes : found).push({ file, ...problem, isNote });
      printProblems(
        options.output,
        [found, notes].flatMap((problems) => inOrder(problems, files)),
      );
      const where = files.length > mostNamed ? `${files.length} files` : visible(files.join(", "));
      if (found.length > 0) throw new UsageError(`${count(found.length, "problem")} in ${where}`);
      if (options.output === "text") console.log(`${where}: no problems`);
    });
}

/** More files aren't named one by one. */
const mostNamed = 3;

function inOrder(problems: readonly FileProblem[], files: readonly string[]): FileProblem[] {
  const places = new Map(files.map((file, index) => [file, index]));
  const placeOf = ({ file }: FileProblem): number => places.get(file) ?? 0;
  return problems.toSorted((a, b) => placeOf(a) - placeOf(b) || (a.line ?? 0) - (b.line ?? 0));
}

interface Read {
  manifests: Manifest[];
  parts: SoundPart[];
  problems: Problem[];
}

const nothing: Read = { manifests: [], parts: [], problems: [] };

async function readOf(file: string): Promise<Read> {
  let text: string;
  try {
    text = await readText(file);
  } catch (error) {
    const problem: Problem =
      error instanceof EncodingError ? { path: [], message: error.message, line: error.line } : { path: [], message: unreadable(error) };
    return { ...nothing, problems: [{ ...problem, rule: "yaml" }] };
  }
  return readManifests(text, kinds, (value) => sparkProblemsOf(value, { timingOf: sparkTimingOf, judge: podSpecProblems }));
}

/** The Pipelines that stand once in some files, as far as their parameters are known. */
function pipelinesIn(read: readonly Read[]): PipelineOf {
  const parts = read.flatMap(({ parts }) => parts);
  const areParamsKnown = ({ theirs }: SoundPart): boolean =>
    theirs([{ path: ["spec", "params", "NAME"], message: "", by: ["params"] }]).length > 0;
  const objects = [...read.flatMap(({ manifests }) => manifests), ...parts.filter(areParamsKnown)].map(({ object }) => object);
  const pipelines = objects.filter((object): object is Pipeline => object.kind === "Pipeline");
  const byName = Map.groupBy(pipelines, ({ metadata: { namespace, name } }) => JSON.stringify([namespace, name]));
  return (name, namespace) => {
    const [pipeline, ...more] = byName.get(JSON.stringify([namespace, name])) ?? [];
    return more.length === 0 ? pipeline : undefined;
  };
}

function findingsOf({ manifests, parts, problems }: Read, pipelineOf: PipelineOf): { problems: Problem[]; notes: Problem[] } {
  const found = [
    ...manifests.map((manifest) => findingsIn(manifest, pipelineOf)),
    ...parts.map((part) => {
      const { problems, notes } = findingsIn(part, pipelineOf);
      return { problems: part.theirs(problems), notes: part.theirs(notes) };
    }),
  ];
  const own = [...problems, ...found.flatMap(({ problems }) => problems), ...unlistedIn(manifests)];
  return {
    problems: ofRule("field", own),
    notes: ofRule(
      "field",
      found.flatMap(({ notes }) => notes),
    ),
  };
}
