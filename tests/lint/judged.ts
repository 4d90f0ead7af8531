import { formatProblem, readManifests, withoutNulls, type PipelineSpec } from "@plimsoll/api";
import { problemsOf } from "@plimsoll/features/pipelines";
import { compilePipeline } from "../../packages/features/pipelines/plan/plan.ts";
import { knownPod } from "../../packages/features/pipelines/step/pod/refusals.ts";
import { renderWorkspace } from "../../packages/features/pipelines/step/pod/files/workspace.ts";

/** An answer of an API server. */
export interface Answer {
  code: number;
  message: string;
}

/** Sends an object as a dry run, to a path of the API server. */
export type Post = (path: string, object: object) => Promise<Answer>;

/** What lint says of a pipeline, and what an API server does. */
export interface Judged {
  lint: string[];
  server: string[];
}

/**
 * Lint finds what container runtimes, the kubelet and Plimsoll itself refuse, too. Of these the API server knows nothing, so that a problem of
 * this kind is no disagreement with it.
 */
const notTheServers = [
  // The controller: what steps, params and expressions are to each other.
  /\((param|need|expression|script)\)$/,
  /retry\.reasons\[\d\]: |resources\.auto\.(min|max)\.|manifest\.(apiVersion|kind): |: a step can't need itself|(parallelism|failFast of a step) goes with forEach/,
  // Container runtimes.
  /no container starts with less than/,
  /\.(image|reference): "[^"]*" (is|has|holds|begins) |Linux has no such capability|capabilities\.(add|drop)\[\d\]: has \d+ characters?/,
  // The kubelet.
  /root is refused|emptyDir\.medium: |localhostProfile: is missing/,
  // Plimsoll, whose pods it must know again.
  /Plimsoll's|what says whose the pod is|by which Plimsoll knows|a patch changes|is worked out from|has to stay|tries are the step's retry/,
  // No Job is made here: what has pods is held to the API server by cases of its own.
  /^spec\.(steps|finally)\[\d\]\.manifest\.spec\b.*\(pod\)$/,
  // Who may use a ServiceAccount is asked of those that are named.
  /is that of ServiceAccount "default"|is looked for in pod\.serviceAccountName|is an old name of serviceAccountName/,
  /no such directive|must be delete, replace or merge|can't be taken away|can't be replaced whole|tells which entry of the list/,
  /give it a workspace|where something stands already|as the container of the step itself|expressions aren't evaluated here/,
  // Kubernetes takes these silently for something that nobody means: an empty text, an emptyDir, a source of nothing, a path from the root.
  /\.value: is missing: give a string, or valueFrom/,
  /says not what it holds|sources\[\d\]: holds nothing/,
  /must be an absolute path without a colon/,
  /initContainers\[\d\]\.env\[\d\]\.name: .* stands in entry/,
  // Fields of Plimsoll's, which don't reach the pod as they are.
  /forEach: |item is known only|initContainers\[\d\]\.resources.*(there is no such field|must be a map)|capabilities: is .*must be a map/,
];

/** Lints a pipeline, and has the API server judge the Pipeline and each of its pods without making them. */
export async function judge(spec: PipelineSpec, namespace: string, post: Post): Promise<Judged> {
  const pipeline = { apiVersion: "plimsoll.dev/v1alpha1", kind: "Pipeline", metadata: { name: "mutant" }, spec };
  const { manifests, problems } = readManifests(JSON.stringify(pipeline));
  const lint = [...problems, ...manifests.flatMap(problemsOf)].map(
    ({ path, message, rule = "field" }) => `${formatProblem("", { path, message }).replace(/^: /, "")} (${rule})`,
  );
  const answers = [await post(`/apis/plimsoll.dev/v1alpha1/namespaces/${namespace}/pipelines`, pipeline)];
  const given = withoutNulls(spec) as PipelineSpec;
  for (const pod of podsOf(given)) {
    answers.push(await post(`/api/v1/namespaces/${namespace}/pods`, pod));
    // A pod whose ServiceAccount isn't there is refused as one that somebody has yet to make, though nobody could.
    const name = pod.spec?.serviceAccountName;
    if (name) answers.push(await post(`/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name } }));
  }
  const claim = claimOf(given);
  if (claim) answers.push(await post(`/api/v1/namespaces/${namespace}/persistentvolumeclaims`, claim));
  return { lint, server: answers.filter(({ code }) => code >= 400 && code !== 409).map(({ code, message }) => `${code}: ${message}`) };
}

/** Where one refuses and the other doesn't. */
export function disagreement({ lint, server }: Judged): "only lint" | "only the server" | undefined {
  const known = lint.filter((problem) => !notTheServers.some((pattern) => pattern.test(problem)));
  // What is looked up in the cluster isn't in a file, nor are the policies that other tests install meanwhile.
  const refused = server.filter((message) => !/^403|^404|ValidatingAdmissionPolicy 'plimsoll-/.test(message));
  if (known.length > 0 && refused.length === 0) return "only lint";
  return lint.length === 0 && refused.length > 0 ? "only the server" : undefined;
}

function podsOf(spec: PipelineSpec): { metadata?: object; spec?: { serviceAccountName?: string } }[] {
  try {
    const compiled = compilePipeline(spec, ["spec"]);
    if ("problems" in compiled) return [];
    return compiled.steps.filter(({ spec }) => spec.image !== undefined).map((step) => withoutOwner(knownPod(step, compiled)));
  } catch {
    // What is that wrong makes no pod.
    return [{ metadata: { name: "none" } }];
  }
}

function claimOf({ workspace }: PipelineSpec): object | undefined {
  return workspace && withoutOwner(renderWorkspace({ namespace: "", name: "run", uid: "x" }, workspace));
}

/** The run doesn't exist, and the namespace is another. */
function withoutOwner<T extends { metadata?: object }>(object: T) {
  const { ownerReferences: _, namespace: __, ...metadata } = { ownerReferences: [], namespace: "", ...object.metadata };
  return { ...object, metadata };
}
