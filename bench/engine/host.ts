// Runs the build in a folder on a cluster, by that build's own code, until the benchmark disconnects: host.ts FOLDER KUBECONFIG CLUSTER-FOLDER.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { startCompiled, type Build } from "../controller.ts";

const [folder = "", kubeconfig = "", clusterFolder = ""] = process.argv.slice(2);
const build: Build = await import(pathToFileURL(join(folder, "scripts/local-controller.ts")).href);
const controller = await startCompiled(build, { kubeconfig, folder: clusterFolder });
const stop = (): void => void controller.stop().then(() => process.exit());
process.once("disconnect", stop);
const port = Number(/"port":(\d+)/.exec(readFileSync(controller.log, "utf8"))?.[1]);
if (process.connected) process.send?.({ pid: controller.pid, port });
else stop();
