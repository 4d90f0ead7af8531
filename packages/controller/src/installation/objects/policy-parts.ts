import { group } from "@plimsoll/api";

/** What the API server is asked about the user whose request a policy judges; `more` narrows it, as in `.name('a')`. */
interface Asked {
  group?: string;
  resource: string;
  verb: string;
  /** An expression for it. */
  namespace: string;
  more?: string;
}

/** An expression: whether the user may do something. */
export function allowed({ group = "", resource, verb, namespace, more = "" }: Asked): string {
  return `authorizer.group('${group}').resource('${resource}').namespace(${namespace})${more}.check('${verb}').allowed()`;
}

/** The pipeline that an object holds; of one that names a pipeline, or something else, an empty one. */
export const pipelineVariable = {
  name: "pipeline",
  expression:
    "object.kind == 'Pipeline' ? object.spec : (object.kind == 'PipelineSchedule' ? object.spec.?template.?spec.?pipeline.orValue({}) : object.spec.?pipeline.orValue({}))",
};

/** Its steps that make objects. */
export const madeVariable = {
  name: "made",
  expression:
    "(variables.pipeline.?steps.orValue([]) + variables.pipeline.?finally.orValue([])).filter(s, s.?manifest.hasValue() || s.?spark.hasValue())",
};

/** Whatever says what pipelines do, when it is written. */
export const pipelineRule = {
  apiGroups: [group],
  apiVersions: ["*"],
  operations: ["CREATE", "UPDATE"],
  resources: ["backfills", "pipelineruns", "pipelines", "pipelineschedules"],
  scope: "Namespaced",
};

/** The condition that leaves out an installation's own users, who do what others have asked for. */
export function askedByOthers(users: readonly string[]): { name: string; expression: string } {
  return { name: "asked-by-others", expression: `!(request.userInfo.username in ${JSON.stringify(users)})` };
}
