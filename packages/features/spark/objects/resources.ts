import { podMebibytes } from "../conf/memory.ts";
import type { Role } from "../labels.ts";

/** What the container of a role asks for by its properties, over what is given. */
export function resourcesOf(
  role: Role,
  properties: Readonly<Record<string, string>>,
  given: { requests?: object | undefined; limits?: object | undefined },
) {
  const property = (key: string): string | undefined => properties[key];
  const memory = `${podMebibytes({
    memory: property(`spark.${role}.memory`) ?? "1g",
    overhead: property(`spark.${role}.memoryOverhead`),
    factor: property(`spark.${role}.memoryOverheadFactor`) ?? "0.1",
    least: property(`spark.${role}.minMemoryOverhead`),
  })}Mi`;
  const cpu = property(`spark.kubernetes.${role}.request.cores`) ?? property(`spark.${role}.cores`) ?? "1";
  const cpuLimit = property(`spark.kubernetes.${role}.limit.cores`);
  return {
    ...given,
    requests: { ...given.requests, cpu, memory },
    limits: { ...given.limits, ...(cpuLimit === undefined ? {} : { cpu: cpuLimit }), memory },
  };
}
