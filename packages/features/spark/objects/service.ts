import { labels } from "../labels.ts";
import { ownedBy, type Made } from "./made.ts";

/** The driver's address, for its executors and its UI. */
export function driverService({ application, names, spec, properties }: Made, driver: { name: string; uid: string }) {
  const { serviceLabels, serviceAnnotations } = spec.driver;
  const port = (name: string, property: string) => {
    const number = Number(properties[property]);
    return { name, port: number, targetPort: number, protocol: "TCP" };
  };
  return {
    metadata: {
      namespace: application.namespace,
      name: names.service,
      labels: { ...serviceLabels, [labels.selector]: names.applicationId, [labels.application]: application.name },
      ...(serviceAnnotations === undefined ? {} : { annotations: serviceAnnotations }),
      ownerReferences: ownedBy(driver),
    },
    spec: {
      clusterIP: "None",
      selector: { [labels.role]: "driver", [labels.selector]: names.applicationId },
      // Executors ask for it from the driver's first moment on.
      publishNotReadyAddresses: true,
      ports: [
        port("driver-rpc-port", "spark.driver.port"),
        port("blockmanager", "spark.driver.blockManager.port"),
        port("spark-ui", "spark.ui.port"),
      ],
    },
  };
}
