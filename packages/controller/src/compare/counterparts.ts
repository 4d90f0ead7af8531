/** For each section of the AI pipeline's role, the features of Plimsoll's that do what it is for. */
export const aiPipelineFeatures = { core: ["pipelines"], batch: ["pipelines"], "custom-resources": ["pipelines", "schedules"] };

/** The same of Ocean's. */
export const oceanFeatures = {
  "ocean/readonly": ["inventory"],
  "ocean/draining": ["draining"],
  "ocean/cleanup": ["cleanup"],
  "ocean/csr-approval": ["csr"],
  "ocean/apply": ["workloads"],
  wave: ["spark"],
  "automatic right-sizing": ["rightsizing", "resizing", "vpa"],
  "controller/leader-election": ["leader-election"],
  "controller/report-events": ["events"],
};
