interface Kind {
  group: string;
  version: string;
  kind: string;
  spec: Record<string, object>;
}

const text = { type: "string" };
const flag = { type: "boolean" };
const any = { "x-kubernetes-preserve-unknown-fields": true };
const open = { type: "object", ...any };

/**
 * Kinds as those of Ocean for Spark, for tests. BigDataEnvironment's own isn't published: here it has the fields that are known of it by
 * name, with the types that they suggest.
 */
const kinds: readonly Kind[] = [
  {
    group: "bigdata.spot.io",
    version: "v1",
    kind: "BigDataEnvironment",
    spec: { active: flag, components: any, purge: flag, state: text },
  },
  {
    group: "wave.spot.io",
    version: "v1alpha1",
    kind: "WaveComponent",
    spec: { type: text, name: text, state: text, url: text, version: text, valuesConfiguration: text },
  },
  { group: "wave.spot.io", version: "v1alpha1", kind: "WaveEnvironment", spec: { environmentNamespace: text, operatorVersion: text } },
  {
    group: "wave.spot.io",
    version: "v1alpha1",
    kind: "SparkApplication",
    spec: { applicationId: text, applicationName: text, heritage: text },
  },
];

/** Their CustomResourceDefinitions; `without`: a field that the specs lack. */
export function bigDataCrds({ scope = "Namespaced", without }: { scope?: "Namespaced" | "Cluster"; without?: string } = {}): object[] {
  return kinds.map(({ group, version, kind, spec }) => {
    const plural = `${kind.toLowerCase()}s`;
    const fields = Object.fromEntries(Object.entries(spec).filter(([name]) => name !== without));
    const schema = { openAPIV3Schema: { type: "object", properties: { spec: { type: "object", properties: fields }, status: open } } };
    return {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: `${plural}.${group}` },
      spec: { group, scope, names: { kind, plural }, versions: [{ name: version, served: true, storage: true, schema }] },
    };
  });
}
