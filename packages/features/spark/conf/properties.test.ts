import { expect, test } from "vitest";
import { someMade } from "../testing/application.ts";
import { podMebibytes } from "./memory.ts";
import { propertiesText } from "./text.ts";

const fixed = {
  "spark.app.id": "spark-0c0ffee0111122223333444444444444-1-1",
  "spark.app.name": "pi",
  "spark.master": "k8s://https://kubernetes.default.svc",
  "spark.kubernetes.authenticate.driver.serviceAccountName": "spark",
  "spark.kubernetes.authenticate.executor.serviceAccountName": "default",
  "spark.kubernetes.driver.pod.name": "pi-driver",
  "spark.kubernetes.executor.podTemplateFile": "/etc/plimsoll/spark/executor-pod.json",
  "spark.kubernetes.namespace": "team",
  "spark.kubernetes.resource.type": "python",
  "spark.kubernetes.submitInDriver": "true",
};

test("an application of nothing but what is needed has Spark's properties, and those by which its driver needs few rights", () => {
  const { properties, names } = someMade();
  expect(properties).toEqual({
    ...fixed,
    "spark.driver.host": `${names.service}.team.svc`,
    "spark.kubernetes.executor.podNamePrefix": names.executors,
    "spark.driver.port": "7078",
    "spark.driver.blockManager.port": "7079",
    "spark.ui.port": "4040",
    "spark.driver.cores": "1",
    "spark.driver.memory": "1024m",
    "spark.driver.memoryOverheadFactor": "0.4",
    "spark.executor.memoryOverheadFactor": "0.4",
    "spark.kubernetes.container.image": "spark:4.3.0",
    "spark.kubernetes.container.image.pullPolicy": "IfNotPresent",
    "spark.kubernetes.driver.ownPersistentVolumeClaim": "false",
    "spark.kubernetes.driver.reusePersistentVolumeClaim": "false",
    "spark.kubernetes.driver.service.deleteOnTermination": "false",
    "spark.kubernetes.executor.disableConfigMap": "true",
  });
});

const deps = {
  jars: ["local:///a.jar", "https://x/b.jar"],
  files: ["f"],
  pyFiles: ["a.py", "b.zip"],
  packages: ["g:a:1"],
  excludePackages: ["g:b"],
  repositories: ["https://r"],
  archives: ["a.tgz#env"],
};
const prometheus = { jmxExporterJar: "/jmx.jar" };
const exposed = { exposeDriverMetrics: true, exposeExecutorMetrics: false };

