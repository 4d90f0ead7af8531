import { Command, InvalidArgumentError } from "commander";
import { once } from "node:events";
import { withCluster, type ClusterOptions } from "../connect/cluster-options.ts";
import { Failure } from "../failure.ts";
import { opened } from "../connect/open.ts";
import { getApplication, stateOf, withApplication, withSpark } from "./of-application.ts";
import { passage } from "./passage.ts";

/** `plimsoll spark ui`: an address of this machine under which an application's UI is shown. */
export function uiCommand(): Command {
  return withCluster(withApplication(new Command("ui")))
    .description("show the Spark UI of an application whose driver runs, at an address of this machine, until you interrupt it")
    .option("--port <number>", "the port of this machine (default: one that is free)", port)
    .addHelpText(
      "after",
      "\nExamples:\n  plimsoll spark ui pi\n  plimsoll spark ui pi --port 4040\n\nIt goes through the API server, with your right to get pods/proxy.",
    )
    .action(async (name: string, options: ClusterOptions & { port?: number }) => {
      const target = await withSpark(options, async (client, namespace) => {
        const application = await getApplication(client, namespace, name);
        const { podName, webUIPort } = application.status?.driverInfo ?? {};
        if (stateOf(application) !== "RUNNING" || podName === undefined)
          throw new Failure(`SparkApplication "${name}" is ${stateOf(application)}: it has a UI while it is RUNNING`);
        if (webUIPort === undefined)
          throw new Failure(`SparkApplication "${name}" has no UI: its sparkConf sets spark.ui.enabled to false`);
        return { namespace, pod: podName, port: webUIPort };
      });
      await opened(options, async (transport) => {
        const server = passage(transport, target);
        server.listen(options.port ?? 0, "127.0.0.1");
        try {
          await once(server, "listening");
        } catch (error) {
          throw new Failure(`--port ${options.port ?? 0}: ${error instanceof Error ? error.message : String(error)}`);
        }
        const address = server.address();
        console.log(`http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : ""}/`);
        const end = (): void => {
          server.close();
          server.closeAllConnections();
        };
        process.once("SIGINT", end).once("SIGTERM", end);
        await once(server, "close");
      });
    });
}

function port(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 65_535) throw new InvalidArgumentError("give a port from 1 to 65535");
  return number;
}
