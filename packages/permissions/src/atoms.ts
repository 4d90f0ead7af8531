import { keyOf } from "./key.ts";
import type { Request } from "./request.ts";
import type { PolicyRule } from "./rule.ts";

/** The smallest piece of a rule: one verb on one resource of one group, of one name or all; or one verb on one path. */
export type Atom = ResourceAtom | PathAtom;

/** One verb on one resource of one group, of one name or all. */
export interface ResourceAtom {
  verb: string;
  group: string;
  /** With its subresource: `pods/log`. */
  resource: string;
  /** Undefined: every name. */
  name?: string;
}

/** One verb on one path that isn't a resource. */
export interface PathAtom {
  verb: string;
  path: string;
}

/** The atoms of rules, each once, in the rules' order. Wildcards stay as they are written. */
export function atoms(rules: readonly PolicyRule[]): Atom[] {
  const found = new Map<string, Atom>();
  for (const rule of rules) for (const atom of atomsOf(rule)) found.set(atomKey(atom), atom);
  return [...found.values()];
}

function* atomsOf(rule: PolicyRule): Generator<Atom> {
  const names = rule.resourceNames?.length ? rule.resourceNames : [undefined];
  for (const verb of rule.verbs) {
    for (const group of rule.apiGroups ?? []) {
      for (const resource of rule.resources ?? []) {
        for (const name of names) yield { verb, group, resource, ...(name === undefined ? {} : { name }) };
      }
    }
    for (const path of rule.nonResourceURLs ?? []) yield { verb, path };
  }
}

/** The rule that grants exactly one atom. */
export function ruleOf(atom: Atom): PolicyRule {
  if ("path" in atom) return { verbs: [atom.verb], nonResourceURLs: [atom.path] };
  return {
    verbs: [atom.verb],
    apiGroups: [atom.group],
    resources: [atom.resource],
    ...(atom.name === undefined ? {} : { resourceNames: [atom.name] }),
  };
}

/** The rule that grants exactly one request, wherever it is made. */
export function ruleFor(request: Request): PolicyRule {
  if ("path" in request) return ruleOf(request);
  const { verb, group, resource, subresource, name } = request;
  return ruleOf({
    verb,
    group,
    resource: subresource === undefined ? resource : `${resource}/${subresource}`,
    ...(name === undefined ? {} : { name }),
  });
}

/** The request that an atom is about, were it made in a namespace or, without one, in all. */
export function requestFor(atom: Atom, namespace?: string): Request {
  if ("path" in atom) return atom;
  const slash = atom.resource.indexOf("/");
  const [resource, subresource] = slash < 0 ? [atom.resource, undefined] : [atom.resource.slice(0, slash), atom.resource.slice(slash + 1)];
  return { ...atom, resource, ...(subresource === undefined ? {} : { subresource }), ...(namespace === undefined ? {} : { namespace }) };
}

/** A text by which equal atoms are equal, and no others; no name and an empty one are told apart. */
export function atomKey(atom: Atom): string {
  return keyOf("path" in atom ? [atom.verb, atom.path] : [atom.verb, atom.group, atom.resource, atom.name]);
}

/** An atom as people write it: `watch jobs.batch`, `get pods/log`, `patch leases.coordination.k8s.io "leader"`, `get /version`. */
export function atomText(atom: Atom): string {
  return `${atom.verb} ${objectText(atom)}`;
}

/** The same without the verb: what an atom is on. */
export function objectText(atom: Atom): string {
  if ("path" in atom) return atom.path;
  return `${resourceText(atom)}${atom.name === undefined ? "" : ` "${atom.name}"`}`;
}

/** A resource as kubectl takes it: `pods/log`, `deployments.apps/scale`. The subresource may stand within `resource`, or beside it. */
export function resourceText({ group, resource, subresource }: { group: string; resource: string; subresource?: string }): string {
  const [plural = "", ...rest] = resource.split("/");
  return [group === "" ? plural : `${plural}.${group}`, ...rest, ...(subresource ? [subresource] : [])].join("/");
}
