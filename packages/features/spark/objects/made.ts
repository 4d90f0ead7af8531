import type { SparkApplicationSpec } from "@plimsoll/api";
import { namesOf, type ApplicationRef, type Attempt, type Names } from "../attempt.ts";
import { propertiesOf } from "../conf/properties.ts";

/** What the objects of an attempt are made from. */
export interface Made {
  application: ApplicationRef & { labels?: Readonly<Record<string, string>> | undefined };
  spec: SparkApplicationSpec;
  attempt: Attempt;
  names: Names;
  /** spark.properties. */
  properties: Readonly<Record<string, string>>;
}

/** What the objects of an attempt are made from: a function of the application and the attempt. */
export function madeFrom(application: Made["application"], spec: SparkApplicationSpec, attempt: Attempt, serviceAccount: string): Made {
  const names = namesOf(application, attempt);
  return { application, spec, attempt, names, properties: propertiesOf({ application, spec, names, serviceAccount }) };
}

/** That something goes with the driver's pod. */
export function ownedBy(driver: { name: string; uid: string }) {
  return [{ apiVersion: "v1", kind: "Pod", name: driver.name, uid: driver.uid, controller: true, blockOwnerDeletion: false }];
}
