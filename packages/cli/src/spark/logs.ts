import { containers } from "@plimsoll/features/spark";
import { isNotFound } from "@plimsoll/kube";
import { Command, InvalidArgumentError } from "commander";
import { withCluster, type ClusterOptions } from "../connect/cluster-options.ts";
import { Failure } from "../failure.ts";
import { getApplication, withApplication, withSpark } from "./of-application.ts";

interface LogsOptions extends ClusterOptions {
  follow?: boolean;
  tail?: number;
  executor?: string;
  pod?: string;
}

/** `plimsoll spark logs`: what a driver, or an executor, has written. */
export function logsCommand(): Command {
  return withCluster(withApplication(new Command("logs")))
    .description("print what an application's driver writes, or one of its executors")
    .option("-f, --follow", "stay until the pod ends")
    .option("--tail <lines>", "only the last lines", count)
    .option("--executor <number>", "of the executor with this number, as in 1")
    .option("--pod <name>", "of another pod of the application, as of the attempt before")
    .addHelpText(
      "after",
      "\nExamples:\n  plimsoll spark logs pi -f\n  plimsoll spark logs pi --executor 1 --tail 20\n  plimsoll spark logs pi --pod pi-driver",
    )
    .action((name: string, options: LogsOptions) =>
      withSpark(options, async (client, namespace) => {
        const { status = {} } = await getApplication(client, namespace, name);
        const pod = options.pod ?? (options.executor === undefined ? status.driverInfo?.podName : executorOf(status, options.executor));
        if (pod === undefined) throw new Failure(nothingFor(name, options.executor, status.executorState));
        const container = options.pod === undefined && options.executor !== undefined ? containers.executor : containers.driver;
        const read = client("pods/log").read(
          { namespace, name: pod },
          {
            ...(options.pod === undefined ? { container } : {}),
            ...(options.follow ? { follow: true } : {}),
            ...(options.tail === undefined ? {} : { tailLines: options.tail }),
          },
        );
        try {
          for await (const line of read) process.stdout.write(`${line}\n`);
        } catch (error) {
          if (isNotFound(error)) throw new Failure(`the pod ${pod} is gone, and its log with it`);
          throw error;
        }
      }),
    );
}

function executorOf({ executorState = {} }: { executorState?: Record<string, string> | undefined }, number: string): string | undefined {
  return Object.keys(executorState).find((name) => name.endsWith(`-exec-${number}`));
}

function nothingFor(name: string, executor: string | undefined, executors: Record<string, string> | undefined): string {
  if (executor === undefined) return `SparkApplication "${name}" has no driver yet: see \`plimsoll spark status ${name}\``;
  const known = Object.keys(executors ?? {}).map((pod) => pod.replace(/^.*-exec-/, ""));
  return `--executor ${executor}: SparkApplication "${name}" has ${known.length === 0 ? "no executors" : `the executors ${known.join(", ")}`}`;
}

function count(value: string): number {
  if (!/^\d+$/.test(value)) throw new InvalidArgumentError("give a number of lines");
  return Number(value);
}
