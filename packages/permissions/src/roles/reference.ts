import type { PolicyRule } from "../rule.ts";

/** A role that a document publishes, rule for rule, under the headings of that document. */
export interface ReferenceRole {
  kind: "ClusterRole" | "Role";
  name: string;
  sections: readonly ReferenceSection[];
}

/** The part of a reference role that one of its features takes. */
export interface ReferenceSection {
  feature: string;
  /** What the document says that the section is for. */
  purpose: string;
  /** Printed in the document as a comment, for whoever needs it to take in. */
  optional?: true;
  rules: readonly PolicyRule[];
}

/** The rules of a reference role; the optional ones only when asked for. */
export function rulesOf(role: ReferenceRole, options: { optional?: boolean } = {}): PolicyRule[] {
  return role.sections.filter(({ optional }) => !optional || options.optional).flatMap(({ rules }) => rules);
}
