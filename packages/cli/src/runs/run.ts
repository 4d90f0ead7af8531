import { Command } from "commander";
import { parse } from "yaml";
import { accountsOf, kindsOf, listsOf, withLines, type Param, type Pipeline, type PipelineRun } from "@plimsoll/api";
import { mistakesIn, pipelineKinds } from "@plimsoll/features/pipelines";
import { ApiError, isAlreadyExists, type Stored } from "@plimsoll/kube";
import { messageOf } from "@plimsoll/kube/message";
import { withCluster, type ClusterOptions } from "../connect/cluster-options.ts";
import { connected, type Client } from "../connect/connect.ts";
import { Failure, UsageError } from "../failure.ts";
import { madeProblems } from "../lint/made-objects.ts";
import { check, readManifest } from "../manifest.ts";
import { formatOne, qualifiedName, withObject, type ObjectFormat } from "../output/output.ts";
import { orMissing } from "../connect/missing.ts";
import { summaries } from "../summaries.ts";
import { watchRun } from "./watch.ts";

interface RunOptions extends ClusterOptions {
  param?: string[];
  name?: string;
  watch?: boolean;
  output?: ObjectFormat;
}

/** `plimsoll run`: starts a run of a file's or the cluster's pipeline. */
export function runCommand(): Command {
  return withObject(withCluster(new Command("run")), "how to print the new run")
    .description(summaries.run.description)
    .argument("<file|name>", "a file (with a / or an ending, or - for standard input), or a Pipeline's name")
    .option("-p, --param <key=value>", "set a parameter; may be repeated", (value: string, all: string[] = []) => [...all, value])
    .option("--name <name>", "the run's name (default: the pipeline's with a random ending)")
    .option("-w, --watch", "stay until the run ends; exit code 1 when it failed")
    .addHelpText(
      "after",
      "\nExamples:\n  plimsoll run examples/digits/pipeline.yaml --watch\n  plimsoll run digits -p seed=3 -p threshold=0.9\n  generate-pipeline | plimsoll run - -o name",
    )
    .action((source: string, options: RunOptions) =>
      connected(options, async (client, namespace) => {
        const run = isFile(source) ? await runOfFile(source, options, namespace) : await runOfPipeline(client, source, options, namespace);
        const created = await create(client, run);
        console.log(options.output ? formatOne(created, options.output) : `${qualifiedName(created)} created`);
        if (options.watch) await watchRun(client, created);
        else if (!options.output)
          console.error(`Follow it with: plimsoll get ${created.metadata.name} -n ${created.metadata.namespace} --watch`);
      }),
    );
}

async function create(client: Client, run: PipelineRun): Promise<Stored<PipelineRun>> {
  try {
    return await client("pipelineruns.plimsoll.dev").create(run);
  } catch (error) {
    if (isAlreadyExists(error))
      throw new Failure(`there is a run "${run.metadata.name}" already: give another --name, or leave it out for a name of its own`);
    // etcd takes 1.5 MiB, gRPC sends it no more than 2, and the API server reads no more than 3.
    if (error instanceof ApiError && (error.code === 413 || /request is too large|larger than max/.test(error.message))) {
      const size = (Buffer.byteLength(JSON.stringify(run)) / 2 ** 20).toFixed(1);
      throw new Failure(
        `the run takes ${size} MiB, and the API server keeps no object of more than 1.5: put scripts into images, and items into forEach`,
      );
    }
    throw error;
  }
}

/** A source is a file when it looks like a path; a Pipeline's name has neither a slash nor a .yaml, .yml or .json ending. */
export function isFile(source: string): boolean {
  return source === "-" || source.includes("/") || /\.(ya?ml|json)$/.test(source);
}

