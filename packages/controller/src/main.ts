import { FairLimiter, messageOf, systemClock, Transport, type TransportOptions } from "@plimsoll/kube";
import { pino } from "pino";
import { parseConfig, usage, type Config } from "./config.ts";
import { featuresNamed } from "./features.ts";
import { Metrics } from "./metrics.ts";
import { serve } from "./server.ts";

async function main(config: Config): Promise<void> {
  const log = pino({ level: config.logLevel });
  const features = featuresNamed(config.features);
  const metrics = new Metrics(features.map(({ name }) => name));
  // One for all: what the API server bears doesn't grow with the number of namespaces.
  const limiter = new FairLimiter(config.podRate);
  const options: TransportOptions = {
    userAgent: "plimsoll-controller",
    onResponse: (response) => metrics.answered(response),
    onRetryAfter: (seconds) => limiter.pause(seconds),
  };
  const transport = config.kubeconfig === undefined ? Transport.inCluster(options) : Transport.fromKubeconfig(config.kubeconfig, options);
  const end = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => end.abort());

  const namespaces = config.namespaces ?? [undefined];
  const running = features.flatMap((feature) =>
    namespaces.map((namespace) =>
      feature.start({
        transport,
        own: transport.namespace,
        clock: systemClock,
        namespace,
        limiter,
        onError(what, error) {
          metrics.retried(feature.name);
          log.warn({ feature: feature.name, what, err: error }, "will be tried again");
        },
      }),
    ),
  );
  let ready = false;
  const server = await serve({ host: config.host, port: config.port, metrics: metrics.registry, ready: () => ready });
  log.info(
    { server: transport.server, features: features.map((feature) => feature.name), namespaces: config.namespaces, port: server.port },
    "started",
  );
  const filled = async (): Promise<void> => {
    await Promise.all(running.map((feature) => feature.synced()));
    ready = true;
    log.info("the caches are filled");
  };
  // Ended before its caches were filled, the program has nothing to say about them.
  filled().catch(() => {});
  await Promise.all(running.map((feature) => feature.run(end.signal)));
  server.close();
  await transport.close();
  log.info("ended");
}

try {
  const config = parseConfig(process.argv.slice(2));
  if (config === "help") process.stdout.write(usage);
  else await main(config);
} catch (error) {
  // Only what is wrong before the work begins comes here: arguments, the kubeconfig, the port.
  process.stderr.write(`plimsoll-controller: ${messageOf(error)}\n`);
  process.exitCode = 2;
}
