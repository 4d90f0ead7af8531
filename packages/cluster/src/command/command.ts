import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { Command, InvalidArgumentError, Option } from "commander";
import { stringify } from "yaml";
import { componentOf, componentsOf } from "../components/components.ts";
import { down } from "../down.ts";
import { ClusterError } from "../failure.ts";
import { imageCommand } from "../image/command.ts";
import { examples, named, type Named } from "./named.ts";
import { printProgress } from "./print.ts";
import { shellWord } from "../host/shell.ts";
import { settingOf, status, type ClusterStatus } from "./status.ts";
import { up } from "../up.ts";

/** `plimsoll cluster`: a Kubernetes cluster on this machine. */
export function clusterCommand(): Command {
  return new Command("cluster")
    .description("a real Kubernetes cluster on this machine, without a container engine")
    .addCommand(upCommand())
    .addCommand(downCommand())
    .addCommand(statusCommand())
    .addCommand(kubeconfigCommand())
    .addCommand(logsCommand())
    .addCommand(imageCommand())
    .addHelpText("after", examples("plimsoll cluster up", 'export KUBECONFIG="$(plimsoll cluster kubeconfig)"', "plimsoll cluster down"));
}

function count(text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError(`"${text}" is not a whole number from 0 to 99999.`);
}

interface UpFlags {
  simulatedNodes?: number;
  kubelet: boolean;
  metricsServer?: true;
  audit?: true;
  defaultRates?: true;
}

function upCommand(): Command {
  return named(new Command("up"))
    .description("start a cluster, or the parts of it that have ended")
    .option("--simulated-nodes <count>", "nodes whose pods only pretend to run", count)
    .option("--no-kubelet", "without the real node, which runs containers (it needs Linux and root)")
    .option("--metrics-server", "with a metrics server, which says what the real node and its pods use")
    .option("--audit", "log every request to the API server")
    .option("--default-rates", "let the controller manager and the scheduler send no more requests than Kubernetes lets them by default")
    .addHelpText("after", examples("plimsoll cluster up", "plimsoll cluster up --name bench --no-kubelet --simulated-nodes 100 --audit"))
    .action(async ({ name, simulatedNodes, kubelet, metricsServer, audit, defaultRates }: Named & UpFlags) => {
      const onProgress = printProgress(process.stderr);
      const cluster = await up({
        name,
        onProgress,
        ...(simulatedNodes !== undefined && { simulatedNodes }),
        ...(!kubelet && { kubelet }),
        ...(metricsServer && { metricsServer }),
        ...(audit && { audit }),
        ...(defaultRates && { rates: "default" as const }),
      });
      console.log(`The cluster ${name} is up. To use it with kubectl:\n  export KUBECONFIG=${shellWord(cluster.kubeconfig)}`);
    });
}

function downCommand(): Command {
  return named(new Command("down"))
    .description("end a cluster, with everything in it")
    .addHelpText("after", examples("plimsoll cluster down", "plimsoll cluster down --name bench"))
    .action(async ({ name }: Named) => {
      if (!(await down(name, printProgress(process.stderr)))) console.error(`There is no cluster ${name}.`);
    });
}

function statusCommand(): Command {
  return named(new Command("status"))
    .description("show a cluster's processes, and the end of the log of each that ended; exit code 1 when one did")
    .addOption(new Option("-o, --output <format>", "how to print").choices(["table", "json", "yaml"]).default("table"))
    .addHelpText("after", examples("plimsoll cluster status", "plimsoll cluster status -o json | jq .components"))
    .action(({ name, output }: Named & { output: "table" | "json" | "yaml" }) => {
      const found = status(name);
      console.log(output === "json" ? JSON.stringify(found, null, 2) : output === "yaml" ? stringify(found).trimEnd() : table(found));
      if (!found.up) process.exitCode = 1;
    });
}

function table({ name, up, kubeconfig, realNode, simulatedNodes, components }: ClusterStatus): string {
  const width = Math.max(...components.map(({ name }) => name.length));
  const lines = components.flatMap(({ name, pid, log, tail }) => [
    `  ${name.padEnd(width)}  ${pid === undefined ? `ended; ${log} ends with:` : `running  pid ${pid}`}`,
    ...(tail === undefined ? [] : tail.split("\n").map((line) => `    ${line}`)),
  ]);
  const nodes = [...(realNode ? ["a real node"] : []), `${simulatedNodes} simulated`].join(", ");
  const remedy = up ? [] : [`Start what ended with: plimsoll cluster up --name ${name}`];
  return [`${name}: ${up ? "up" : "not all of it runs"}; ${nodes}; ${kubeconfig}`, ...lines, ...remedy].join("\n");
}

function kubeconfigCommand(): Command {
  return named(new Command("kubeconfig"))
    .description("print the path of a cluster's kubeconfig")
    .option("--raw", "print the kubeconfig itself")
    .addHelpText(
      "after",
      // It holds the administrator's key: no other user may read the copy.
      examples('export KUBECONFIG="$(plimsoll cluster kubeconfig)"', "(umask 077; plimsoll cluster kubeconfig --raw > my-kubeconfig)"),
    )
    .action(({ name, raw }: Named & { raw?: true }) => {
      const { kubeconfig } = status(name);
      if (raw) process.stdout.write(readFileSync(kubeconfig, "utf8"));
      else console.log(kubeconfig);
    });
}

function logsCommand(): Command {
  return named(new Command("logs"))
    .description("print the logs of a cluster's processes")
    .argument("[component]", "only this one, as in kube-apiserver")
    .option("-f, --follow", "go on as more is written")
    .option("--tail <lines>", "how many lines of each", count, 100)
    .addHelpText("after", examples("plimsoll cluster logs kubelet -f", "plimsoll cluster logs --tail 20"))
    .action(async (component: string | undefined, { name, follow, tail }: Named & { follow?: true; tail: number }) => {
      const setting = settingOf(name);
      const chosen = component === undefined ? componentsOf(setting) : [componentOf(setting, component)];
      const logs = chosen.map(({ name }) => setting.paths.files(name).log);
      await interactive("tail", ["-n", String(tail), ...(follow ? ["-F"] : []), ...logs]);
    });
}

/** Runs a program that talks to the user's terminal itself, also of what goes wrong; its exit code becomes ours. */
function interactive(program: string, args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: "inherit" });
    child.on("error", (error) => reject(new ClusterError(`${program} can't be started: ${error.message}`)));
    child.on("close", (code) => {
      if (code !== 0) process.exitCode = code ?? 1;
      resolve();
    });
  });
}