async function runOfFile(file: string, options: RunOptions, namespace: string): Promise<PipelineRun> {
  const manifests = await readManifest(file, pipelineKinds);
  const [manifest] = manifests;
  if (manifest === undefined || manifests.length > 1)
    throw new UsageError(`${file}: holds ${manifests.length} objects; give a file with one Pipeline or one PipelineRun`);
  const { object, lineOf } = manifest;
  if (object.kind === "Pipeline") {
    const params = parseParams(options.param, object.spec.params ?? []);
    check(file, withLines([...mistakesIn(object, params), ...madeProblems(object)], lineOf));
    return { ...newRun(options, namespace, object.metadata.name ?? "run"), spec: { params, pipeline: object.spec } };
  }
  const run = runAs(object, options, namespace);
  check(file, withLines([...mistakesIn(run), ...madeProblems(run)], lineOf));
  return run;
}

/** Another run like one that is written in a file, or was read from a cluster. */
function runAs(object: PipelineRun, options: RunOptions, namespace: string): PipelineRun {
  const declared = object.spec.pipeline?.params;
  const { apiVersion, kind } = object;
  const { name, generateName, labels, annotations } = object.metadata;
  // A run that was read from a cluster has more, which is its own and not the next one's.
  const named = options.name === undefined ? { name, generateName } : { name: options.name };
  const metadata = { ...named, labels, annotations, namespace: options.namespace ?? object.metadata.namespace ?? namespace };
  return {
    apiVersion,
    kind,
    metadata,
    spec: { ...object.spec, params: { ...object.spec.params, ...parseParams(options.param, declared) } },
  };
}

async function runOfPipeline(client: Client, name: string, options: RunOptions, namespace: string): Promise<PipelineRun> {
  const pipeline: Pipeline = await orMissing(
    client("pipelines.plimsoll.dev").get({ namespace, name }),
    `no Pipeline "${name}" in namespace "${namespace}"; for a file, give its path, as in ./${name}.yaml`,
  );
  const params = parseParams(options.param, pipeline.spec.params ?? []);
  check(`Pipeline "${name}"`, mistakesIn(pipeline, params));
  const lists = listsOf({ serviceAccountNames: accountsOf(pipeline.spec, name), manifestKinds: kindsOf(pipeline.spec, name) });
  return { ...newRun(options, namespace, name), spec: { params, pipelineRef: { name }, ...lists } };
}

function newRun(options: RunOptions, namespace: string, pipeline: string): Omit<PipelineRun, "spec"> {
  const named = options.name === undefined ? { generateName: `${runNameOf(pipeline)}-` } : { name: options.name };
  return { apiVersion: "plimsoll.dev/v1alpha1", kind: "PipelineRun", metadata: { ...named, namespace } };
}

/** What a run of a pipeline may be called before its random ending: a Pipeline's name may have dots, and more dashes and letters. */
function runNameOf(pipeline: string): string {
  return pipeline
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-/, "")
    .slice(0, 57)
    .replace(/-$/, "");
}

/** Reads `key=value` pairs by the declared types: a string is taken as it stands, anything else is read as YAML. */
export function parseParams(pairs: readonly string[] = [], declared: readonly Param[] | undefined): Record<string, unknown> {
  const params = new Map<string, unknown>();
  for (const pair of pairs) {
    const equals = pair.indexOf("=");
    if (equals < 1) throw new UsageError(`--param ${pair}: give key=value`);
    const [name, value] = [pair.slice(0, equals), pair.slice(equals + 1)];
    const param = declared?.find((one) => one.name === name);
    if (declared !== undefined && param === undefined) {
      const known = declared.map((one) => one.name).join(", ");
      throw new UsageError(`--param ${name}: the pipeline has no such parameter; ${known ? `it has ${known}` : "it has none"}`);
    }
    try {
      params.set(name, param?.type === "string" ? value : (parse(value, { prettyErrors: false }) as unknown));
    } catch (error) {
      throw new UsageError(`--param ${name}: ${value} is not YAML or JSON: ${messageOf(error)}`);
    }
  }
  return Object.fromEntries(params);
}
