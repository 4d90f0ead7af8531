import { simulated } from "../support/cluster.ts";
import type { Scenario, Stage } from "./scenario.ts";
import { until } from "./schedules.ts";

/** The ServiceAccount that every namespace has: nothing runs in a simulated pod. */
const config = { serviceAccounts: ["default"] };

/** How a simulated driver ends: by default well, at once. */
function specOf(outcome?: "run" | "fail", further: object = {}) {
  const annotations = outcome === undefined ? {} : { "simulated.plimsoll.dev/outcome": outcome };
  return {
    type: "Python",
    sparkVersion: "4.3.0",
    image: "spark",
    mainApplicationFile: "local:///opt/app/main.py",
    driver: { ...simulated, annotations },
    executor: {},
    ...further,
  };
}

const applications = ({ client }: Stage) => client("sparkapplications.sparkoperator.k8s.io");

async function create(stage: Stage, spec: object): Promise<void> {
  await applications(stage).create({ metadata: { namespace: stage.namespace, name: "pi" }, spec });
}

async function hasState(stage: Stage, state: string): Promise<void> {
  const { namespace, seconds } = stage;
  await until(seconds, async () => {
    const { status } = await applications(stage).get({ namespace, name: "pi" });
    return status?.applicationState?.state === state;
  });
}

/** All that the spark feature needs the API for. */
export const scenarios: readonly Scenario[] = [
  {
    name: "spark-application",
    shows:
      "an application's driver is made with all that goes with it, its outcome is told, and the application goes when its time is over",
    proves: [
      "watch sparkapplications.sparkoperator.k8s.io",
      "patch sparkapplications.sparkoperator.k8s.io/status",
      "delete sparkapplications.sparkoperator.k8s.io",
      "watch pods",
      "create pods",
      "create services",
      "create configmaps",
      "create networkpolicies.networking.k8s.io",
    ],
    async play(stage) {
      const { client, namespace, begin, expecting, seconds } = stage;
      await expecting("the caches are filled", begin(config));
      await create(stage, specOf(undefined, { timeToLiveSeconds: 3 }));
      await expecting("it completes", hasState(stage, "COMPLETED"));
      const [maps, services, policies] = await Promise.all([
        Array.fromAsync(client("configmaps").list({ namespace })),
        Array.fromAsync(client("services").list({ namespace })),
        Array.fromAsync(client("networkpolicies.networking.k8s.io").list({ namespace })),
      ]);
      const made = [maps, services, policies].map((objects) => objects.filter(({ metadata }) => metadata.name.startsWith("pi-")).length);
      if (made.join() !== "1,1,1") throw new Error(`a ConfigMap, a Service and a NetworkPolicy should be there, not ${made.join()}`);
      await expecting(
        "it is deleted",
        until(seconds, async () => (await Array.fromAsync(applications(stage).list({ namespace }))).length === 0),
      );
    },
  },
  {
    name: "earlier-spark-application",
    shows: "of an application that was there before, what the last leader wrote is read first",
    proves: ["get sparkapplications.sparkoperator.k8s.io"],
    async play(stage) {
      await create(stage, specOf());
      await stage.expecting("the caches are filled", stage.begin(config));
      await stage.expecting("it completes", hasState(stage, "COMPLETED"));
    },
  },
  {
    name: "taken-driver-name",
    shows: "where somebody else's pod has the driver's name, the application waits until that is gone",
    proves: ["get pods"],
    async play(stage) {
      const { client, namespace, begin, expecting } = stage;
      await expecting("the caches are filled", begin(config));
      const container = { name: "x", image: "x", securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } } };
      const securityContext = { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } };
      const pod = { nodeSelector: { none: "such" }, securityContext, containers: [container] };
      await client("pods").create({ metadata: { namespace, name: "pi-driver" }, spec: pod });
      await create(stage, specOf());
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      await client("pods").delete({ namespace, name: "pi-driver" }, { gracePeriodSeconds: 0 });
      await expecting("it completes", hasState(stage, "COMPLETED"));
    },
  },
  {
    name: "changed-spark-application",
    shows: "when an application is changed while it runs, its driver goes, and another runs what it says now",
    proves: ["delete pods"],
    async play(stage) {
      const { namespace, begin, expecting } = stage;
      await expecting("the caches are filled", begin(config));
      await create(stage, specOf("run"));
      await expecting("it runs", hasState(stage, "RUNNING"));
      await applications(stage).patch(
        { namespace, name: "pi" },
        { spec: { driver: { annotations: { "simulated.plimsoll.dev/outcome": null } } } },
      );
      await expecting("it completes", hasState(stage, "COMPLETED"));
    },
  },
  {
    name: "scheduled-spark-application",
    shows: "a schedule runs applications at its times, and says which was the last",
    proves: [
      "watch scheduledsparkapplications.sparkoperator.k8s.io",
      "get scheduledsparkapplications.sparkoperator.k8s.io",
      "patch scheduledsparkapplications.sparkoperator.k8s.io/status",
      "create sparkapplications.sparkoperator.k8s.io",
    ],
    async play(stage) {
      const { client, namespace, begin, expecting, seconds } = stage;
      const schedules = client("scheduledsparkapplications.sparkoperator.k8s.io");
      const { metadata } = await schedules.create({
        metadata: { namespace, name: "often" },
        spec: { schedule: "@every 3s", template: specOf() },
      });
      // A time has passed before the feature begins, as where another has led.
      await until(seconds, () => Promise.resolve(Date.now() > Date.parse(metadata.creationTimestamp) + 4_000));
      await expecting("the caches are filled", begin(config));
      await expecting(
        "its run is told",
        until(seconds, async () => {
          const { status } = await schedules.get({ namespace, name: "often" });
          const runs = await Array.fromAsync(applications(stage).list({ namespace }));
          return runs.some(({ metadata: { name } }) => name === status?.lastRunName) || (status?.pastSuccessfulRunNames?.length ?? 0) > 0;
        }),
      );
    },
  },
  {
    name: "older-spark",
    shows: "where the API server streams no first lists, everything is listed instead",
    proves: ["list sparkapplications.sparkoperator.k8s.io", "list scheduledsparkapplications.sparkoperator.k8s.io", "list pods"],
    isOlder: true,
    async play(stage) {
      await create(stage, specOf());
      await stage.expecting("the caches are filled", stage.begin(config));
      await stage.expecting("it completes", hasState(stage, "COMPLETED"));
    },
  },
];
