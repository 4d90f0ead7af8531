import { expect, test } from "vitest";
import { someMade } from "../testing/application.ts";
import { propertiesMap } from "./config-map.ts";
import { driverPod } from "./driver.ts";
import { executorTemplate, executorTrial } from "./executor.ts";
import { executorsPolicy } from "./network-policy.ts";
import { driverService } from "./service.ts";

const owner = { name: "pi-driver", uid: "u" };
const restricted = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };
const security = {
  runAsNonRoot: true,
  runAsUser: 185,
  runAsGroup: 185,
  fsGroup: 185,
  seccompProfile: { type: "RuntimeDefault" },
};
type Given = Parameters<typeof someMade>;
const main = (...given: Given) =>
  driverPod(someMade(...given)).spec.containers[0] as { args: string[]; resources: object; ports: object[] };
const executor = (...given: Given) => executorTemplate(someMade(...given));

test("a driver's pod is the application's, runs the image's entrypoint, and meets the restricted standard", () => {
  const made = someMade({ arguments: ["10", "$(HOME)"] });
  const { metadata, spec } = driverPod(made);
  expect(metadata).toMatchObject({
    namespace: "team",
    name: "pi-driver",
    labels: {
      team: "a",
      "spark-role": "driver",
      "spark-app-selector": made.names.applicationId,
      "sparkoperator.k8s.io/app-name": "pi",
      "sparkoperator.k8s.io/submission-id": expect.stringMatching(/^1-1-[0-9a-f]{12}$/) as string,
    },
    ownerReferences: [{ kind: "SparkApplication", name: "pi", controller: true }],
  });
  expect(spec).toMatchObject({ restartPolicy: "Never", serviceAccountName: "spark", securityContext: security });
  expect(spec.containers[0]).toMatchObject({
    name: "spark-kubernetes-driver",
    image: "spark:4.3.0",
    args: ["driver", "--properties-file", "/etc/plimsoll/spark/spark.properties", "local:///opt/app/main.py", "10", "$$(HOME)"],
    resources: { requests: { cpu: "1", memory: "1433Mi" }, limits: { memory: "1433Mi" } },
    securityContext: restricted,
  });
});

test("a JVM's application has its class, and none needs a file", () => {
  expect(main({ type: "Java", mainClass: "a.B", mainApplicationFile: undefined }).args.slice(3)).toEqual([
    "--class",
    "a.B",
    "spark-internal",
  ]);
});

test("executors get no token, whatever ServiceAccount they have, unless the template says so", () => {
  expect(executor().spec).toMatchObject({ automountServiceAccountToken: false, securityContext: security });
  expect(executor({}, {}, { template: { spec: { automountServiceAccountToken: true } } }).spec.automountServiceAccountToken).toBe(true);
});

const volumes = [
  { name: "data", persistentVolumeClaim: { claimName: "c" } },
  { name: "other", emptyDir: {} },
];
const mount = { name: "data", mountPath: "/data" };
const side = { name: "side", image: "i" };

