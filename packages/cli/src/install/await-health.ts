import { rolledOut, statusPermissions, type Rollout } from "@plimsoll/controller/installation";
import type { Transport } from "@plimsoll/kube";
import { Failure } from "../failure.ts";
import { follow } from "../runs/follow.ts";
import { paintFor, type Paint } from "../output/paint.ts";
import { visible } from "../output/visible.ts";

type Reference = { namespace: string; name: string };

/** Shows on stderr how Deployments are rolled out until they are. Fails, and says why, where that takes longer than `timeout` milliseconds. */
export async function awaitHealth(
  transport: Transport,
  namespace: string,
  deployments: readonly Reference[],
  timeout: number,
): Promise<void> {
  if (deployments.length === 0) return;
  const client = statusPermissions.client(transport, { own: namespace });
  const paint = paintFor(process.stderr);
  let rollouts: readonly Rollout[] = [];
  const told = new Set<string>();
  const screen = follow(
    {
      lines: () => rollouts.flatMap((rollout) => rolloutLines(rollout, paint)),
      news: () => {
        const lines = rollouts.flatMap((rollout) => rolloutLines(rollout, paint)).filter((line) => !told.has(line));
        for (const line of lines) told.add(line);
        return lines;
      },
    },
    process.stderr,
  );
  try {
    rollouts = await rolledOut(client, deployments, { timeout, onChange: (now) => (rollouts = now) });
  } finally {
    screen.stop();
  }
  const late = rollouts.filter(({ done }) => !done);
  if (late.length === 0) return;
  const why = late.map(({ name, troubles }) => [name, ...troubles.map(visible)].join("\n  "));
  throw new Failure(`not rolled out within ${timeout / 1000} s: ${why.join("\n")}`);
}

/** How far a Deployment is, and below it why it isn't further. */
export function rolloutLines({ name, wanted, updated, available, done, troubles }: Rollout, paint: Paint): string[] {
  const state = `${name}: ${Math.min(updated, available)} of ${wanted} pods ready`;
  return [done ? paint("green", `✔ ${state}`) : `○ ${state}`, ...troubles.map((trouble) => `  ${paint("yellow", visible(trouble))}`)];
}
