import { Elector, fenced, systemClock, Transport, type TransportOptions } from "@plimsoll/kube";
import { pino } from "pino";
import { collectDefaultMetrics, Registry } from "prom-client";
import { durationsOf, reloadConfig, type Config } from "./config/index.ts";
import type { Options } from "./options.ts";
import { Health } from "./runtime/health.ts";
import { Host, type Chosen } from "./runtime/host.ts";
import { ProgramMetrics } from "./runtime/program-metrics.ts";
import { serve } from "./runtime/server.ts";

/** Runs features until SIGTERM or SIGINT. Throws what keeps it from beginning, or from going on. */
export async function run(
  { config: file, kubeconfig, host: address, port }: Options,
  config: Config,
  chosen: readonly Chosen[],
): Promise<void> {
  const log = pino({ level: config.logLevel });
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  const program = new ProgramMetrics(metrics);
  const options: TransportOptions = {
    userAgent: "plimsoll-controller",
    onResponse: (response) => program.answered(response),
    onRetryAfter: (seconds) => host.retryAfter(seconds),
  };
  const transport = kubeconfig === undefined ? Transport.inCluster(options) : Transport.fromKubeconfig(kubeconfig, options);
  const end = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => end.abort());

  const { namespace } = transport;
  const { lease } = config.leaderElection;
  const elector = new Elector({
    connection: { kubeconfig },
    namespace,
    lease,
    durations: durationsOf(config.leaderElection),
    onError: (err) => log.warn({ err }, "a request for the lease failed, and is made again"),
  });
  const host = new Host({
    sender: transport,
    fenced: fenced(transport, elector.fence),
    elected: elector.elected,
    identity: elector.identity,
    namespaces: { own: namespace, chosen: config.namespaces },
    log,
    metrics,
    program,
  });
  const health = new Health(host, () => elector.lastContact());
  program.leads(lease, () => elector.fence.isUp);
  const server = await serve({ host: address, port, metrics, health });
  log.info(
    { server: transport.server, features: chosen.map(({ feature }) => feature.name), namespaces: config.namespaces, port: server.port },
    "started",
  );
  elector.start();
  void tellElected();
  try {
    // Who has lost the lease may write nothing more, so that nothing is left to be done.
    const lost = elector.lost.then((error) => Promise.reject(error));
    const working = Promise.all([host.run(chosen, end.signal), file === undefined ? undefined : reload(file)]);
    void filled();
    await Promise.race([working, lost]);
  } finally {
    // However it came: nothing goes on, and the next one need not wait.
    end.abort();
    server.close();
    await transport.close();
    await elector.release();
  }
  log.info("ended");

  /** The end doesn't wait for this: a follower ends without ever having led. */
  async function tellElected(): Promise<void> {
    try {
      await elector.elected;
    } catch {
      return;
    }
    log.info({ lease, identity: elector.identity }, "leads");
  }

  async function filled(): Promise<void> {
    try {
      await host.synced();
    } catch {
      return; // Ended before, the program has nothing to say about them.
    }
    health.synced();
    log.info("the caches are filled");
  }

  function reload(file: string): Promise<void> {
    return reloadConfig({
      file,
      config,
      clock: systemClock,
      signal: end.signal,
      onChange({ config, live, restart }) {
        log.level = config.logLevel;
        for (const { feature } of chosen) host.configure(feature.name, config.features[feature.name]);
        if (live.length > 0) log.info({ keys: live }, "the configuration has changed");
        if (restart.length > 0) log.warn({ keys: restart }, "the configuration has changed: restart the controller to have it so");
      },
      onError: ({ message }) => log.error({ problems: message.split("\n") }, "the configuration file is wrong: all stays as it was"),
    });
  }
}
