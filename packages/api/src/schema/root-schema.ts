import type { Version } from "./kind.ts";
import { structural, type Schema } from "./structural.ts";

/** The schema of a version in its CRD. At the root the API server owns apiVersion, kind and metadata. `unions`: as of `structural`. */
export function rootSchema({ schema, immutableLists = {} }: Version, options: { unions?: boolean } = {}): Schema {
  const root = structural(schema, options);
  const { spec, status } = root.properties ?? {};
  const hoisted = Object.entries(immutableLists).flatMap(([path, item]) => rulesAtCreation(root, path, item));
  const rules = [...(root["x-kubernetes-validations"] ?? []), ...hoisted];
  return {
    ...root,
    required: ["spec"],
    properties: {
      apiVersion: { type: "string" },
      kind: { type: "string" },
      metadata: { type: "object" },
      ...(spec ? { spec } : {}),
      ...(status ? { status } : {}),
    },
    ...(rules.length > 0 ? { "x-kubernetes-validations": rules } : {}),
  };
}

/**
 * Takes the rules of a list's items out of the schema, and gives rules of the root that hold the items to the same when the object
 * is created. In their own place they would be evaluated for every item at every write of a status.
 */
function rulesAtCreation(root: Schema, path: string, item: string): NonNullable<Schema["x-kubernetes-validations"]> {
  const names = path.split(".");
  const list = names.reduce<Schema | undefined>((schema, name) => schema?.properties?.[name], root);
  if (list?.items === undefined) throw new Error(`immutableLists: the schema has no list ${path}`);
  const { "x-kubernetes-validations": rules = [], ...items } = list.items;
  list.items = items;
  // The first is the spec, which is always there.
  const lacking = names.slice(1).map((_, index) => `!has(self.${names.slice(0, index + 2).join(".")})`);
  return rules.map(({ rule, message }) => ({
    rule: ["oldSelf.hasValue()", ...lacking, `self.${path}.all(${item}, ${rule.replaceAll(/\bself\b/g, item)})`].join(" || "),
    message: `in one of ${path}: ${message} (\`plimsoll lint FILE\` says where)`,
    optionalOldSelf: true,
  }));
}
