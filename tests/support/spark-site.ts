import { setTimeout as sleep } from "node:timers/promises";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import type { Place } from "./cluster.ts";

/** How long a JVM may take on a busy machine; milliseconds. */
export const patience = 400_000;

/** The spec of an application that runs the program of tests with an argument, as small as can be. */
export function specOf(what: string, further: object = {}, instances = 1) {
  // What it computes is over before a second compiler would have paid.
  const small = { coreRequest: "100m", memory: "512Mi", envVars: { JAVA_TOOL_OPTIONS: "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC" } };
  return {
    type: "Python",
    sparkVersion: "4.3.0",
    image: "spark",
    mainApplicationFile: "local:///app/main.py",
    arguments: [what],
    volumes: [{ name: "app", configMap: { name: "app" } }],
    driver: { ...small, volumeMounts: [{ name: "app", mountPath: "/app" }] },
    executor: { ...small, instances },
    ...further,
  };
}

/** A class of Spark's own, which works out the same as the program. */
export const query = (count: number | string) => ({
  mainClass: "org.apache.spark.sql.hive.thriftserver.SparkSQLCLIDriver",
  arguments: ["-e", `select sum(id * id) from range(${count})`],
});

// Spark's own servlet for Prometheus is at an address of the driver's UI; executors have none, and write to their log.
export const monitoring = {
  exposeDriverMetrics: true,
  exposeExecutorMetrics: true,
  metricsProperties: [
    "*.source.jvm.class=org.apache.spark.metrics.source.JvmSource",
    "driver.sink.prometheusServlet.class=org.apache.spark.metrics.sink.PrometheusServlet",
    "driver.sink.prometheusServlet.path=/metrics/ours",
    "executor.sink.console.class=org.apache.spark.metrics.sink.ConsoleSink",
    "executor.sink.console.period=1",
  ].join("\n"),
};

/** Makes the application `app`. */
export async function run({ client, namespace }: Place, spec: object): Promise<void> {
  await client("sparkapplications.sparkoperator.k8s.io").create({ metadata: { namespace, name: "app" }, spec });
}

/** The application's status, once its state is one of these. */
export async function statusIn({ client, namespace }: Place, ...states: string[]) {
  let last: unknown;
  for (const deadline = Date.now() + patience; Date.now() < deadline; await sleep(500)) {
    const { status = {} } = await client("sparkapplications.sparkoperator.k8s.io").get({ namespace, name: "app" });
    if (states.includes(status.applicationState?.state ?? "")) return status;
    last = status;
  }
  throw new Error(`it isn't ${states.join(" or ")} within 400 s: ${JSON.stringify(last, null, 1)}`);
}

/** Its executors' pods, once so many run. */
export async function executorsOf({ client, namespace }: Place, count: number): Promise<Pod[]> {
  for (const deadline = Date.now() + patience; Date.now() < deadline; await sleep(500)) {
    const pods = await Array.fromAsync(client("pods").list({ namespace, labelSelector: "spark-role=executor" }));
    if (pods.filter(({ status }) => status?.phase === "Running").length >= count) return pods;
  }
  throw new Error(`not ${count} executors run within 400 s`);
}

export const logOf = async ({ client, namespace }: Place, name: string) =>
  (await Array.fromAsync(client("pods/log").read({ namespace, name }))).join("\n");
