import type { Acceptance } from "./acceptance.ts";
import type { RoleFindings } from "../risks/findings.ts";

/** What became of acceptances: findings with those that are accepted, and the acceptances that no longer do anything. */
export interface Accepted {
  found: RoleFindings[];
  /** They fit no finding any more. */
  idle: Acceptance[];
  /** They would fit one, but their day is over. */
  ended: Acceptance[];
}

/** Sets findings apart of which every rule is accepted; `today` as 2026-12-31. */
export function accepted(found: readonly RoleFindings[], acceptances: readonly Acceptance[], today: string): Accepted {
  const used = new Set<Acceptance>();
  const judged = found.map((one) => {
    const holders = one.held?.subjects ?? [];
    const by = new Map(
      one.findings.flatMap((finding) => {
        const fitting = acceptances.filter(
          ({ id, covers }) => id === finding.id && finding.rules.some((rule) => covers(one.role, rule, holders)),
        );
        for (const acceptance of fitting) used.add(acceptance);
        const valid = fitting.filter((acceptance) => !isOver(acceptance, today));
        const [first] = valid;
        const isWhole = finding.rules.every((rule) => valid.some(({ covers }) => covers(one.role, rule, holders)));
        return first !== undefined && isWhole ? [[finding, first] as const] : [];
      }),
    );
    return by.size === 0 ? one : { ...one, accepted: by };
  });
  return {
    found: judged,
    idle: acceptances.filter((one) => !used.has(one)),
    ended: acceptances.filter((one) => used.has(one) && isOver(one, today)),
  };
}

function isOver({ until }: Acceptance, today: string): boolean {
  return until !== undefined && until < today;
}
