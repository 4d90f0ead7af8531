/** Go's names, which images use. */
export const architectures = ["amd64", "arm64"] as const;

export type Architecture = (typeof architectures)[number];

export const thisArchitecture: Architecture = process.arch === "arm64" ? "arm64" : "amd64";
