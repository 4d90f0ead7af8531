import { Host } from "@plimsoll/controller";
import type { Feature } from "@plimsoll/features/feature";
import { ApiError, messageOf, Transport, type Sender } from "@plimsoll/kube";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kubeconfigWith } from "../../scripts/local-controller.ts";
import type { Place } from "../support/cluster.ts";
import type { Account } from "./account.ts";
import type { Scenario } from "./scenario.ts";

export interface Performance {
  feature: Feature;
  scenario: Scenario;
  place: Place;
  account: Account;
  /** Where the feature works; undefined: in all namespaces. */
  namespace: string | undefined;
  /** How long each thing may take. */
  seconds: number;
  /** How long of that each thing may take once the account was refused something; by default all of it. Seconds. */
  grace?: number;
}

/** What was expected of a scenario and did not happen. */
export class Miss extends Error {
  readonly expected: string;

  constructor(expected: string, cause: unknown) {
    super(`${expected}: ${messageOf(cause)}`, { cause });
    this.expected = expected;
  }
}

/** Plays a scenario with the feature at work as the account alone. Throws a Miss for what does not happen, and what the scenario itself throws. */
export async function play({ feature, scenario, place, account, namespace, seconds, grace }: Performance): Promise<void> {
  const lost = new Set<string>();
  const refused = Promise.withResolvers<void>();
  const transport = Transport.fromKubeconfig(place.kubeconfig, {
    token: account.token,
    userAgent: `proof-${feature.name}`,
    onResponse: (answer) => {
      if (answer.status === 403) refused.resolve();
      if (!scenario.losesAnswer?.(answer) || lost.has(answer.path)) return;
      lost.add(answer.path);
      throw new Error("the answer was lost");
    },
  });
  const end = new AbortController();
  const chosen = namespace === undefined ? undefined : [namespace];
  const sender = scenario.isOlder ? withoutInitialEvents(transport) : transport;
  const host = new Host({ sender, namespaces: { own: account.namespace, chosen } });
  const folder = await mkdtemp(join(tmpdir(), "plimsoll-proof-"));
  const accountKubeconfig = join(folder, "kubeconfig");
  await writeFile(accountKubeconfig, kubeconfigWith(place.kubeconfig, account.token, account.namespace), { mode: 0o600 });
  let run: Promise<void> | undefined;
  try {
    await scenario.play({
      ...place,
      until: (name, condition) => place.until(name, condition, seconds),
      gone: (name) => place.gone(name, seconds),
      accountKubeconfig,
      seconds,
      begin: async (config = {}) => {
        run = host.run([{ feature, config: feature.config.parse(config) }], end.signal);
        await within(seconds, host.synced());
      },
      metrics: () => host.metrics.metrics(),
      expecting: async (what, happening) => {
        try {
          return await (grace === undefined ? happening : Promise.race([happening, refused.promise.then(() => within(grace, happening))]));
        } catch (error) {
          throw new Miss(what, error);
        }
      },
    });
  } finally {
    end.abort();
    await run;
    await transport.close();
    await rm(folder, { recursive: true });
  }
}

/** What a server answers whose feature gate WatchList is off. */
function withoutInitialEvents(sender: Sender): Sender {
  return {
    request: (request) => sender.request(request),
    stream: async (request) => {
      if (request.query?.["sendInitialEvents"] === undefined) return sender.stream(request);
      throw new ApiError(`${request.method} ${request.path}`, 422, { reason: "Invalid", message: "sendInitialEvents is forbidden" });
    },
  };
}

/** The same, where a miss is what is wanted: gives it, or undefined when all went as expected. */
export async function missOf(performance: Performance): Promise<Miss | undefined> {
  try {
    await play(performance);
    return undefined;
  } catch (error) {
    if (error instanceof Miss) return error;
    throw error;
  }
}

async function within<T>(seconds: number, promise: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`not within ${seconds} s`)), seconds * 1000);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
