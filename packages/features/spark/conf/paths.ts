/** Where an attempt's ConfigMap is mounted. */
export const folder = "/etc/plimsoll/spark";

/** The files of an attempt's ConfigMap. */
export const files = { properties: "spark.properties", executorPod: "executor-pod.json" } as const;

/** The path of one of its files. */
export function mounted(file: string): string {
  return `${folder}/${file}`;
}

/** Where Spark looks for its configuration, and executors are told to. */
export const sparkConf = "/opt/spark/conf";

/** Where a ConfigMap of Hadoop's configuration is mounted. */
export const hadoopConf = "/etc/hadoop/conf";

/** Where a driver writes what it spills, unless the application mounts volumes for that. */
export const localDir = "/var/data/spark-local";
