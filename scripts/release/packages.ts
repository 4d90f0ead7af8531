import cloud from "../../packages/cloud/package.json" with { type: "json" };

/** A package of ours that is published on npm, in the folder `packages/NAME`. */
export interface Publishable {
  /**
   * As modules, a file for each source file, with the packages that they import as dependencies; or bundled, with all that they
   * import but peers.
   */
  as: "modules" | "bundle";
  /** Exports that are for this repository alone. */
  withheld?: readonly string[];
  /** Programs that are started by their path, as workers. */
  programs?: readonly string[];
  /** What else it needs when it runs. */
  files?: readonly string[];
}

export const packages: Readonly<Record<string, Publishable>> = {
  permissions: { as: "modules", programs: ["src/audit-log/worker.ts"] },
  api: { as: "modules" },
  kube: { as: "modules", withheld: ["./testing"], programs: ["src/leader/worker.ts"] },
  model: { as: "modules" },
  cloud: { as: "modules", withheld: ["./testing"] },
  features: { as: "modules", withheld: ["./csr/testing", "./resizing/testing", "./rightsizing/testing"] },
  controller: { as: "modules", withheld: ["./monitoring"], programs: ["src/main.ts"] },
  cluster: { as: "modules", programs: ["src/volumes/main.ts"], files: ["tools", "stages"] },
  // Whoever judges roles with it, or runs a pipeline, needs none of what the controller takes.
  pulumi: { as: "bundle" },
  cli: { as: "bundle" },
};

/** Packages that only a controller takes, which deletes nodes or approves certificates: what is bundled for anything else goes without. */
export const controllersAlone = [...Object.keys(cloud.peerDependencies), "@peculiar/x509", "reflect-metadata"];
