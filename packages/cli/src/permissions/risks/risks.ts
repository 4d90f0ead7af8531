import { closest, count } from "@plimsoll/api/text";
import { isKnownRisk, riskIds, severities, type Severity } from "@plimsoll/permissions/risks";
import { Command, Option } from "commander";
import packageJson from "../../../package.json" with { type: "json" };
import { withCluster, type ClusterOptions } from "../../connect/cluster-options.ts";
import { exitCode, Failure, UsageError } from "../../failure.ts";
import { formatObject } from "../../output/output.ts";
import { paintFor, type Paint } from "../../output/paint.ts";
import type { Acceptance } from "../accepted/acceptance.ts";
import { accepted } from "../accepted/accepted.ts";
import { baselineOf, readBaseline } from "../accepted/baseline.ts";
import { dayOf } from "../accepted/day.ts";
import { isAtLeast, openFindings, summarised, type RoleFindings } from "./findings.ts";
import { print, tableOf, withFormat } from "../format.ts";
import { judged } from "./judged.ts";
import { titleOf, type SourcedRole } from "../objects/role.ts";
import { loadAll, sourceHelp } from "../sources/rules.ts";
import { selected, withSelect } from "../sources/select.ts";
import { sarifOf } from "./sarif.ts";
import { checkReadOnce } from "../../source-text.ts";
import { summaries } from "../summaries.ts";

interface RisksOptions extends ClusterOptions {
  live?: boolean;
  all?: boolean;
  failOn?: Severity;
  baseline?: string;
  select?: string[];
  own?: string;
  output: string;
}

/** `plimsoll permissions risks`: dangerous grants, and what an attacker does with them. */
export function risksCommand(): Command {
  return withFormat(withSelect(withCluster(new Command("risks"))), "table", "wide", "json", "yaml", "sarif", "baseline")
    .description(summaries.risks.description)
    .argument("[source...]", "the roles")
    .option("--live", "the roles of the cluster that somebody holds, with who does; -n: those held in that namespace")
    .option("--all", "with --live: also bindings and roles that came with Kubernetes")
    .option(
      "--baseline <file>",
      "findings that are accepted: a YAML list of id, role, rule, reason, until; -o baseline prints one of what is found",
    )
    .option(
      "--own <file>",
      "risks of your own beside the known ones: a YAML list of id, severity, title, and when, a CEL expression over rule and role",
    )
    .addOption(new Option("--fail-on <severity>", "exit with code 1 when there is a finding of this severity or worse").choices(severities))
    .addHelpText(
      "after",
      `${sourceHelp}\n\nExamples:\n  plimsoll permissions risks role.yaml -o wide\n  helm template ./chart | plimsoll permissions risks - --fail-on high\n  plimsoll permissions risks deploy/ -o sarif > plimsoll.sarif\n  plimsoll permissions risks --live\n  plimsoll permissions risks role.yaml -o baseline > accepted.yaml\n  plimsoll permissions risks role.yaml --baseline accepted.yaml --fail-on high\n  plimsoll permissions risks deploy/ --own our-risks.yaml\n\nIn when, rule has verbs, apiGroups, resources, resourceNames and nonResourceURLs, role has kind, name and namespace:\n  when: role.kind == "ClusterRole" && "configmaps" in rule.resources && rule.verbs.exists(verb, verb in ["update", "*"])\n\nA comment beside a rule accepts a finding too: # plimsoll:accept secrets-read until=2026-12-31 the reason`,
    )
    .action(async (sources: string[], options: RisksOptions) => {
      checkReadOnce([...sources, options.baseline, options.own]);
      const own = options.own === undefined ? undefined : await ownRisks(options.own);
      const { problems, ...given } = await findIn(sources, options);
      const {
        idle,
        ended,
        found: all,
      } = accepted(own === undefined ? given.found : own.with(given.found), given.acceptances, dayOf(Date.now()));
      const found = selected(all, options.select, ({ role }) => role);
      if (options.output === "sarif")
        console.log(JSON.stringify(sarifOf(found, { version: packageJson.version, folder: process.cwd() }), null, 2));
      else if (options.output === "baseline") console.log(formatObject(baselineOf(found, `found on ${dayOf(Date.now())}`), "yaml"));
      else print(options.output, dataOf(found), () => tableOfFindings(found, options.output === "wide", paintFor(process.stdout)));
      const open = found.flatMap(openFindings);
      const total = found.reduce((sum, { accepted }) => sum + (accepted?.size ?? 0), 0);
      if (total > 0) console.error(`${count(total, "finding")} accepted`);
      const ownIds = own?.ids ?? [];
      for (const { id, source, line } of idle)
        console.error(
          isKnownRisk(id) || ownIds.includes(id)
            ? `note: ${source}:${line}: the acceptance of ${id} fits no finding any more: take it out`
            : `note: ${source}:${line}: there is no risk with the id ${id}${closest(id, [...riskIds, ...ownIds])}`,
        );
      for (const { id, source, line, until } of ended) console.error(`note: ${source}:${line}: the acceptance of ${id} ended on ${until}`);
      if (open.length === 0 && total === 0 && found.length > 0)
        console.error(`no known risks in ${count(new Set(found.map(({ role }) => role)).size, "role")}`);
      const { failOn } = options;
      // What wasn't judged is worse for a check than what was found.
      if (problems.length > 0) throw new Failure(problems.map(({ message }) => message).join("\n       "), exitCode.usage);
      if (found.length === 0 && !options.live) {
        const nothing = `${sources.join(", ")}: ${sources.length === 1 ? "holds" : "hold"} no role, and no binding to one that is known: nothing was judged`;
        if (failOn !== undefined) throw new UsageError(nothing);
        console.error(nothing);
      }
      const bad = failOn === undefined ? [] : open.filter(({ severity }) => isAtLeast(severity, failOn));
      if (bad.length > 0)
        throw new Failure(`${count(bad.length, "finding")} of severity ${failOn}${failOn === "critical" ? "" : " or worse"}`);
    });
}

