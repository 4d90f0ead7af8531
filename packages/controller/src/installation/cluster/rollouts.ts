import { systemClock, type Clock } from "@plimsoll/kube";
import type { Deployment } from "kubernetes-types/apps/v1.d.ts";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { rolloutOf, wanting, type PodNews, type Rollout } from "../health.ts";
import type { StatusClient } from "./permissions.ts";
import { persistently } from "./persistently.ts";

/** How far a Deployment is, and why it isn't further. */
export async function readRollout(client: StatusClient, deployment: Deployment): Promise<Rollout> {
  const { namespace = "" } = deployment.metadata ?? {};
  if (rolloutOf(deployment, []).done) return rolloutOf(deployment, []);
  const labelSelector = Object.entries(deployment.spec?.selector.matchLabels ?? {})
    .map(([name, value]) => `${name}=${value}`)
    .join(",");
  const pods: Pod[] = await Array.fromAsync(client("pods").list({ namespace, labelSelector }));
  return rolloutOf(deployment, pods, await newsOf(client, wanting(pods)));
}

/** Waits until Deployments are rolled out, for no longer than so many milliseconds; gives how far they are then. */
export async function rolledOut(
  client: StatusClient,
  deployments: readonly { namespace: string; name: string }[],
  {
    timeout,
    onChange = () => {},
    clock = systemClock,
  }: { timeout: number; onChange?: (rollouts: readonly Rollout[]) => void; clock?: Clock },
): Promise<Rollout[]> {
  const end = clock.monotonic() + timeout;
  for (;;) {
    const rollouts = await Promise.all(
      deployments.map((ref) => persistently(clock, async () => readRollout(client, await client("deployments.apps").get(ref)))),
    );
    onChange(rollouts);
    if (rollouts.every(({ done }) => done) || clock.monotonic() >= end) return rollouts;
    await clock.sleep(Math.min(500, Math.max(0, end - clock.monotonic())));
  }
}

/** What the pods' logs and events tell, as far as the user may read them. */
async function newsOf(client: StatusClient, pods: readonly Pod[]): Promise<PodNews> {
  const logs = new Map<string, string>();
  const warnings = new Map<string, string>();
  await Promise.all(
    pods.map(async ({ metadata, status }) => {
      const { namespace = "", name = "" } = metadata ?? {};
      const ended = status?.containerStatuses?.find(({ state, lastState }) => state?.terminated ?? lastState?.terminated);
      if (ended) {
        const line = await lastLine(client, { namespace, name }, ended.name, ended.state?.terminated === undefined);
        if (line !== undefined) logs.set(name, line);
      }
      const warning = await lastWarning(client, { namespace, name });
      if (warning !== undefined) warnings.set(name, warning);
    }),
  );
  return { logs, warnings };
}

type Reference = { namespace: string; name: string };

async function lastLine(client: StatusClient, ref: Reference, container: string, previous: boolean): Promise<string | undefined> {
  try {
    const lines = await Array.fromAsync(client("pods/log").read(ref, { container, previous, tailLines: 1 }));
    return lines.at(-1);
  } catch {
    // The log is gone, or may not be read: then the exit code must do.
    return undefined;
  }
}

async function lastWarning(client: StatusClient, { namespace, name }: Reference): Promise<string | undefined> {
  try {
    const fieldSelector = `involvedObject.name=${name},type=Warning`;
    const events = await Array.fromAsync(client("events").list({ namespace, fieldSelector }));
    const last = events.sort((a, b) => (a.lastTimestamp ?? "").localeCompare(b.lastTimestamp ?? "")).at(-1);
    return last && `${last.reason}: ${last.message}`;
  } catch {
    return undefined;
  }
}
