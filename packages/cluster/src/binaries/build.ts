import { ClusterError } from "../failure.ts";
import { run } from "../host/run.ts";
import type { Platform } from "./release.ts";
import { toolFolder, versionOf, type Binary, type Tool } from "./tools.ts";

/** Builds a binary from its pinned Go module to `path`, for this machine or another platform. Go checks the module against go.sum. */
export async function build(tool: Tool, binary: Binary, path: string, platform?: Platform): Promise<void> {
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
  const env = { ...process.env, ...(platform && { GOOS: platform.os, GOARCH: platform.arch }), ...(tool.static && { CGO_ENABLED: "0" }) };
  await run("go", args, { cwd: toolFolder(tool), env }).catch((error) => {
    if (error instanceof ClusterError && error.message.includes("ENOENT"))
      throw new ClusterError("go is not installed; see https://go.dev/doc/install", { cause: error });
    throw error;
  });
}
