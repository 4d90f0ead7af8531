import { FairLimiter, messageOf, systemClock, Transport, type TransportOptions } from "@plimsoll/kube";
import { pino } from "pino";
import { enabledFeatures, loadConfig, podRate, reloadConfig } from "./config/index.ts";
import { featuresNamed } from "./features.ts";
import { Metrics } from "./metrics.ts";
import { parseOptions, usage, type Options } from "./options.ts";
import { serve } from "./server.ts";

async function main({ config: file, kubeconfig, host, port }: Options): Promise<void> {
  const config = await loadConfig(file);
  const log = pino({ level: config.logLevel });
  const features = featuresNamed(enabledFeatures(config));
  const metrics = new Metrics(features.map(({ name }) => name));
  // One for all: what the API server bears doesn't grow with the number of namespaces.
  const limiter = new FairLimiter(podRate(config));
  const transportOptions: TransportOptions = {
    userAgent: "plimsoll-controller",
    onResponse: (response) => metrics.answered(response),
    onRetryAfter: (seconds) => limiter.pause(seconds),
  };
  const transport =
    kubeconfig === undefined ? Transport.inCluster(transportOptions) : Transport.fromKubeconfig(kubeconfig, transportOptions);
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
  const server = await serve({ host, port, metrics: metrics.registry, ready: () => ready });
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
  const reloading =
    file === undefined
      ? undefined
      : reloadConfig({
          file,
          config,
          clock: systemClock,
          signal: end.signal,
          onChange({ config, live, restart }) {
            log.level = config.logLevel;
            limiter.setRate(podRate(config));
            if (live.length > 0) log.info({ keys: live }, "the configuration has changed");
            if (restart.length > 0) log.warn({ keys: restart }, "the configuration has changed: restart the controller to have it so");
          },
          onError: ({ message }) => log.error({ problems: message.split("\n") }, "the configuration file is wrong: all stays as it was"),
        });
  await Promise.all([reloading, ...running.map((feature) => feature.run(end.signal))]);
  server.close();
  await transport.close();
  log.info("ended");
}

try {
  const options = parseOptions(process.argv.slice(2));
  if (options === "help") process.stdout.write(usage);
  else await main(options);
} catch (error) {
  // Only what is wrong before the work begins comes here: arguments, the configuration, the kubeconfig, the port.
  for (const line of messageOf(error).split("\n")) process.stderr.write(`plimsoll-controller: ${line}\n`);
  process.exitCode = 2;
}