test.each<[string, Parameters<typeof someMade>, Record<string, string | undefined>]>([
  ["driver.cores", [{}, { cores: 2 }], { "spark.driver.cores": "2" }],
  ["driver.coreRequest", [{}, { coreRequest: "500m" }], { "spark.kubernetes.driver.request.cores": "500m" }],
  ["driver.coreLimit", [{}, { coreLimit: "1200m" }], { "spark.kubernetes.driver.limit.cores": "1200m" }],
  ["driver.memory", [{}, { memory: "2g" }], { "spark.driver.memory": "2048m" }],
  ["driver.memory in mebibytes", [{}, { memory: "512" }], { "spark.driver.memory": "512m" }],
  ["driver.memory of two letters", [{}, { memory: "512 MB" }], { "spark.driver.memory": "512m" }],
  ["driver.memory as Kubernetes writes it", [{}, { memory: "512Mi" }], { "spark.driver.memory": "512m" }],
  ["the same in sparkConf", [{ sparkConf: { "spark.executor.memory": "2Gi" } }], { "spark.executor.memory": "2048m" }],
  ["driver.memoryOverhead", [{}, { memoryOverhead: "512m" }], { "spark.driver.memoryOverhead": "512m" }],
  ["driver.image", [{}, { image: "d" }], { "spark.kubernetes.driver.container.image": "d" }],
  ["driver.javaOptions", [{}, { javaOptions: "-Da=1" }], { "spark.driver.extraJavaOptions": "-Da=1" }],
  ["driver.serviceAccount", [{}, { serviceAccount: "own" }], { "spark.kubernetes.authenticate.driver.serviceAccountName": "own" }],
  [
    "driver.kubernetesMaster",
    [{}, { kubernetesMaster: "https://api:6443" }],
    { "spark.master": "k8s://https://api:6443", "spark.kubernetes.driver.master": "https://api:6443" },
  ],
  ["executor.cores", [{}, {}, { cores: 3 }], { "spark.executor.cores": "3" }],
  ["executor.coreRequest", [{}, {}, { coreRequest: "0.5" }], { "spark.kubernetes.executor.request.cores": "0.5" }],
  ["executor.coreLimit", [{}, {}, { coreLimit: "2" }], { "spark.kubernetes.executor.limit.cores": "2" }],
  ["executor.memory", [{}, {}, { memory: "4g" }], { "spark.executor.memory": "4096m" }],
  ["executor.memoryOverhead", [{}, {}, { memoryOverhead: "1g" }], { "spark.executor.memoryOverhead": "1024m" }],
  ["executor.instances", [{}, {}, { instances: 5 }], { "spark.executor.instances": "5" }],
  ["executor.image", [{}, {}, { image: "e" }], { "spark.kubernetes.executor.container.image": "e" }],
  ["executor.schedulerName", [{}, {}, { schedulerName: "s" }], { "spark.kubernetes.executor.scheduler.name": "s" }],
  ["executor.javaOptions", [{}, {}, { javaOptions: "-Xss1m" }], { "spark.executor.extraJavaOptions": "-Xss1m" }],
  ["executor.serviceAccount", [{}, {}, { serviceAccount: "e" }], { "spark.kubernetes.authenticate.executor.serviceAccountName": "e" }],
  ["executor.deleteOnTermination", [{}, {}, { deleteOnTermination: false }], { "spark.kubernetes.executor.deleteOnTermination": "false" }],
  ["imagePullPolicy", [{ imagePullPolicy: "Always" }], { "spark.kubernetes.container.image.pullPolicy": "Always" }],
  ["imagePullSecrets", [{ imagePullSecrets: ["a", "b"] }], { "spark.kubernetes.container.image.pullSecrets": "a,b" }],
  ["memoryOverheadFactor", [{ memoryOverheadFactor: "0.2" }], { "spark.executor.memoryOverheadFactor": "0.2" }],
  ["type Scala", [{ type: "Scala" }], { "spark.kubernetes.resource.type": "java", "spark.driver.memoryOverheadFactor": "0.1" }],
  ["type R", [{ type: "R" }], { "spark.kubernetes.resource.type": "r", "spark.driver.memoryOverheadFactor": "0.4" }],
  ["sparkConf", [{ sparkConf: { "spark.sql.shuffle.partitions": "4" } }], { "spark.sql.shuffle.partitions": "4" }],
  ["a field before sparkConf", [{ sparkConf: { "spark.driver.memory": "3g" } }, { memory: "2g" }], { "spark.driver.memory": "2048m" }],
  ["sparkConf before the default", [{ sparkConf: { "spark.ui.port": "4050" } }], { "spark.ui.port": "4050" }],
  ["hadoopConf", [{ hadoopConf: { "fs.s3a.endpoint": "http://m" } }], { "spark.hadoop.fs.s3a.endpoint": "http://m" }],
  [
    "deps",
    [{ deps }],
    {
      "spark.jars": "local:///a.jar,https://x/b.jar",
      "spark.files": "f",
      "spark.submit.pyFiles": "a.py,b.zip",
      "spark.jars.packages": "g:a:1",
      "spark.jars.excludes": "g:b",
      "spark.jars.repositories": "https://r",
      "spark.archives": "a.tgz#env",
      "spark.jars.ivy": "/tmp/.ivy2",
    },
  ],
  [
    "dynamicAllocation",
    [{ dynamicAllocation: { enabled: true, initialExecutors: 1, minExecutors: 0, maxExecutors: 9, shuffleTrackingTimeout: 5 } }],
    {
      "spark.dynamicAllocation.enabled": "true",
      "spark.dynamicAllocation.shuffleTracking.enabled": "true",
      "spark.dynamicAllocation.initialExecutors": "1",
      "spark.dynamicAllocation.minExecutors": "0",
      "spark.dynamicAllocation.maxExecutors": "9",
      "spark.dynamicAllocation.shuffleTracking.timeout": "5",
    },
  ],
  [
    "dynamicAllocation that isn't enabled",
    [{ dynamicAllocation: { maxExecutors: 9 } }],
    { "spark.dynamicAllocation.maxExecutors": undefined },
  ],
  [
    "monitoring",
    [{ monitoring: { ...exposed, prometheus } }, { javaOptions: "-Da=1" }],
    {
      "spark.metrics.conf": "/etc/plimsoll/spark/metrics.properties",
      "spark.driver.extraJavaOptions": "-Da=1 -javaagent:/jmx.jar=8090:/etc/plimsoll/spark/prometheus.yaml",
      "spark.executor.extraJavaOptions": undefined,
    },
  ],
  ["monitoring by a file of the image", [{ monitoring: { ...exposed, metricsPropertiesFile: "/m" } }], { "spark.metrics.conf": "/m" }],
  [
    "claims that are asked for",
    [{ sparkConf: { "spark.kubernetes.executor.volumes.persistentVolumeClaim.data.options.claimName": "OnDemand" } }],
    { "spark.kubernetes.driver.ownPersistentVolumeClaim": undefined },
  ],
])("%s", (_, given, expected) => {
  const { properties } = someMade(...given);
  expect(Object.fromEntries(Object.keys(expected).map((key) => [key, properties[key]]))).toEqual(expected);
});

test.each([
  [{ memory: "1g", overhead: undefined, factor: "0.4" }, 1433],
  [{ memory: "512m", overhead: undefined, factor: "0.1" }, 896],
  [{ memory: "10g", overhead: undefined, factor: "0.1" }, 11264],
  [{ memory: "2048", overhead: "1g", factor: "0.1" }, 3072],
  [{ memory: "1t", overhead: "0", factor: "0.1" }, 1048576],
])("a pod of %j has %i MiB", (given, expected) => {
  expect(podMebibytes(given)).toBe(expected);
});

test("a file of properties is read by Java as it was meant", () => {
  expect(propertiesText({ "b c": " x=\\y", a: "1\n2" })).toBe("a=1\\n2\nb\\ c=\\ x=\\\\y\n");
});
