import type { SparkApplicationSpec } from "@plimsoll/api";
import { ApiError, isAlreadyExists, isNotFound } from "@plimsoll/kube";
import { submissionOf, type Attempt } from "../attempt.ts";
import type { SparkConfig } from "../config.ts";
import type { Application } from "../decide/application.ts";
import { labels } from "../labels.ts";
import { propertiesMap } from "../objects/config-map.ts";
import { driverPod } from "../objects/driver.ts";
import { executorTrial } from "../objects/executor.ts";
import { madeFrom, type Made } from "../objects/made.ts";
import { executorsPolicy } from "../objects/network-policy.ts";
import { driverService } from "../objects/service.ts";
import type { SparkRuntime } from "../permissions.ts";

/** That another pod has the driver's name, and may go. */
class NameTaken extends Error {
  override name = "NameTaken";
}

/** What came of making a driver: its port for the UI, or why it can't be made. */
export type Submitted = { uiPort: number | undefined } | { why: string };

/** Makes the objects of an attempt; done again, it makes what is missing. All go with the driver's pod. */
export class Submitter {
  readonly #client: SparkRuntime["client"];
  readonly #config: SparkConfig;

  constructor(client: SparkRuntime["client"], config: SparkConfig) {
    this.#client = client;
    this.#config = config;
  }

  /** Throws what may pass: an API server that is busy, a name that another pod still has. */
  async submit({ namespace, name, uid, labels }: Application, spec: SparkApplicationSpec, attempt: Attempt): Promise<Submitted> {
    const made = madeFrom({ namespace, name, uid, labels }, spec, attempt, this.#config.serviceAccounts[0] ?? "spark");
    let driver: { name: string; uid: string } | undefined;
    try {
      const why = await this.#refusalOfExecutors(made);
      if (why !== undefined) {
        // One that was made before would wait for files that nobody makes.
        const known = await this.#known(made);
        if (known !== undefined) await this.#remove(namespace, known);
        return { why };
      }
      driver = await this.#driver(made);
      await this.#further(made, driver);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      if (driver === undefined) return { why: wayOut(error.said, made) };
      // It would wait for the same.
      await this.#remove(namespace, driver);
      return { why: `what goes with the driver can't be made: ${error.said}` };
    }
    const hasUi = made.properties["spark.ui.enabled"] !== "false";
    return { uiPort: hasUi ? Number(made.properties["spark.ui.port"]) : undefined };
  }

  /** Why the API server takes no executor, by a dry run before there is a driver that can't make any; undefined where it does, or may later. */
  async #refusalOfExecutors(made: Made): Promise<string | undefined> {
    const pod = executorTrial(made);
    if (pod === undefined) return undefined;
    try {
      await this.#client("pods").create(pod as never, { dryRun: "All", fieldValidation: "Strict" });
    } catch (error) {
      if (!isRefusal(error)) throw error;
      if (isOfPod(error)) return `no executor can be made: ${error.said}`;
    }
    return undefined;
  }

  async #driver(made: Made): Promise<{ name: string; uid: string }> {
    const pod = driverPod(made);
    const pods = this.#client("pods");
    try {
      const { metadata } = await pods.create(pod as never, { fieldValidation: "Strict" });
      return { name: metadata.name, uid: metadata.uid };
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
    }
    const known = await this.#known(made);
    if (known !== undefined) return known;
    throw new NameTaken(`a pod ${pod.metadata.name} that isn't this attempt's driver is there, or has just gone`);
  }

  /** This attempt's driver, where it was made before, and stays. */
  async #known({ application, names, attempt }: Made): Promise<{ name: string; uid: string } | undefined> {
    const { namespace } = application;
    const there = await this.#client("pods")
      .get({ namespace, name: names.driver })
      .catch((error: unknown) => {
        if (isNotFound(error)) return undefined;
        throw error;
      });
    const { name, uid, deletionTimestamp, ownerReferences = [], labels: own } = there?.metadata ?? {};
    if (name === undefined || uid === undefined || deletionTimestamp !== undefined) return undefined;
    const isOurs = ownerReferences.some((owner) => owner.uid === application.uid) && own?.[labels.submission] === submissionOf(attempt);
    return isOurs ? { name, uid } : undefined;
  }

  async #further(made: Made, driver: { name: string; uid: string }): Promise<void> {
    // Their names are this attempt's alone: what has one was made by it.
    const ensure = async (making: Promise<unknown>): Promise<void> => {
      try {
        await making;
      } catch (error) {
        if (!isAlreadyExists(error)) throw error;
      }
    };
    const all = [
      ensure(this.#client("configmaps").create(propertiesMap(made, driver))),
      ensure(this.#client("services").create(driverService(made, driver))),
      ...(this.#config.networkPolicy
        ? [ensure(this.#client("networkpolicies.networking.k8s.io").create(executorsPolicy(made, driver)))]
        : []),
    ];
    // None may go on behind what is done next.
    const failed = (await Promise.allSettled(all)).find((one) => one.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  }

  async #remove(namespace: string, { name, uid }: { name: string; uid: string }): Promise<void> {
    try {
      await this.#client("pods").delete({ namespace, name }, { preconditions: { uid } });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
}

/** Whether the API server will answer the same until somebody changes something. */
function isRefusal(error: unknown): error is ApiError {
  return error instanceof ApiError && [400, 403, 404, 413, 422].includes(error.code);
}

/** Whether it is the pod that is refused, whoever makes it, and not the dry run, as by a webhook with side effects, or a quota that is full. */
function isOfPod({ code, message }: ApiError): boolean {
  // A quota names PriorityClass, too, where it is of a scope.
  if (code === 403) return /violates PodSecurity|no PriorityClass with name|from the given PriorityClass name/.test(message);
  return code !== 404 && !message.includes("does not support dry run");
}

function wayOut(message: string, { application: { namespace }, properties }: Made): string {
  const account = properties["spark.kubernetes.authenticate.driver.serviceAccountName"] ?? "";
  if (!/serviceaccount.*not found/i.test(message)) return `no driver can be made: ${message}`;
  return `there is no ServiceAccount ${account} in the namespace ${namespace}: \`plimsoll spark role -n ${namespace} | kubectl apply -f -\` makes it (${message})`;
}
