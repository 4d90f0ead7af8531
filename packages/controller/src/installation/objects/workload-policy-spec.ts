import { group, sparkGroup, sparkVersion } from "@plimsoll/api";
import { groupVersionOf, nameOf, type ConfiguredKind } from "@plimsoll/features/configured";
import { annotations, labels } from "@plimsoll/features/workloads";
import { allowed, askedByOthers, madeVariable, pipelineRule, pipelineVariable, stepsVariable } from "./policy-parts.ts";

/** Each kind takes three checks, and the API server lets all of a policy make no more than 28. */
export const mostKinds = 8;

const resourcesIn = (object: string): string =>
  `(${object} == null ? '' : ${object}.metadata.?annotations[?'${annotations.resources}'].orValue('')).split(',').map(r, r.trim())`;
const manifestsIn = (object: string): string => `(${object} == null ? [] : ${object}.spec.?manifests.orValue([]))`;
const listedIn = (object: string): string => `(${object} == null ? [] : ${object}.spec.?source.?configMap.?resources.orValue([]))`;

/** What is the same in every installation, of the policy for whoever writes WorkloadSets. What a set had before counts, too: it is deleted when it isn't listed any more. */
export const setPolicySpec = {
  failurePolicy: "Fail",
  matchConstraints: {
    matchPolicy: "Equivalent",
    resourceRules: [
      {
        apiGroups: [group],
        apiVersions: ["*"],
        operations: ["CREATE", "UPDATE", "DELETE"],
        resources: ["workloadsets"],
        scope: "Namespaced",
      },
    ],
  },
  variables: [
    {
      name: "kinds",
      expression: `(${manifestsIn("object")} + ${manifestsIn("oldObject")}).map(m, m.?apiVersion.orValue('') + ' ' + m.?kind.orValue(''))`,
    },
    { name: "resources", expression: `${listedIn("object")} + ${listedIn("oldObject")}` },
  ],
};

/** The same for whoever writes a ConfigMap that sets read manifests from: what is in these is text to the API server, so that its annotation says what they may be of. */
export const sourcePolicySpec = {
  failurePolicy: "Fail",
  matchConstraints: {
    matchPolicy: "Equivalent",
    objectSelector: { matchExpressions: [{ key: labels.source, operator: "Exists" }] },
    resourceRules: [
      { apiGroups: [""], apiVersions: ["*"], operations: ["CREATE", "UPDATE"], resources: ["configmaps"], scope: "Namespaced" },
    ],
  },
  variables: [
    { name: "kinds", expression: "[]" },
    { name: "resources", expression: `${resourcesIn("object")} + ${resourcesIn("oldObject")}` },
  ],
};

const scheduledKinds = "object.spec.?template.?spec.?manifestKinds.orValue([])";

/** The same for whoever writes pipelines whose steps make objects, and what names such: one that isn't its writer's lists their kinds. */
export const stepPolicySpec = {
  failurePolicy: "Fail",
  matchConstraints: {
    matchPolicy: "Equivalent",
    resourceRules: [pipelineRule],
  },
  variables: [
    pipelineVariable,
    stepsVariable,
    madeVariable,
    {
      name: "kinds",
      expression: `variables.made.map(s, s.?spark.hasValue() ? '${sparkGroup}/${sparkVersion} SparkApplication' : [s.manifest.?apiVersion.orValue(''), s.manifest.?kind.orValue('')].map(t, type(t) == string ? t : '').join(' ')) + object.spec.?manifestKinds.orValue([]) + (type(${scheduledKinds}) == list ? ${scheduledKinds} : [])`,
    },
    { name: "resources", expression: "[]" },
  ],
};

/** What is the same in every installation, of each policy. */
const fixed = { sets: setPolicySpec, sources: sourcePolicySpec, steps: stepPolicySpec };

type What = keyof typeof fixed;

/** When each of them is asked. */
const conditions: Record<What, string> = {
  // The garbage collector, and who changes labels alone, need no rights; a set whose objects stay may go.
  sets: "request.operation == 'DELETE' ? oldObject.spec.?deletionPolicy.orValue('delete') == 'delete' : (request.operation == 'CREATE' || object.spec != oldObject.spec)",
  sources:
    "request.operation == 'CREATE' || object.?data != oldObject.?data || object.metadata.?annotations != oldObject.metadata.?annotations || object.metadata.?labels != oldObject.metadata.?labels",
  steps: "request.operation == 'CREATE' || object.spec != oldObject.spec",
};

