import * as z from "zod";
import { crd } from "../schema/field.ts";
import { driverSpec, executorSpec } from "./pod-spec.ts";
import { texts } from "./pod-template.ts";

const strings = (description: string) => z.array(z.string().min(1)).optional().describe(description);
const seconds = z.int().min(1);
const retries = z.int().min(0);

const dependencies = z.strictObject({
  jars: strings("JARs."),
  files: strings("Files."),
  pyFiles: strings("Python files, and archives of them."),
  packages: strings("Maven coordinates, group:artifact:version; the driver fetches them."),
  excludePackages: strings("group:artifact that aren't fetched."),
  repositories: strings("Maven repositories beside Maven Central."),
  archives: strings("Archives that are unpacked in each working directory."),
});

const restartPolicy = z.strictObject({
  type: z.enum(["Never", "OnFailure", "Always"]).optional().describe("When it is run again. Default: Never."),
  onFailureRetries: retries.optional().describe("How often a failed application is run again. Default: 0."),
  onFailureRetryInterval: seconds.optional().describe("Seconds until then, times the attempts that there were. Default: 5."),
  onSubmissionFailureRetries: retries.optional().describe("How often a driver that could not be made is tried again. Default: 0."),
  onSubmissionFailureRetryInterval: seconds.optional().describe("Seconds until then, times the attempts that there were. Default: 5."),
});

const prometheus = z.strictObject({
  jmxExporterJar: z.string().min(1).describe("The path of Prometheus' JMX exporter in the image."),
  port: z.int().min(1024).max(49_151).optional().describe("Default: 8090."),
  portName: z.string().min(1).optional().describe("Default: jmx-exporter."),
  configFile: z.string().min(1).optional().describe("The path of its configuration in the image."),
  configuration: z.string().optional().describe("Its configuration. Default: every attribute, as it is."),
});

const monitoring = z.strictObject({
  exposeDriverMetrics: z.boolean(),
  exposeExecutorMetrics: z.boolean(),
  metricsProperties: z.string().optional().describe("The text of metrics.properties."),
  metricsPropertiesFile: z.string().min(1).optional().describe("The path of metrics.properties in the image."),
  prometheus: prometheus.optional(),
});

const count = z.int().min(0).optional();

const dynamicAllocation = z.strictObject({
  enabled: z.boolean().optional(),
  initialExecutors: count,
  minExecutors: count,
  maxExecutors: z.int().min(1).optional(),
  shuffleTrackingEnabled: z.boolean().optional().describe("Default: true."),
  shuffleTrackingTimeout: z.int().optional().describe("Milliseconds."),
});

/** The spec of a SparkApplication, with the fields that are carried out. */
export const sparkApplicationSpec = z.strictObject({
  type: z.enum(["Java", "Scala", "Python", "R"]).describe("What the application is written in."),
  mode: z.enum(["cluster"]).optional().describe("cluster: the driver is a pod."),
  sparkVersion: z.string().describe("The version of Spark that is in the image."),
  image: z.string().min(1).optional().describe("The image of the driver and the executors."),
  imagePullPolicy: z.enum(["Always", "IfNotPresent", "Never"]).optional().describe("When it is pulled. Default: IfNotPresent."),
  imagePullSecrets: strings("Secrets with which it is pulled."),
  mainClass: z.string().min(1).optional().describe("The class that is run, of Java and Scala."),
  mainApplicationFile: z.string().min(1).optional().describe("The JAR, Python or R file that is run: local:///PATH is in the image."),
  arguments: z.array(z.string()).optional().describe("What it is given."),
  sparkConf: texts.optional().describe("Properties of Spark."),
  hadoopConf: texts.optional().describe("Properties of Hadoop, without spark.hadoop. before them."),
  sparkConfigMap: z.string().min(1).optional().describe("A ConfigMap that is mounted as SPARK_CONF_DIR."),
  hadoopConfigMap: z.string().min(1).optional().describe("A ConfigMap that is mounted as HADOOP_CONF_DIR."),
  volumes: z
    .array(z.record(z.string(), z.unknown()).meta(crd({ preserve: true })))
    .optional()
    .describe("Volumes, for volumeMounts."),
  nodeSelector: texts.optional().describe("Labels that the nodes of all pods must have."),
  memoryOverheadFactor: z
    .string()
    .regex(/^[0-9]+(\.[0-9]+)?$/, 'must be a number in quotes, as in "0.2"')
    .optional()
    .describe("What pods ask for beyond the heap, as a part of it. Default: 0.1 for the JVM alone, else 0.4; at least 384 MiB."),
  pythonVersion: z.enum(["3"]).optional(),
  driver: driverSpec,
  executor: executorSpec,
  deps: dependencies.optional().describe("What it depends on."),
  restartPolicy: restartPolicy.optional().describe("Whether it is run again."),
  timeToLiveSeconds: z.int().min(0).optional().describe("Seconds after its end, when it is deleted."),
  monitoring: monitoring.optional().describe("Metrics of its pods."),
  dynamicAllocation: dynamicAllocation.optional().describe("Whether executors come and go."),
  suspend: z.boolean().optional().describe("Whether its pods are taken away until it is resumed."),
});

/** The spec of a SparkApplication. */
export type SparkApplicationSpec = z.output<typeof sparkApplicationSpec>;
