// Runs the build in a folder on a cluster until its standard input ends. Arguments: FOLDER KUBECONFIG CLUSTER-FOLDER. All but this is the build's own code.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { prepare as Prepare, startController as StartController } from "../scripts/local-controller.ts";

interface Build {
  prepare: typeof Prepare;
  startController: typeof StartController;
}

const [folder = "", kubeconfig = "", clusterFolder = ""] = process.argv.slice(2);
const { prepare, startController } = (await import(pathToFileURL(join(folder, "scripts/local-controller.ts")).href)) as Build;
const own = await prepare({ kubeconfig, folder: clusterFolder });
const start = () => startController({ kubeconfig: own, folder: clusterFolder, env: { NODE_OPTIONS: "" } });
// Every start but the first finds its modules compiled.
await (await start()).stop();
const controller = await start();
console.log(`pid ${controller.pid}`);
process.stdin.resume();
process.stdin.once("end", () => void controller.stop().then(() => process.exit()));
