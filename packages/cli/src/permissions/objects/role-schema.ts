import type { PolicyRule } from "@plimsoll/permissions";
import * as z from "zod";

/** No verb, resource or name has braces; what is left of them would grant something else than what is read. */
const rendered = z.string().refine((text) => !text.includes("{{"), "is a template that has to be rendered first, as by `helm template`");
const texts = z.array(rendered);
/** A template without values leaves `null`, and `kubectl` prints it for a role without rules; the API server takes it for nothing. */
const orNone = <T extends z.ZodType>(list: T) => list.nullish();

/** What the API server takes as a rule (k8s.io/kubernetes pkg/apis/rbac/validation, ValidatePolicyRule). */
export const rule = z
  .strictObject({
    verbs: texts.min(1),
    apiGroups: orNone(texts),
    resources: orNone(texts),
    resourceNames: orNone(texts),
    nonResourceURLs: orNone(texts),
  })
  .check(({ value, issues }) => {
    // A misspelt field is the mistake, not that the right one is missing.
    if (issues.length > 0) return;
    const refuse = (field: keyof PolicyRule, message: string) => issues.push({ code: "custom", path: [field], message, input: value });
    if (value.nonResourceURLs?.length) {
      if (value.apiGroups?.length || value.resources?.length || value.resourceNames?.length)
        refuse("nonResourceURLs", "a rule is for paths or for resources: make it two rules");
      return;
    }
    if (!value.resources?.length) refuse("resources", "is empty: name resources, or nonResourceURLs");
    if (!value.apiGroups?.length) refuse("apiGroups", 'is empty: name the API groups; the core group is ""');
  });

export const rules = z.array(rule);

const namespaced = z.lazy(() =>
  rule.check(({ value, issues }) => {
    if (value.nonResourceURLs?.length)
      issues.push({ code: "custom", path: ["nonResourceURLs"], message: "a Role grants no paths: they take a ClusterRole", input: value });
  }),
);

/** Whatever else the metadata holds goes through. */
const metadata = z.lazy(() => z.looseObject({ name: rendered, namespace: rendered.optional() }));

// Most files are of one kind, and to make a schema takes as long as to read such a file.
export const clusterRole = z.lazy(() =>
  z.looseObject({
    apiVersion: z.string(),
    kind: z.literal("ClusterRole"),
    metadata,
    rules: orNone(rules),
    aggregationRule: z.looseObject({ clusterRoleSelectors: z.array(z.unknown()).min(1) }).nullish(),
  }),
);
export const role = z.lazy(() =>
  z.looseObject({ apiVersion: z.string(), kind: z.literal("Role"), metadata, rules: orNone(z.array(namespaced)) }),
);
/** An object of which only the rules are known. */
export const bare = z.lazy(() => z.looseObject({ rules }));

/** zod gives missing fields as `undefined`, which a PolicyRule doesn't have. */
export function policyRule({ verbs, ...rest }: z.infer<typeof rule>): PolicyRule {
  const { apiGroups, resources, resourceNames, nonResourceURLs } = rest;
  return {
    ...(apiGroups && { apiGroups }),
    ...(resources && { resources }),
    ...(resourceNames && { resourceNames }),
    ...(nonResourceURLs && { nonResourceURLs }),
    verbs,
  };
}