/** CEL is loaded for those who use it. */
async function ownRisks(file: string): Promise<{ ids: string[]; with: (found: readonly RoleFindings[]) => RoleFindings[] }> {
  const { readOwnRisks, withOwn } = await import("./own-risks.ts");
  const risks = await readOwnRisks(file);
  return { ids: risks.map(({ id }) => id), with: (found) => withOwn(found, risks) };
}

interface Found {
  found: RoleFindings[];
  problems: UsageError[];
  acceptances: Acceptance[];
}

async function findIn(sources: readonly string[], options: RisksOptions): Promise<Found> {
  if (options.live && sources.length > 0) throw new UsageError("give either sources or --live");
  if (options.all && !options.live) throw new UsageError("--all goes with --live");
  const baseline = options.baseline === undefined ? [] : await readBaseline(options.baseline);
  if (!options.live) {
    if (sources.length === 0) throw new UsageError("give a file, - for standard input, or --live for the cluster's own roles");
    const { roles, bindings, problems, acceptances, ...around } = await loadAll(sources, { ...options, judged: true });
    const placeless = options.output === "sarif" ? roles.find(({ rules, lines }) => lines.length < rules.length) : undefined;
    if (placeless !== undefined)
      throw new UsageError(`-o sarif tells files and lines, which ${placeless.source} doesn't have: use -o json`);
    const { found, missing } = judged(roles, bindings, around);
    for (const binding of missing)
      console.error(
        `note: ${titleOf(binding)} hands out ${binding.role.kind} ${binding.role.name}, which is in none of the sources: it isn't judged`,
      );
    return { found, problems, acceptances: [...baseline, ...acceptances] };
  }
  if (options.output === "sarif")
    throw new UsageError("-o sarif tells files and lines, which roles of a cluster don't have: use -o json with --live");
  // What talks to a cluster takes longer to load than files take to judge.
  return { found: await (await import("./live-findings.ts")).findInCluster(options), problems: [], acceptances: baseline };
}

function dataOf(found: readonly RoleFindings[]): object[] {
  return found.flatMap(({ role, findings, held, accepted }) => {
    const { kind, name, namespace, source, lines } = role;
    return findings.map((one) => {
      const { rules, ...finding } = one;
      const { reason, until } = accepted?.get(one) ?? {};
      return {
        ...finding,
        role: { source, kind, name, namespace },
        rules: rules.map((index) => ({ index, line: lines[index], ...role.rules[index] })),
        ...held,
        ...(reason !== undefined && { accepted: { reason, ...(until !== undefined && { until }) } }),
      };
    });
  });
}

function tableOfFindings(found: readonly RoleFindings[], wide: boolean, paint: Paint): string {
  const live = found.some(({ held }) => held !== undefined);
  const headings = ["SEVERITY", "ID", "ROLE", "RULE", ...(live ? ["HELD BY"] : []), "TITLE"];
  const rows = found.flatMap(({ role, held, ...rest }) =>
    summarised(openFindings({ role, ...rest })).map((finding) => ({
      finding,
      cells: [
        paint(colours[finding.severity], finding.severity),
        finding.id,
        titleOf(role),
        rulesAt(role, finding.rules),
        ...(live ? [heldBy(held?.subjects ?? [], wide)] : []),
        finding.title,
      ],
    })),
  );
  rows.sort((a, b) => severities.indexOf(b.finding.severity) - severities.indexOf(a.finding.severity));
  const table = tableOf(
    headings,
    rows.map(({ cells }) => cells),
  );
  if (!wide) return table;
  const told = new Set(
    rows.map(({ finding }) => `${finding.id}\n  attack    ${finding.attack}\n  instead   ${finding.narrow}\n  source    ${finding.source}`),
  );
  return [table, ...told].join("\n\n");
}

const colours = { critical: ["bold", "red"], high: "red", medium: "yellow", low: "dim" } as const satisfies Record<
  Severity,
  Parameters<Paint>[0]
>;

/** `roles.yaml:12,18`; without lines the rules' numbers, from 1. */
function rulesAt({ source, sources, lines }: SourcedRole, rules: readonly number[]): string {
  const all = [...new Set(rules.map((rule) => String(lines[rule] ?? rule + 1)))];
  const shown = all.length > 5 ? [...all.slice(0, 4), "…"] : all;
  return `${lines.length === 0 ? "rule " : `${sources?.[rules[0] ?? 0] ?? source}:`}${shown.join(",")}`;
}

function heldBy([first = "", ...others]: readonly string[], wide: boolean): string {
  if (wide || others.length === 0) return [first, ...others].join(", ");
  return `${first} and ${count(others.length, "other")}`;
}
