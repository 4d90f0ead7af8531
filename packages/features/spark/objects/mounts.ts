import type { SparkPodSpec } from "@plimsoll/api";

type Map = Readonly<Record<string, unknown>>;

/** What a pod mounts beside the volumes that the application names. */
export interface Mounts {
  volumes: Map[];
  mounts: Map[];
  /** What leads to files of theirs. */
  env: Map[];
}

/** The files to which an environment variable leads, by the sorts of Secrets that hold them. */
const led: Readonly<Record<string, { variable: string; file: string }>> = {
  GCPServiceAccount: { variable: "GOOGLE_APPLICATION_CREDENTIALS", file: "key.json" },
  HadoopDelegationToken: { variable: "HADOOP_TOKEN_FILE_LOCATION", file: "hadoop.token" },
};

/** The ConfigMaps and Secrets that a role names. */
export function mountsOf({ configMaps = [], secrets = [] }: Pick<SparkPodSpec, "configMaps" | "secrets">): Mounts {
  const ofMaps = configMaps.map(({ name, path }) => configMap(name, path));
  const ofSecrets = secrets.map(({ name, path }) => mount(`secret-${name}`, { secret: { secretName: name } }, path));
  const env = secrets.flatMap(({ secretType, path }) => {
    const { variable, file } = led[secretType] ?? {};
    return variable === undefined ? [] : [{ name: variable, value: `${path}/${file ?? ""}` }];
  });
  return together([...ofMaps, ...ofSecrets, { volumes: [], mounts: [], env }]);
}

/** A ConfigMap at a path. */
export function configMap(name: string, path: string, env: Map[] = []): Mounts {
  return { ...mount(`config-${name}`, { configMap: { name } }, path), env };
}

export function together(all: readonly Mounts[]): Mounts {
  return {
    volumes: all.flatMap(({ volumes }) => volumes),
    mounts: all.flatMap(({ mounts }) => mounts),
    env: all.flatMap(({ env }) => env),
  };
}

function mount(name: string, source: Map, mountPath: string): Mounts {
  const volume = name.slice(0, 63).replaceAll(".", "-").replace(/-+$/, "");
  return { volumes: [{ name: volume, ...source }], mounts: [{ name: volume, mountPath }], env: [] };
}
