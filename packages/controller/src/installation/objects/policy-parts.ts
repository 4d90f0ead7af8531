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

const scheduled = "object.spec.?template.?spec.?pipeline.orValue({})";

/**
 * The pipeline that an object holds; of one that names a pipeline, or something else, an empty one. The API server knows nothing of what is in a
 * schedule's template: what can't be a pipeline, or a step, is none.
 */
export const pipelineVariable = {
  name: "pipeline",
  expression: `object.kind == 'Pipeline' ? object.spec : (object.kind == 'PipelineSchedule' ? (type(${scheduled}) == map ? ${scheduled} : {}) : object.spec.?pipeline.orValue({}))`,
};

const stepsIn = (field: string): string =>
  `(type(variables.pipeline.?${field}.orValue([])) == list ? variables.pipeline.?${field}.orValue([]) : [])`;

/** Its steps. */
export const stepsVariable = {
  name: "steps",
  expression: `(${stepsIn("steps")} + ${stepsIn("finally")}).filter(s, type(s) != list)`,
};

/** Those of them that make objects. */
export const madeVariable = {
  name: "made",
  expression: "variables.steps.filter(s, type(s.?manifest.orValue('')) != list && (s.?manifest.hasValue() || s.?spark.hasValue()))",
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
