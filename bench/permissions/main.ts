import { compact, covers, type PolicyRule } from "@plimsoll/permissions";
import { risks } from "@plimsoll/permissions/risks";
import { report, type Row } from "../table.ts";
import { folderOfRoles } from "./folder.ts";
import { grantsBesides } from "./grants.ts";
import { inference } from "./inference.ts";
import { Random } from "../random.ts";
import { makeRules } from "./rules.ts";

/** What the features hold, and what it takes to understand ten thousand rules and to infer a role from a million audit events. */
export async function permissionsBench(): Promise<void> {
  report("permissions", [...grantsBesides(), ...understanding(10_000), ...(await folderOfRoles()), ...(await inference())]);
}

function understanding(count: number): Row[] {
  const rules = makeRules(new Random(5), count);
  const [compacted, compacting] = timed(() => compact(rules));
  const [uncovered, covering] = timed(() => covers(rules, compacted));
  const [findings, looking] = timed(() => risks(rules));
  const [, fewer] = timed(() => compact([named(10_000)]));
  const [, many] = timed(() => compact([named(100_000)]));
  return [
    { what: `compact, ${count} mostly distinct rules`, value: compacting, unit: "s", aim: "< 1 s", reached: compacting < 1 },
    { what: "  rules left", value: compacted.length },
    { what: "covers, these by the compacted", value: covering, unit: "s" },
    { what: "  atoms not covered", value: uncovered.length, aim: "0", reached: uncovered.length === 0 },
    { what: "risks, the same rules", value: looking, unit: "s", aim: "< 1 s", reached: looking < 1 },
    { what: "  findings", value: findings.length },
    { what: "compact, one rule of 100,000 names", value: many, unit: "s" },
    { what: "  to one of 10,000", value: many / fewer, aim: "≤ 20", reached: many / fewer <= 20 },
  ];
}

function named(count: number): PolicyRule {
  return {
    verbs: ["get"],
    apiGroups: [""],
    resources: ["secrets"],
    resourceNames: Array.from({ length: count }, (_, index) => `name${index}`),
  };
}

/** The first time, as a command runs it: nothing is warmed up. */
function timed<T>(work: () => T): [T, number] {
  const started = performance.now();
  return [work(), (performance.now() - started) / 1000];
}
