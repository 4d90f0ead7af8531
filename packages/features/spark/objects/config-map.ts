import { metricsFiles } from "../conf/monitoring.ts";
import { files } from "../conf/paths.ts";
import { propertiesText } from "../conf/text.ts";
import { labels } from "../labels.ts";
import { executorTemplate } from "./executor.ts";
import { ownedBy, type Made } from "./made.ts";

/** The files that the driver reads. */
export function propertiesMap(made: Made, driver: { name: string; uid: string }) {
  const { application, names, spec, properties } = made;
  return {
    metadata: {
      namespace: application.namespace,
      name: names.properties,
      labels: { [labels.selector]: names.applicationId, [labels.application]: application.name },
      ownerReferences: ownedBy(driver),
    },
    immutable: true,
    data: {
      [files.properties]: propertiesText(properties),
      // JSON is YAML, too.
      [files.executorPod]: JSON.stringify(executorTemplate(made)),
      ...metricsFiles(spec.monitoring),
    },
  };
}
