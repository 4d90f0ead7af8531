import type { SourcedRole } from "../objects/role.ts";

/** That somebody has looked at a finding and lives with it. */
export interface Acceptance {
  /** Of the finding. */
  id: string;
  reason: string;
  /** The last day that it counts on, as 2026-12-31. */
  until?: string;
  source: string;
  line: number;
  /** `inSource`: a comment beside the rule; `external`: an entry of a baseline file. */
  kind: "inSource" | "external";
  /** Of a role, one of its rules; `holders` are those who hold it, as `risks` names them, where that is known. */
  covers: (role: SourcedRole, rule: number, holders: readonly string[]) => boolean;
}
