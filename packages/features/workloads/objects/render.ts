import { problemsIn, workloadSet, type Problem, type WorkloadSet } from "@plimsoll/api";
import { messageOf } from "@plimsoll/kube/message";
import { nameOf, type ConfiguredKind } from "../../configured.ts";
import { evaluated, textsWithin, type Language } from "../../expressions.ts";
import { usualHealth } from "../../built-in-health.ts";
import { isBuiltIn, judgeBy, type Judge } from "../../health-judge.ts";
import { desiredOf, identityOf, type Desired } from "./desired.ts";
import { needsOf } from "./needs.ts";
import { keyOf, titleOf } from "./ref.ts";
import { inSource, manifestsIn, type Raw, type SourceMap } from "./source.ts";
import { headProblems, readObject, type Written } from "./written.ts";

/** What a set comes to. */
export interface Rendered {
  desired: readonly Desired[];
  /** By apiVersion and kind: how healthy objects of further kinds are. */
  judges: ReadonlyMap<string, Judge>;
}

export interface Rendering {
  language: Language;
  /** The kinds that sets may hold; undefined where that isn't known. */
  kinds: readonly ConfiguredKind[] | undefined;
  /** The ConfigMap that the set names. */
  source: SourceMap | undefined;
}

/** What a set wants to be there, or what is wrong with it: a function of the set and its source alone. */
export function render(set: WorkloadSet, { language, kinds, source }: Rendering): Rendered | { problems: Problem[] } {
  const [version] = workloadSet.versions;
  // The API server's schema may be an older one, and the status that of a newer controller.
  const { status: _, ...given } = set;
  const invalid = problemsIn(version.schema, given);
  if (invalid.length > 0) return { problems: invalid };
  const { spec } = set;
  const identity = identityOf(set);
  const judges = judgesOf(spec.health ?? [], language);
  if ("problems" in judges) return judges;
  const raw = spec.source === undefined ? inline(spec.manifests ?? []) : manifestsIn(spec.source.configMap, source, identity.namespace);
  if ("problems" in raw) return raw;
  const variables = { params: spec.params ?? {}, set: { name: identity.name, namespace: identity.namespace } };
  const objects: Written[] = [];
  const problems: Problem[] = [];
  for (const { value, path } of raw.manifests) {
    const faults = [...headProblems(value, path), ...expressionProblems({ value, path }, language, variables)];
    if (faults.length > 0) problems.push(...faults);
    else {
      const read = readObject(evaluated(value, language, variables), path, identity.namespace);
      if ("problems" in read) problems.push(...read.problems);
      else objects.push(read.written);
    }
  }
  problems.push(...kindProblems(objects, kinds, spec.source?.configMap.resources), ...repeatedProblems(objects));
  if (problems.length > 0) return { problems: problems.map(inSource) };
  const needs = needsOf(objects);
  if ("problems" in needs) return { problems: needs.problems.map(inSource) };
  return { desired: desiredOf(objects, needs.needs, identity), judges: judges.judges };
}

function inline(manifests: readonly unknown[]): { manifests: Raw[] } {
  return { manifests: manifests.map((value, index) => ({ value, path: ["spec", "manifests", index] })) };
}

/** What is wrong with the expressions of a manifest. */
function* expressionProblems({ value, path }: Raw, language: Language, variables: Readonly<Record<string, unknown>>): Generator<Problem> {
  const known = Object.keys(variables);
  for (const { path: at, text } of textsWithin(value, path)) {
    try {
      const parsed = language(text);
      const unknown = [...(parsed?.variables ?? [])].find((name) => !known.includes(name));
      if (unknown !== undefined)
        yield { path: at, message: `there is no "${unknown}": the expressions of a set know \`params\` and \`set\`` };
      else parsed?.evaluate(variables);
    } catch (error) {
      yield { path: at, message: messageOf(error) };
    }
  }
}

function* kindProblems(
  objects: readonly Written[],
  kinds: readonly ConfiguredKind[] | undefined,
  resources: readonly string[] | undefined,
): Generator<Problem> {
  if (kinds === undefined) return;
  const known = kinds.map(({ apiVersion, kind }) => `${kind} of ${apiVersion}`).join(", ");
  for (const { ref, path } of objects) {
    const kind = kinds.find((one) => one.kind === ref.kind && one.apiVersion === ref.apiVersion);
    if (kind === undefined)
      yield {
        path: [...path, "kind"],
        message: `${ref.kind} of ${ref.apiVersion} isn't one of the kinds that sets may hold here: add it to features.workloads.kinds of the controller's configuration, or give one of ${known}`,
      };
    else if (resources !== undefined && !resources.includes(nameOf(kind)))
      yield { path: [...path, "kind"], message: `is of ${nameOf(kind)}, which spec.source.configMap.resources doesn't list: add it there` };
  }
}

function* repeatedProblems(objects: readonly Written[]): Generator<Problem> {
  const places = new Map<string, number>();
  for (const [index, { ref, path }] of objects.entries()) {
    const first = places.get(keyOf(ref));
    if (first === undefined) places.set(keyOf(ref), index);
    else yield { path: [...path, "metadata", "name"], message: `${titleOf(ref)} is entry ${first} already: name it once` };
  }
}

function judgesOf(
  health: NonNullable<WorkloadSet["spec"]["health"]>,
  language: Language,
): { judges: Map<string, Judge> } | { problems: Problem[] } {
  const judges = new Map<string, Judge>();
  const problems: Problem[] = [];
  for (const [index, { apiVersion, kind, ...rules }] of health.entries()) {
    const path = ["spec", "health", index];
    if (isBuiltIn({ apiVersion, kind }))
      problems.push({ path: [...path, "kind"], message: `when a ${kind} is healthy is known: leave it out` });
    else if (judges.has(`${apiVersion} ${kind}`))
      problems.push({ path: [...path, "kind"], message: `${kind} of ${apiVersion} stands there twice: name it once` });
    else
      try {
        judges.set(`${apiVersion} ${kind}`, judgeBy({ ...rules, healthy: rules.healthy ?? usualHealth.healthy }, language));
      } catch (error) {
        problems.push({ path, message: messageOf(error) });
      }
  }
  return problems.length > 0 ? { problems } : { judges };
}
