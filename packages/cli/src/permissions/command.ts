import { Command } from "commander";
import { load, type Loaders } from "../load.ts";
import { summaries as roots } from "../summaries.ts";
import { summaries } from "./summaries.ts";

const loaders: Loaders<keyof typeof summaries> = {
  render: async () => (await import("./render/render.ts")).renderCommand(),
  explain: async () => (await import("./render/explain.ts")).explainCommand(),
  compare: async () => (await import("./compare/compare.ts")).compareCommand(),
  allows: async () => (await import("./ask/allows.ts")).allowsCommand(),
  covers: async () => (await import("./compare/covers.ts")).coversCommand(),
  diff: async () => (await import("./compare/diff.ts")).diffCommand(),
  compact: async () => (await import("./compare/compact.ts")).compactCommand(),
  risks: async () => (await import("./risks/risks.ts")).risksCommand(),
  infer: async () => (await import("./infer/infer.ts")).inferCommand(),
  "who-can": async () => (await import("./ask/who-can.ts")).whoCanCommand(),
  matrix: async () => (await import("./ask/matrix.ts")).matrixCommand(),
  graph: async () => (await import("./graph/graph.ts")).graphCommand(),
  whoami: async () => (await import("./ask/whoami.ts")).whoamiCommand(),
  "what-can": async () => (await import("./ask/what-can.ts")).whatCanCommand(),
};

/** `plimsoll permissions`: what RBAC rules mean, in files and in clusters. */
export async function permissionsCommand(words: readonly string[]): Promise<Command> {
  const command = new Command("permissions")
    .description(roots.permissions.description)
    .addHelpText(
      "after",
      "\nExamples:\n  plimsoll permissions explain delete pods\n  plimsoll permissions risks role.yaml --fail-on high\n  plimsoll permissions allows --rules clusterrole/view --verb list --resource secrets\n  plimsoll permissions infer --audit-log audit.log.gz --service-account team-a/builder\n\nAll but whoami, who-can, what-can, matrix, graph and risks --live work without a cluster, unless the cluster's own roles are asked about (clusterrole/NAME);\nwho-can, what-can, matrix and graph do with --rules.",
    );
  for (const sub of await load(loaders, summaries, words)) command.addCommand(sub);
  return command;
}
