import { createReadStream } from "node:fs";
import { access } from "node:fs/promises";
import type { Setting } from "../components/component.ts";
import { ClusterError } from "../failure.ts";
import { inNamespace } from "../host/namespace.ts";
import { containerdSocket } from "../components/node.ts";
import { run } from "../host/run.ts";

/** Gives the node's containerd the images of a docker-archive or OCI tar; returns their full names. */
export async function loadImage({ state, paths }: Setting, tar: string): Promise<string[]> {
  const ctr = state.binaries["ctr"];
  if (state.slot === undefined || ctr === undefined)
    throw new ClusterError(`The cluster ${state.name} has no real node that could run an image.`);
  await access(tar).catch(() => {
    throw new ClusterError(`There is no file ${tar}.`, { exitCode: 2 });
  });
  // As a stream: not every folder of the machine is there for the node, whose /run is its own.
  const { command, args } = inNamespace(paths, {
    command: ctr,
    args: [`--address=${containerdSocket}`, "--namespace=k8s.io", "images", "import", "--local", "--digests=false", "-"],
  });
  const said = await run(command, args, { input: createReadStream(tar) }).catch((cause: Error) => {
    // What went wrong stands at the end, behind the command and its warnings.
    const reason = cause.message.split("\n").at(-1);
    throw new ClusterError(`The images of ${tar} can't be loaded; is it a tar as \`docker save\` writes it? ${reason}`, { cause });
  });
  return said.split("\n").flatMap((line) => /^(?:unpacking )?(\S+\/\S+:\S+)/.exec(line)?.[1] ?? []);
}
