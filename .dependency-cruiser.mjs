// Imports point one way only; see CONTRIBUTING.md, "The house".
const layers = {
  permissions: [],
  api: [],
  model: [],
  cloud: [],
  kube: ["permissions"],
  features: ["permissions", "kube", "api", "model", "cloud"],
  controller: ["permissions", "kube", "api", "model", "cloud", "features"],
  updater: ["permissions", "kube", "api", "controller"],
  cluster: ["kube"],
  cli: ["permissions", "kube", "api", "model", "features", "controller", "cluster"],
  pulumi: ["permissions", "api", "features", "controller"],
};

const layerRules = Object.entries(layers).map(([name, below]) => ({
  name: `layer-${name}`,
  comment: `packages/${name} may import only ${below.length ? below.join(", ") : "nothing else of ours"}.`,
  severity: "error",
  from: { path: `^packages/${name}/` },
  to: { path: "^packages/([^/]+)/", pathNot: `^packages/(${[name, ...below].join("|")})/` },
}));

export default {
  forbidden: [
    ...layerRules,
    { name: "no-circular", severity: "error", from: {}, to: { circular: true } },
    {
      name: "features-stand-apart",
      comment: "No feature imports another: what one offers another is handed over in the wiring list.",
      severity: "error",
      from: { path: "^packages/features/([^/]+)/" },
      to: { path: "^packages/features/([^/]+)/", pathNot: "^packages/features/$1/" },
    },
    {
      name: "features-import-at-the-top",
      comment: "The linter can tell what a feature takes from kube only where it is imported by name.",
      severity: "error",
      from: { path: "^packages/features/" },
      to: { dynamic: true, path: "^packages/" },
    },
    {
      name: "packages-by-name",
      comment: "Another package is imported by its name, through its exports.",
      severity: "error",
      from: { path: "^packages/([^/]+)/" },
      to: {
        path: "^packages/([^/]+)/",
        pathNot: "^packages/$1/",
        dependencyTypesNot: [
          "npm",
          "aliased-workspace",
          "npm-dev",
          "localmodule",
          "undetermined",
          "unknown",
          "core",
          "npm-no-pkg",
          "npm-unknown",
        ],
      },
    },
    { name: "no-unresolved", severity: "error", from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    // Built, as is all that the site's pages are made into.
    exclude: { path: "^site/(dist|pages)/" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types", "default"] },
  },
};
