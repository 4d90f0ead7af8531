import * as models from "@kubernetes/client-node";

/** A field's type: a plain one, another shape, or with [] or {} before it a list or a map of one. */
type Shapes = Record<string, Record<string, string>>;

interface Attribute {
  baseName: string;
  type: string;
  format: string;
}

/** What clients take for texts, and are amounts. */
const quantities = new Set(["sizeLimit", "divisor", "requests", "limits", "overhead", "allocatedResources"]);

/** Specs that have a pod, or are one. */
const roots = ["V1PodSpec", "V1JobSpec", "V1CronJobSpec", "V1DeploymentSpec", "V1StatefulSetSpec", "V1DaemonSetSpec", "V1ReplicaSetSpec"];

/** The fields that a pod of Kubernetes has, and what makes pods, by the OpenAPI description that its client for JavaScript was made of. */
export function podShapes(): string {
  const shapes: Shapes = {};
  for (const root of roots) add(shapes, root);
  return `${JSON.stringify(Object.fromEntries(Object.entries(shapes).sort(([a], [b]) => (a < b ? -1 : 1))), null, 2)}\n`;
}

function add(shapes: Shapes, name: string): void {
  if (name in shapes) return;
  const own: Record<string, string> = (shapes[name] = {});
  for (const attribute of attributesOf(name)) {
    const type = typeOf(attribute);
    own[attribute.baseName] = type;
    const [shape] = /\w*V1\w+$/.exec(type) ?? [];
    if (shape !== undefined) add(shapes, shape);
  }
}

function attributesOf(name: string): Attribute[] {
  const model: unknown = Reflect.get(models, name);
  if (typeof model !== "function" || !("getAttributeTypeMap" in model) || typeof model.getAttributeTypeMap !== "function")
    throw new Error(`the client has no model ${name}`);
  return model.getAttributeTypeMap() as Attribute[];
}

function typeOf({ baseName, type, format }: Attribute): string {
  const [, item] = /^Array<(.*)>$/.exec(type) ?? [];
  if (item !== undefined) return `[]${typeOf({ baseName, type: item, format })}`;
  const [, value] = /^\{ \[key: string\]: (.*); \}$/.exec(type) ?? [];
  if (value !== undefined) return `{}${typeOf({ baseName, type: value, format })}`;
  if (type === "number") return format || "number";
  if (type === "string" && quantities.has(baseName)) return "quantity";
  return type === "Date" || type === "V1MicroTime" ? "time" : type;
}
