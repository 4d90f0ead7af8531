import { mostServiceAccounts, sparkGroup } from "@plimsoll/api";
import { groupVersionOf, type ConfiguredKind } from "@plimsoll/features/configured";
import { allowed, askedByOthers, madeVariable, pipelineRule, pipelineVariable } from "./policy-parts.ts";

/** What one of the API server's checks asks: whether the user may do something in the object's namespace. */
const check = (resource: string, verb: string, { group = "", more = "" } = {}): string =>
  allowed({ group, resource, verb, namespace: "object.metadata.namespace", more });

/** Each ServiceAccount takes a validation of its own, as the API server lets no expression make more than two checks. */
const places = Array.from({ length: mostServiceAccounts }, (_, index) => index);

/** Of the named ServiceAccounts those that are left when the first of each before is taken out: the first of it is the next one. */
const variables = [
  pipelineVariable,
  madeVariable,
  {
    name: "accounts0",
    expression: [
      "([variables.pipeline] + variables.pipeline.?steps.orValue([]) + variables.pipeline.?finally.orValue([])).map(p, p.?pod.?serviceAccountName.orValue(''))",
      // What runs and backfills list of what they name.
      "object.spec.?serviceAccountNames.orValue([])",
      "object.spec.?template.?spec.?serviceAccountNames.orValue([])",
      // A pod, and a Job or what else has a pod's template. An old name of the field is read as the new one.
      ...["template.?spec", "template.?spec.?template.?spec"].map(
        (spec) => `[object.spec.?${spec}.?serviceAccountName.orValue(''), object.spec.?${spec}.?serviceAccount.orValue('')]`,
      ),
      // What steps make: a Job or what else has a pod's template, and a Spark application.
      ...[
        ...[
          "template.?spec.?serviceAccountName",
          "template.?spec.?serviceAccount",
          "driver.?serviceAccount",
          "template.?driver.?serviceAccount",
        ].map((field) => `manifest.?spec.?${field}`),
        "spark.?driver.?serviceAccount",
      ].map((field) => `variables.made.map(s, s.?${field}.orValue(''))`),
      // A Spark application, and a schedule of one.
      "[object.spec.?driver.?serviceAccount.orValue(''), object.spec.?template.?driver.?serviceAccount.orValue('')]",
    ]
      .join(" + ")
      .replace(/^(.*)$/, "($1).filter(n, n != '')"),
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

/** Applications that another operator runs are its own affair. */
const othersSpark = { name: "no-others-spark", expression: `request.resource.group != '${sparkGroup}'` };

/**
 * What the policy says; `kinds` are those that schedules may make beside PipelineRun, `users` are those of the installation itself, who do what
 * others have asked for. `runsSpark`: whether Spark applications are run by the installation.
 */
export function policySpec(users: readonly string[], kinds: readonly ConfiguredKind[], runsSpark: boolean): object {
  return {
    ...fixedPolicySpec,
    validations: [...validations, ...kinds.map(madeBy)],
    matchConditions: [
      // Finalizers, labels and owners may change without the right to run anything: the garbage collector does that.
      { name: "spec-changes", expression: "request.operation == 'CREATE' || object.spec != oldObject.spec" },
      askedByOthers(users),
      ...(runsSpark ? [] : [othersSpark]),
    ],
  };
}
