import { atomText, objectText, resourceText, type Atom, type PolicyRule, type Request } from "@plimsoll/permissions";
import { visible } from "../output/visible.ts";

/** Atoms as lines: what is on the same objects stands together. */
export function linesOf(atoms: readonly Atom[]): string[] {
  const groups = Map.groupBy(atoms, objectText);
  return [...groups.keys()]
    .sort()
    .flatMap((key) => groups.get(key) ?? [])
    .map((atom) => visible(atomText(atom)));
}

/** `get pods/log "web-0" in team-a`. */
export function formatRequest(request: Request): string {
  if ("path" in request) return visible(atomText(request));
  const { verb, name, namespace } = request;
  return visible(
    `${verb} ${resourceText(request)}${name === undefined ? "" : ` "${name}"`}${namespace === undefined ? "" : ` in ${namespace}`}`,
  );
}

/** `get,list pods,pods/log "web-0"`. */
export function formatRule(rule: PolicyRule): string {
  return `${formatVerbs(rule)} ${formatObjects(rule)}`;
}

export function formatVerbs({ verbs }: PolicyRule): string {
  return visible(verbs.join(","));
}

/** The same without the verbs: what a rule is on. */
export function formatObjects({ apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] }: PolicyRule): string {
  const on = apiGroups.flatMap((group) => resources.map((resource) => resourceText({ group, resource }))).join(",");
  const names = resourceNames.map((name) => `"${name}"`).join(",");
  return visible([on, names, nonResourceURLs.join(",")].filter(Boolean).join(" "));
}