test.each<[string, object, object]>([
  ["env", { env: [{ name: "A", value: "1" }] }, { containers: [{ env: [{ name: "A", value: "1" }] }] }],
  ["envVars", { envVars: { B: "2" } }, { containers: [{ env: [{ name: "B", value: "2" }] }] }],
  [
    "envSecretKeyRefs",
    { envSecretKeyRefs: { C: { name: "s", key: "k" } } },
    { containers: [{ env: [{ name: "C", valueFrom: { secretKeyRef: { name: "s", key: "k" } } }] }] },
  ],
  ["envFrom", { envFrom: [{ configMapRef: { name: "m" } }] }, { containers: [{ envFrom: [{ configMapRef: { name: "m" } }] }] }],
  ["volumeMounts", { volumeMounts: [mount] }, { volumes: [volumes[0]], containers: [{ volumeMounts: [mount] }] }],
  [
    "configMaps",
    { configMaps: [{ name: "m.x", path: "/m" }] },
    {
      volumes: [{ name: "config-m-x", configMap: { name: "m.x" } }],
      containers: [{ volumeMounts: [{ name: "config-m-x", mountPath: "/m" }] }],
    },
  ],
  [
    "secrets",
    { secrets: [{ name: "g", path: "/g", secretType: "GCPServiceAccount" }] },
    {
      volumes: [{ name: "secret-g", secret: { secretName: "g" } }],
      containers: [{ env: [{ name: "GOOGLE_APPLICATION_CREDENTIALS", value: "/g/key.json" }] }],
    },
  ],
  ["tolerations", { tolerations: [{ key: "k" }] }, { tolerations: [{ key: "k" }] }],
  ["affinity", { affinity: { nodeAffinity: {} } }, { affinity: { nodeAffinity: {} } }],
  ["nodeSelector", { nodeSelector: { a: "b" } }, { nodeSelector: { zone: "z", a: "b" } }],
  ["podSecurityContext", { podSecurityContext: { runAsUser: 7 } }, { securityContext: { ...security, runAsUser: 7 } }],
  [
    "securityContext",
    { securityContext: { readOnlyRootFilesystem: true, capabilities: { add: ["X"] } } },
    { containers: [{ securityContext: { ...restricted, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"], add: ["X"] } } }] },
  ],
  ["schedulerName", { schedulerName: "s" }, { schedulerName: "s" }],
  ["priorityClassName", { priorityClassName: "p" }, { priorityClassName: "p" }],
  ["runtimeClassName", { runtimeClassName: "r" }, { runtimeClassName: "r" }],
  ["dnsConfig", { dnsConfig: { options: [] } }, { dnsConfig: { options: [] } }],
  ["hostAliases", { hostAliases: [{ ip: "1.2.3.4" }] }, { hostAliases: [{ ip: "1.2.3.4" }] }],
  ["shareProcessNamespace", { shareProcessNamespace: true }, { shareProcessNamespace: true }],
  ["terminationGracePeriodSeconds", { terminationGracePeriodSeconds: 5 }, { terminationGracePeriodSeconds: 5 }],
  ["sidecars", { sidecars: [side] }, { containers: [{}, { ...side, securityContext: restricted }] }],
  ["initContainers", { initContainers: [side] }, { initContainers: [{ ...side, securityContext: restricted }] }],
  ["lifecycle", { lifecycle: { preStop: {} } }, { containers: [{ lifecycle: { preStop: {} } }] }],
  [
    "ports",
    { ports: [{ name: "p", protocol: "TCP", containerPort: 1 }] },
    { containers: [{ ports: [{ name: "p", protocol: "TCP", containerPort: 1 }] }] },
  ],
  ["gpu", { gpu: { name: "nvidia.com/gpu", quantity: 2 } }, { containers: [{ resources: { limits: { "nvidia.com/gpu": "2" } } }] }],
  [
    "a template",
    { template: { spec: { enableServiceLinks: false, containers: [{ name: "x", tty: true }, side] } } },
    { enableServiceLinks: false, containers: [{ name: "spark-kubernetes-executor", tty: true }, { name: "side" }] },
  ],
])("%s", (_, own, expected) => {
  expect(executor({ volumes, nodeSelector: { zone: "z" } }, {}, own).spec).toMatchObject(expected);
});

test("labels, annotations, and those of the application, are the pods'; Spark's own can't be changed", () => {
  const { metadata } = driverPod(someMade({}, { labels: { l: "1", "spark-role": "x" }, annotations: { a: "2" } }));
  expect(metadata).toMatchObject({ labels: { team: "a", l: "1", "spark-role": "driver" }, annotations: { a: "2" } });
});

test("volumes for what Spark spills take the place of the pod's own", () => {
  const name = "spark-local-dir-1";
  const made = someMade({ volumes: [{ name, emptyDir: { sizeLimit: "1Gi" } }] }, { volumeMounts: [{ name, mountPath: "/spill" }] });
  const { volumes: all, containers } = driverPod(made).spec;
  expect(all.filter((volume) => volume["name"] === name)).toEqual([{ name, emptyDir: { sizeLimit: "1Gi" } }]);
  expect(containers[0]?.["env"]).toContainEqual({ name: "SPARK_LOCAL_DIRS", value: "/spill" });
});

test("what Spark spills is written where its properties say, to memory where they want that", () => {
  const made = someMade({ sparkConf: { "spark.local.dir": "/a,/b", "spark.kubernetes.local.dirs.tmpfs": "true" } });
  const { volumes, containers } = driverPod(made).spec;
  const names = ["spark-local-dir-1", "spark-local-dir-2"];
  expect(volumes).toEqual(expect.arrayContaining(names.map((name) => ({ name, emptyDir: { medium: "Memory" } }))));
  expect(containers[0]?.["volumeMounts"]).toEqual(
    expect.arrayContaining(names.map((name, index) => ({ name, mountPath: index === 0 ? "/a" : "/b" }))),
  );
  expect(containers[0]?.["env"]).toContainEqual({ name: "SPARK_LOCAL_DIRS", value: "/a,/b" });
});

test("a driver's pod has the least overhead that its properties say", () => {
  const memoryOf = (sparkConf: Record<string, string>) =>
    (driverPod(someMade({ sparkConf }, { memory: "512m" })).spec.containers[0] as { resources?: { requests?: { memory?: string } } })
      .resources?.requests?.memory;
  expect(memoryOf({})).toBe("896Mi");
  expect(memoryOf({ "spark.driver.minMemoryOverhead": "1g" })).toBe("1536Mi");
});

test("Spark's and Hadoop's configuration is where they look for it, in the driver and in executors", () => {
  const change = { sparkConfigMap: "s", hadoopConfigMap: "h" };
  for (const pod of [driverPod(someMade(change)).spec, executor(change, {}, {}).spec]) {
    expect(pod.volumes).toEqual(
      expect.arrayContaining([
        { name: "config-s", configMap: { name: "s" } },
        { name: "config-h", configMap: { name: "h" } },
      ]),
    );
    expect(pod.containers[0]).toMatchObject({
      volumeMounts: expect.arrayContaining([
        { name: "config-s", mountPath: "/opt/spark/conf" },
        { name: "config-h", mountPath: "/etc/hadoop/conf" },
      ]) as object,
      env: expect.arrayContaining([
        { name: "SPARK_CONF_DIR", value: "/opt/spark/conf" },
        { name: "HADOOP_CONF_DIR", value: "/etc/hadoop/conf" },
      ]) as object,
    });
  }
});

test("sparkConf counts for the driver's pod as its fields do", () => {
  const sparkConf = {
    "spark.driver.memory": "2g",
    "spark.driver.memoryOverhead": "1g",
    "spark.driver.cores": "3",
    "spark.ui.port": "4050",
  };
  const { resources, ports } = main({ sparkConf });
  expect(resources).toEqual({ requests: { cpu: "3", memory: "3072Mi" }, limits: { memory: "3072Mi" } });
  expect(ports).toContainEqual({ name: "spark-ui", containerPort: 4050, protocol: "TCP" });
});

test("what goes with the driver's pod is owned by it: its Service, its files and the executors' NetworkPolicy", () => {
  const made = someMade({ monitoring: { exposeDriverMetrics: false, exposeExecutorMetrics: true, prometheus: { jmxExporterJar: "/j" } } });
  const [map, service, policy] = [propertiesMap(made, owner), driverService(made, owner), executorsPolicy(made, owner)];
  for (const { metadata } of [map, service, policy])
    expect(metadata).toMatchObject({ namespace: "team", ownerReferences: [{ apiVersion: "v1", kind: "Pod", ...owner }] });
  expect(Object.keys(map.data).sort()).toEqual(["executor-pod.json", "metrics.properties", "prometheus.yaml", "spark.properties"]);
  expect(service.spec).toMatchObject({ clusterIP: "None", selector: { "spark-role": "driver" } });
  expect(service.metadata.name).toMatch(/^[a-z][-a-z0-9]{0,62}$/);
  expect(policy.spec.ingress).toEqual([
    { from: [{ podSelector: { matchLabels: { "spark-app-selector": made.names.applicationId } } }] },
    { ports: [{ port: 8090, protocol: "TCP" }] },
  ]);
});

test.each<[string, object, object, boolean]>([
  ["nothing", {}, {}, false],
  ["what the driver has", { tolerations: [{ key: "a" }], env: [{ name: "A" }] }, { tolerations: [{ key: "a" }] }, false],
  ["what the API server takes anyway", { memory: "1g" }, { instances: 3, cores: 2, coreRequest: "1", memory: "2g", image: "e" }, false],
  ["tolerations of their own", {}, { tolerations: [{ key: "a" }] }, true],
  ["a template of their own", {}, { template: { spec: { priorityClassName: "a" } } }, true],
  ["a limit of CPU", { coreLimit: "1" }, { coreLimit: "1", coreRequest: "2" }, true],
])("executors with %s are tried as a dry run or not", (_, driver, executor, expected) => {
  expect(executorTrial(someMade({}, driver, executor)) !== undefined).toBe(expected);
});

test("the executor that is tried is what Spark makes of the template, as far as the API server judges it", () => {
  const made = someMade({}, {}, { cores: 2, coreLimit: "3", memory: "512m", sidecars: [{ name: "log", image: "log" }] });
  const trial = executorTrial(made);
  expect(trial).toMatchObject({
    metadata: { namespace: "team", name: `${made.names.executors}-exec-1`, labels: { "sparkoperator.k8s.io/app-name": "pi" } },
    spec: {
      serviceAccountName: "default",
      automountServiceAccountToken: false,
      restartPolicy: "Never",
      containers: [
        {
          name: "spark-kubernetes-executor",
          image: "spark:4.3.0",
          resources: { requests: { cpu: "2", memory: "896Mi" }, limits: { cpu: "3", memory: "896Mi" } },
        },
        { name: "log" },
      ],
    },
  });
});
