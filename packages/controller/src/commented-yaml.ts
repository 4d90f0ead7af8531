import { Document, isMap, isSeq } from "yaml";

/** An object as YAML; of a role, what is said of each rule stands above it. */
export function commentedYaml(object: object, comments: readonly string[] = []): string {
  const document = new Document(object, { aliasDuplicateObjects: false });
  const rules = document.get("rules");
  if (isSeq(rules) && comments.length > 0) {
    for (const [index, rule] of rules.items.entries()) {
      if (!isMap(rule)) continue;
      rule.commentBefore = ` ${comments[index] ?? ""}`;
      for (const { value } of rule.items) if (isSeq(value)) value.flow = true;
    }
  }
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}
