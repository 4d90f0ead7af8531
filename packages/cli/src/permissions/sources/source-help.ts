/** What an argument that names rules may be, for --help. */
export const sourceHelp = `
Rules come from a FILE in YAML or JSON (Roles, ClusterRoles, Lists, bare rules, or an object with \`rules\`), from a FOLDER of such files, charts
(rendered by helm) and kustomizations (by kustomize or kubectl), from - (standard input),
from the cluster as clusterrole/NAME or role/NAME, or from a reference as ref:ocean, ref:ocean-chart or ref:ai-pipeline.`;
