// The main job: a real cluster on this machine, Plimsoll's controller at work on it, and a pipeline that trains a model.
import { buildImage, shellWord, step, up, type Cluster } from "@plimsoll/cluster";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";
import { follow, paintFor } from "@plimsoll/cli";
import { messageOf } from "@plimsoll/kube";
import { prepare, startController } from "./local-controller.ts";
import { Setup } from "./setup.ts";

const options = readOptions();
const stay = process.stdout.isTTY && !options.exit;
const cli = fileURLToPath(new URL("../packages/cli/bin/plimsoll.mjs", import.meta.url));
const paint = paintFor(process.stdout);

// Whatever has been started is taken down in the opposite order, also when it was interrupted half-way.
const undo: (() => Promise<void>)[] = [];
let interrupted = (): void => {};
const interruption = new Promise<"interrupted">((resolve) => (interrupted = () => resolve("interrupted")));
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, interrupted);

try {
  const outcome = await Promise.race([main(), interruption]);
  process.exitCode = outcome === "interrupted" ? 130 : outcome;
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}
console.log("Taking down what was started…");
for (const end of undo.toReversed()) await end();
process.exit();

/** Ends the program when help is asked for, or an option is wrong. */
function readOptions(): { exit: boolean; "metrics-server": boolean; name: string } {
  const usage =
    "Usage: npm start -- [--exit] [--metrics-server] [--name NAME]\n" +
    "  --exit            end after the run\n" +
    "  --metrics-server  with a metrics server: what the real node and its pods use\n" +
    "  --name NAME       the cluster's name (default: plimsoll)";
  try {
    const { help, ...options } = parseArgs({
      options: {
        exit: { type: "boolean", default: false },
        "metrics-server": { type: "boolean", default: false },
        name: { type: "string", default: "plimsoll" },
        help: { type: "boolean", short: "h", default: false },
      },
    }).values;
    if (!help) return options;
    console.log(usage);
    process.exit();
  } catch (error) {
    console.error(`error: ${messageOf(error)}\n${usage}`);
    process.exit(2);
  }
}

async function main(): Promise<number> {
  const { cluster, real } = await setUp();
  const file = real ? "examples/digits/pipeline.yaml" : "examples/simulated.yaml";
  if (!real) console.log("No real node here (that takes Linux and root): the steps run on simulated nodes, and nothing is trained.");
  console.log(`\n${paint("bold", `plimsoll run ${file} --watch`)}`);
  const { code, output } = await plimsoll(cluster, ["run", file, "--watch", "--output", "name"]);
  const run = output.trim().split("/").at(-1) ?? "";
  if (code === 0 && real) await showResult(cluster, run);
  if (!stay) return code;

  console.log(`
Try in another terminal:
  export KUBECONFIG=${shellWord(cluster.kubeconfig)}
  npx plimsoll get ${run}
  npx plimsoll logs ${run} train
  npx plimsoll run ${file} -p seed=3 --watch
  npx plimsoll run examples/hello.yaml --watch
Ctrl-C takes everything down.`);
  await interruption;
  return code;
}

async function setUp(): Promise<{ cluster: Cluster; real: boolean }> {
  const setup = new Setup();
  const screen = follow(setup, process.stdout);
  try {
    const cluster = await up({
      name: options.name,
      simulatedNodes: 3,
      ...(options["metrics-server"] && { metricsServer: true }),
      onProgress: setup.tell,
    });
    undo.push(() => cluster.down());
    const real = cluster.components.includes("kubelet");
    if (real) {
      const image = await buildImage("python-sklearn", setup.tell);
      await step(setup.tell, "loading the image python-sklearn", () => cluster.loadImage(image));
    }
    await step(setup.tell, "installing Plimsoll and starting its controller", async () => {
      const controller = await startController({ kubeconfig: await prepare(cluster), folder: cluster.folder });
      undo.push(() => controller.stop());
    });
    return { cluster, real };
  } finally {
    screen.stop();
  }
}

async function showResult(cluster: Cluster, run: string): Promise<void> {
  const { output } = await plimsoll(cluster, ["get", run, "--output", "json"]);
  const { status } = JSON.parse(output) as { status: { steps: Record<string, { outputs?: Record<string, string> }> } };
  const { accuracy } = status.steps["evaluate"]?.outputs ?? {};
  const { model } = status.steps["choose"]?.outputs ?? {};
  console.log(`\nThe best model is ${model}; its accuracy on held-out digits is ${paint("bold", accuracy ?? "unknown")}.`);
  console.log("The model and the report are in the run's workspace, as /workspace/model.joblib and /workspace/report.txt:\n");
  await plimsoll(cluster, ["logs", run, "publish", "--no-prefix"], "inherit");
}

/** Runs the command line as a user would; its progress goes to this terminal. */
async function plimsoll(cluster: Cluster, args: string[], stdout: "pipe" | "inherit" = "pipe"): Promise<{ code: number; output: string }> {
  const child = spawn(process.execPath, [cli, ...args], {
    stdio: ["ignore", stdout, "inherit"],
    env: { ...process.env, KUBECONFIG: cluster.kubeconfig },
  });
  undo.push(async () => void child.kill());
  let output = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (output += text));
  const [code] = (await once(child, "close")) as [number | null];
  return { code: code ?? 1, output };
}
