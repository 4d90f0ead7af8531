import { messageOf, Transport, type TransportOptions } from "@plimsoll/kube";
import { pino } from "pino";
import { collectDefaultMetrics, Registry } from "prom-client";
import { parseConfig, usage, type Config } from "./config.ts";
import { featuresNamed } from "./features.ts";
import { Host } from "./runtime/host.ts";
import { ProgramMetrics } from "./runtime/program-metrics.ts";
import { serve } from "./server.ts";

async function main(config: Config): Promise<void> {
  const log = pino({ level: config.logLevel });
  const features = featuresNamed(config.features);
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const program = new ProgramMetrics(registry);
  const options: TransportOptions = {
    userAgent: "plimsoll-controller",
    onResponse: (response) => program.answered(response),
    onRetryAfter: (seconds) => host.retryAfter(seconds),
  };
  const transport = config.kubeconfig === undefined ? Transport.inCluster(options) : Transport.fromKubeconfig(config.kubeconfig, options);
  const end = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => end.abort());
  const host = new Host({
    sender: transport,
    namespaces: { own: transport.namespace, chosen: config.namespaces },
    log,
    metrics: registry,
    program,
  });
  let ready = false;
  const server = await serve({ host: config.host, port: config.port, metrics: registry, ready: () => ready });
  const running = host.run(
    features.map((feature) => ({ feature, config: feature.config.parse({ podQPS: config.podRate.qps, podBurst: config.podRate.burst }) })),
    end.signal,
  );
  log.info(
    { server: transport.server, features: features.map((feature) => feature.name), namespaces: config.namespaces, port: server.port },
    "started",
  );
  const filled = async (): Promise<void> => {
    await host.synced();
    ready = true;
    log.info("the caches are filled");
  };
  // Ended before its caches were filled, the program has nothing to say about them.
  filled().catch(() => {});
  await running;
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
