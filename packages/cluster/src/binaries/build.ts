import { ClusterError } from "../failure.ts";
import { run } from "../run.ts";
import { toolFolder, versionOf, type Binary, type Tool } from "./tools.ts";

/** Builds a binary from its pinned Go module to `path`. Go checks the module against go.sum. */
export async function build(tool: Tool, binary: Binary, path: string): Promise<void> {
  const source = tool.packages[binary];
  if (source === undefined) throw new TypeError(`${tool.name} has no binary ${binary}`);
  const ldflags = ["-s -w", tool.ldflags?.(versionOf(tool)) ?? ""].join(" ").trim();
  const args = [
    "build",
    "-trimpath",
    "-buildvcs=false",
    ...(tool.tags ? ["-tags", tool.tags] : []),
    "-ldflags",
    ldflags,
    "-o",
    path,
    source,
  ];
  const env = { ...process.env, ...(tool.static && { CGO_ENABLED: "0" }) };
  await run("go", args, { cwd: toolFolder(tool), env }).catch((error) => {
    if (error instanceof ClusterError && error.message.includes("ENOENT"))
      throw new ClusterError("go is not installed; see https://go.dev/doc/install", { cause: error });
    throw error;
  });
}
