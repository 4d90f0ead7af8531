import { mostServiceAccounts, sparkGroup } from "@plimsoll/api";
import { groupVersionOf, nameOf, type ConfiguredKind } from "@plimsoll/features/configured";
import { allowed, askedByOthers, madeVariable, pipelineRule, pipelineVariable, stepsVariable } from "./policy-parts.ts";

/** What one of the API server's checks asks: whether the user may do something in the object's namespace. */
const check = (resource: string, verb: string, { group = "", more = "" } = {}): string =>
  allowed({ group, resource, verb, namespace: "object.metadata.namespace", more });

/** Each ServiceAccount takes a validation of its own, as the API server lets no expression make more than two checks. */
const places = Array.from({ length: mostServiceAccounts }, (_, index) => index);

/** The fields by which what has a pod's template, or is a Spark application, names ServiceAccounts. An old name of the field is read as the new one. */
const ofMade = [
  "template.spec.serviceAccountName",
  "template.spec.serviceAccount",
  "driver.serviceAccount",
  "template.driver.serviceAccount",
];
/** Those of a step, and of what a schedule makes: a pod, or one of these. */
const ofStep = ["pod.serviceAccountName", ...ofMade.map((field) => `manifest.spec.${field}`), "spark.driver.serviceAccount"];
const ofTemplate = ["serviceAccountName", "serviceAccount", ...ofMade];

const optional = (holder: string, field: string): string => `${holder}.?${field.replaceAll(".", ".?")}.orValue('')`;
const valuesOf = (holder: string, fields: readonly string[]): string => `[${fields.map((field) => optional(holder, field)).join(", ")}]`;

/**
 * Whether a list stands where something of it holds one of the fields, or one of them is no text. Below a list there is nothing to be asked for: that fails, which
 * counts for nothing beside what holds.
 */
function isOdd(holder: string, fields: readonly string[]): string {
  const holders = new Set(fields.flatMap((field) => [...field.matchAll(/\./g)].map(({ index }) => field.slice(0, index))));
  return [
    ...[...holders].map((field) => `type(${optional(holder, field)}) == list`),
    ...fields.map((field) => `type(${optional(holder, field)}) != string && ${optional(holder, field)} != null`),
  ].join(" || ");
}

const template = "object.spec.?template.?spec.orValue({})";
const listed = "object.spec.?template.?spec.?serviceAccountNames.orValue([])";
/** Whether something but a step is odd: of what is in a schedule's template the API server knows no types. */
const isOddOutside = [
  isOdd(template, ofTemplate),
  isOdd("variables.pipeline", ["pod.serviceAccountName"]),
  `type(${listed}) != list`,
  `${listed}.exists(n, type(n) != string)`,
].join(" || ");

/** Of the named ServiceAccounts those that are left when the first of each before is taken out: the first of it is the next one. */
const variables = [
  pipelineVariable,
  stepsVariable,
  madeVariable,
  {
    // What they are that name ServiceAccounts in a way that can't be read.
    name: "odd",
    expression: `(${isOddOutside} ? ['spec.template.spec'] : []) + variables.steps.filter(s, ${isOdd("s", ofStep)}).map(s, 'step ' + (type(s.?name.orValue('')) == string ? s.?name.orValue('') : ''))`,
  },
  {
    name: "accounts0",
    expression: [
      `([variables.pipeline] + variables.steps).map(p, ${optional("p", "pod.serviceAccountName")})`,
      // What runs and backfills list of what they name.
      "object.spec.?serviceAccountNames.orValue([])",
      listed,
      ...ofStep.slice(1).map((field) => `variables.made.map(s, ${optional("s", field)})`),
      valuesOf("object.spec.?template.?spec", ofTemplate),
      // A Spark application, and a schedule of one.
      valuesOf("object.spec", ["driver.serviceAccount", "template.driver.serviceAccount"]),
    ]
      .join(" + ")
      .replace(/^(.*)$/, "($1).filter(n, n != '' && n != null)"),
  },
  ...places.map((index) => ({
    name: `accounts${index + 1}`,
    expression: `size(variables.accounts${index}) == 0 ? [] : variables.accounts${index}.filter(n, n != variables.accounts${index}[0])`,
  })),
];