/** Which feature lists the kinds, and who may hold or make them. */
const listers: Record<What, { feature: string; whose: string; does: string }> = {
  sets: { feature: "workloads", whose: "sets", does: "hold" },
  sources: { feature: "workloads", whose: "sets", does: "hold" },
  steps: { feature: "pipelines", whose: "steps", does: "make" },
};

/**
 * What may stand in sets and in what they read, or be made by steps that a schedule starts: kinds that are listed later would be kept or made without anybody having
 * asked for their writers' rights.
 */
function listedOnly(kinds: readonly ConfiguredKind[], what: What): object {
  const list = (texts: readonly string[]): string => `[${texts.map((text) => `'${text}'`).join(",")}]`;
  const texts = list(kinds.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`));
  const names = list(kinds.map(nameOf));
  const ofManifests = `${manifestsIn("object")}.all(m, (m.?apiVersion.orValue('') + ' ' + m.?kind.orValue('')) in ${texts})`;
  const expressions: Record<What, string> = {
    sets: `${ofManifests} && ${listedIn("object")}.all(r, r in ${names})`,
    sources: `${resourcesIn("object")}.all(r, r == '' || r in ${names})`,
    // A run of one that isn't listed fails, and one that names a pipeline lists its kinds itself.
    steps: `!(object.kind in ['PipelineSchedule', 'Backfill']) || variables.kinds.all(k, k in ${texts})`,
  };
  const { feature, whose, does } = listers[what];
  const message = `holds a kind that ${whose} may not ${does} here: features.${feature}.kinds of the installation lists ${kinds.map(nameOf).join(", ") || "none"}`;
  return { expression: expressions[what], message, reason: "Forbidden" };
}

/** Whoever has the controller apply objects of a kind, or make them, must be allowed to do that, and to delete them. */
function validationsFor(one: ConfiguredKind, what: What): object[] {
  const { apiVersion, kind, resource } = one;
  const { group } = groupVersionOf(apiVersion);
  const name = nameOf(one);
  const isAbout = `variables.kinds.exists(k, k == '${apiVersion} ${kind}') || '${name}' in variables.resources`;
  const may = (verb: string): string => allowed({ group, resource, verb, namespace: "request.namespace" });
  const [done, verbs] = what === "steps" ? ["made", "create and delete"] : ["kept", "create, patch and delete"];
  const messageExpression = `'user "' + request.userInfo.username + '" may not have ${name} ${done} in namespace "' + request.namespace + '": this takes ${verbs} on ${name}'`;
  const message = `to have ${name} ${done} takes ${verbs} on ${name}`;
  const checks = what === "steps" ? [`${may("create")} && ${may("delete")}`] : [`${may("create")} && ${may("patch")}`, may("delete")];
  return checks.map((mayAll) => ({
    expression: `!(${isAbout}) || (${mayAll})`,
    messageExpression,
    message,
    reason: "Forbidden",
  }));
}

/** The policies for kinds that sets may hold, or steps may make, each with the end of its name: as many as the API server's limit takes. */
export function workloadPolicySpecs(
  users: readonly string[],
  kinds: readonly ConfiguredKind[],
  about: readonly What[],
): { name: string; spec: object }[] {
  const chunks = Array.from({ length: Math.max(1, Math.ceil(kinds.length / mostKinds)) }, (_, index) =>
    kinds.slice(index * mostKinds, (index + 1) * mostKinds),
  );
  return about.flatMap((what) =>
    chunks.map((chunk, index) => ({
      name: `plimsoll-workload-${what}${index === 0 ? "" : `-${index + 1}`}`,
      spec: {
        ...fixed[what],
        validations: [...(index > 0 ? [] : [listedOnly(kinds, what)]), ...chunk.flatMap((one) => validationsFor(one, what))],
        matchConditions: [{ name: "says-something-else", expression: conditions[what] }, askedByOthers(users)],
      },
    })),
  );
}
