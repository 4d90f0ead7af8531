import type { SparkApplication } from "@plimsoll/api";
import { isNotServed } from "@plimsoll/kube";
import type { Command } from "commander";
import type { ClusterOptions } from "../connect/cluster-options.ts";
import { connected, type Client } from "../connect/connect.ts";
import { Failure } from "../failure.ts";
import { orMissing } from "../connect/missing.ts";

/** Adds the argument of a command that is about one application. */
export function withApplication(command: Command): Command {
  return command.argument("<application>", "the SparkApplication's name", applicationName);
}

/** An application's name, also where it is given as `-o name` and kubectl print it: with its kind before it. */
export function applicationName(text: string): string {
  return text.replace(/^sparkapplications?(\.sparkoperator\.k8s\.io)?\//, "");
}

/** As `connected`, for what needs Spark's kinds. */
export async function withSpark<T>(options: ClusterOptions, work: (client: Client, namespace: string) => Promise<T>): Promise<T> {
  return connected(options, async (client, namespace) => {
    try {
      return await work(client, namespace);
    } catch (error) {
      if (isNotServed(error))
        throw new Failure("this cluster doesn't know SparkApplications: install with features.spark.enabled, or see docs/spark.md");
      throw error;
    }
  });
}

/** What `work` gives; where there is no such application, it fails with what to do. */
export function ofApplication<T>(name: string, namespace: string, work: Promise<T>): Promise<T> {
  return orMissing(
    work,
    `no SparkApplication "${name}" in namespace "${namespace}": see \`plimsoll spark list -n ${namespace}\` or \`plimsoll spark list -A\``,
  );
}

/** Reads an application, or fails with what to do. */
export async function getApplication(client: Client, namespace: string, name: string): Promise<SparkApplication> {
  return ofApplication(name, namespace, client("sparkapplications.sparkoperator.k8s.io").get({ namespace, name }));
}

/** How an application stands. */
export function stateOf({ status }: SparkApplication): string {
  return status?.applicationState?.state || "NEW";
}
