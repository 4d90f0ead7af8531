import { printProgress, up } from "@plimsoll/cluster";
import { Transport } from "@plimsoll/kube";
import { usageOf } from "./process.ts";
import { compareReviews } from "./reviews.ts";
import { report } from "./table.ts";

/**
 * Whether `grants` answers as the API server's authorizer does, for random requests of users with random roles.
 * REVIEWS=1000 asks for fewer of them than 100,000, SEED=2 for others.
 */
export async function authorizerBench(): Promise<void> {
  const reviews = Number(process.env["REVIEWS"] ?? 100_000);
  const seed = Number(process.env["SEED"] ?? 1);
  const cluster = await up({ name: `authorizer-${process.pid}`, kubelet: false, onProgress: printProgress(process.stderr) });
  const transport = Transport.fromKubeconfig(cluster.kubeconfig, { userAgent: "bench" });
  try {
    const result = await compareReviews(transport, { reviews, users: 60, seed });
    for (const { request, server, rules } of result.disagreements)
      console.error(`The server ${server ? "allows" : "refuses"} ${JSON.stringify(request)} with ${JSON.stringify(rules)}`);
    const apiServer = cluster.pid("kube-apiserver");
    report("authorizer", [
      { what: "SubjectAccessReviews", value: result.reviews, aim: "100,000" },
      { what: "of them allowed", value: (100 * result.granted) / result.reviews, unit: "%" },
      { what: "random rules behind them", value: result.rules },
      {
        what: "answers that grants() gave otherwise",
        value: result.disagreements.length,
        aim: "0",
        reached: result.disagreements.length === 0,
      },
      { what: "reviews a second", value: result.reviews / result.seconds },
      { what: "wall", value: result.seconds, unit: "s" },
      { what: "API server's CPU in all", value: apiServer === undefined ? Number.NaN : usageOf(apiServer).cpu / 1000, unit: "s" },
      { what: "seed", value: seed },
    ]);
    if (result.disagreements.length > 0) process.exitCode = 1;
  } finally {
    await transport.close();
    await cluster.down();
  }
}