const validations = [
  {
    expression: check("pods", "create"),
    messageExpression:
      "'user \"' + request.userInfo.username + '\" may not create pods in namespace \"' + object.metadata.namespace + '\", which a ' + object.kind + ' comes to: this takes create on pods'",
    message: "to run pipelines takes create on pods in their namespace",
    reason: "Forbidden",
  },
  {
    expression: "size(variables.odd) == 0",
    messageExpression:
      "variables.odd[0] + ': the name of a ServiceAccount must be a text, and what holds it a map: plimsoll lint says where it is otherwise'",
    message: "the name of a ServiceAccount must be a text, and what holds it a map: plimsoll lint says where it is otherwise",
    reason: "Invalid",
  },
  {
    expression: `size(variables.accounts${mostServiceAccounts}) == 0`,
    message: `names more than ${mostServiceAccounts} ServiceAccounts: the API server checks no more; divide the pipeline`,
    reason: "Invalid",
  },
  ...places.map((index) => {
    const name = `variables.accounts${index}[0]`;
    const may = (verb: string): string => check("serviceaccounts", verb, { more: `.name(${name})` });
    return {
      expression: `size(variables.accounts${index}) == 0 || ${may("use")} || ${may("impersonate")}`,
      messageExpression: `'user "' + request.userInfo.username + '" may not use ServiceAccount "' + ${name} + '" in namespace "' + object.metadata.namespace + '": this takes use, or impersonate, on that serviceaccount'`,
      message: "to name a ServiceAccount takes use, or impersonate, on it",
      reason: "Forbidden",
    };
  }),
];

/** What is the same in every installation. */
export const fixedPolicySpec = {
  failurePolicy: "Fail",
  matchConstraints: {
    matchPolicy: "Equivalent",
    resourceRules: [
      pipelineRule,
      {
        apiGroups: [sparkGroup],
        apiVersions: ["*"],
        operations: ["CREATE", "UPDATE"],
        resources: ["scheduledsparkapplications", "sparkapplications"],
        scope: "Namespaced",
      },
    ],
  },
  variables,
  validations,
};

/** Whoever has the controller make something of another kind must be allowed to make it. */
function madeBy({ apiVersion, kind, resource }: ConfiguredKind): object {
  const { group } = groupVersionOf(apiVersion);
  return {
    expression: `object.kind != 'PipelineSchedule' || object.spec.?template.?kind.orValue('') != '${kind}' || object.spec.?template.?apiVersion.orValue('') != '${apiVersion}' || ${check(resource, "create", { group })}`,
    message: `to schedule a ${kind} takes create on ${resource}`,
    reason: "Forbidden",
  };
}

/** A schedule of a kind that is listed later would start then, without anybody having asked for its writer's rights. */
function listedOnly(kinds: readonly ConfiguredKind[]): object {
  const field = (name: string): string => `object.spec.?template.?${name}.orValue('')`;
  const texts = kinds.map(({ apiVersion, kind }) => `'${apiVersion} ${kind}'`);
  return {
    expression: `object.kind != 'PipelineSchedule' || ${field("kind")} in ['', 'PipelineRun'] || (${field("apiVersion")} + ' ' + ${field("kind")}) in [${texts.join(",")}]`,
    message: `is of a kind that schedules may not make here: features.schedules.kinds of the installation lists ${kinds.map(nameOf).join(", ") || "none"}`,
    reason: "Forbidden",
  };
}

/** Applications that another operator runs are its own affair. */
const othersSpark = { name: "no-others-spark", expression: `request.resource.group != '${sparkGroup}'` };

/**
 * What the policy says; `kinds` are those that schedules may make beside PipelineRun, `users` are those of the installation itself, who do what
 * others have asked for. `runsSpark`: whether Spark applications are run by the installation.
 */
export function policySpec(users: readonly string[], kinds: readonly ConfiguredKind[], runsSpark: boolean): object {
  return {
    ...fixedPolicySpec,
    validations: [...validations, listedOnly(kinds), ...kinds.map(madeBy)],
    matchConditions: [
      // Finalizers, labels and owners may change without the right to run anything: the garbage collector does that.
      { name: "spec-changes", expression: "request.operation == 'CREATE' || object.spec != oldObject.spec" },
      askedByOthers(users),
      ...(runsSpark ? [] : [othersSpark]),
    ],
  };
}
