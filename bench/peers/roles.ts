import { coreParts, defaultLease, parts } from "@plimsoll/controller";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { report, type Row } from "../table.ts";
import { accountsOf } from "./accounts.ts";
import { countsOf, type Counts } from "./counts.ts";
import { folderOf } from "./fetch.ts";
import { peers, type Peer } from "./sources.ts";

/** What the ServiceAccounts of Plimsoll and of others hold, counted alike. */
export async function peersRolesBench(): Promise<void> {
  report("peers-roles, Plimsoll", [
    rowOf("plimsoll, which runs pipelines", countsWith("pipelines")),
    rowOf("the same, with schedules", countsWith("pipelines", "schedules")),
  ]);
  for (const peer of peers) {
    const folder = await folderOf(peer.source);
    if (folder !== undefined) report(`peers-roles, ${peer.name}`, rowsOf(peer, folder));
    else if ("folder" in peer.source)
      console.log(`\n${peer.name}: left out; set ${peer.source.folder} to the folder of a checkout of ${peer.source.repository}`);
  }
}

/** What the controller's own account holds when it runs these features alone. */
function countsWith(...features: string[]): Counts {
  const names = new Set([...features, ...coreParts(defaultLease).map(({ name }) => name)]);
  const rules = parts.filter(({ name }) => names.has(name)).flatMap(({ rules }) => rules);
  const { own = [], work = [] } = Object.groupBy(rules, ({ scope }) => (scope === "own" ? "own" : "work"));
  return countsOf({ name: "plimsoll", cluster: work, namespace: own });
}

function rowsOf({ name, source, files }: Peer, folder: string): Row[] {
  const accounts = accountsOf(files.map((file) => readFileSync(join(folder, file), "utf8")));
  const counts = accounts.map((account) => ({ name: account.name, counts: countsOf(account) }));
  const sum = (key: "rules" | "grants" | "writes" | "cluster"): number => counts.reduce((total, { counts }) => total + counts[key], 0);
  return [
    { what: "source", value: "module" in source ? `${source.module}@${source.version}` : `${source.repository}, ${folder}` },
    ...counts.map(({ name, counts }) => rowOf(name, counts)),
    {
      what: `${name} in all`,
      value: `${sum("rules")} rules, ${sum("grants")} grants, ${sum("writes")} to write, ${sum("cluster")} in every namespace`,
    },
  ];
}

function rowOf(what: string, { rules, grants, writes, cluster, secrets, risks }: Counts): Row {
  const value = `${rules} rules, ${grants} grants, ${writes} to write, ${cluster} in every namespace; reads Secrets: ${secrets}; critical and high risks: ${risks.length}`;
  return { what, value: risks.length > 0 ? `${value} (${risks.join(", ")})` : value };
}
