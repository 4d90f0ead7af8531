import versions from "../../image/versions.json" with { type: "json" };

/** An operating system and a processor, as Go, Kubernetes and krew name them. */
export type Platform = keyof typeof versions.node.packages;

/** Those for which there is a Node. */
export const platforms = Object.keys(versions.node.packages) as Platform[];

/** What this machine is. */
export const thisPlatform = `${process.platform}-${process.arch === "x64" ? "amd64" : process.arch}`;

/** What executables can be built for here. macOS runs none without a signature, and takes macOS's own tool to sign. */
export const buildable = platforms.filter((platform) => platform.startsWith("linux-") || process.platform === "darwin");
