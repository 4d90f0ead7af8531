/** After the name of a chart or a kustomization: lines are those of what it renders to. */
export const rendered = " (rendered)";
