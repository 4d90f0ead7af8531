import { create, createFileRegistry, type DescMessage } from "@bufbuild/protobuf";
import { isReflectMessage, reflect, type ReflectMessage } from "@bufbuild/protobuf/reflect";
import { FieldDescriptorProto_Type, FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { objectType, type CelObjectType, type CelValue } from "@bufbuild/cel";

/** A kind of values that CEL doesn't have by itself: messages of one text, by which they are equal or not. */
export interface Kind<T> {
  type: CelObjectType;
  /** A value of the kind. `text`: how it is written canonically; `held`: what it is. */
  make: (text: string, held: T) => ReflectMessage;
  of: (value: CelValue) => T;
  textOf: (value: CelValue) => string;
}

/** A kind by the name that Kubernetes' CEL has for it, as in `kubernetes.Quantity`. */
export function kindOf<T>(name: string): Kind<T> {
  const schema = schemaOf(name);
  const [field] = schema.fields;
  if (field === undefined) throw new Error(`${name} has no field`);
  const held = new WeakMap<object, T>();
  return {
    type: objectType(schema),
    make: (text, value) => {
      const message = reflect(schema);
      message.set(field, text);
      held.set(message.message, value);
      return message;
    },
    of: (value) => {
      const found = isReflectMessage(value, schema) ? held.get(value.message) : undefined;
      if (found === undefined) throw new Error(`the value is no ${name}`);
      return found;
    },
    textOf: (value) => (isReflectMessage(value, schema) ? String(value.get(field)) : ""),
  };
}

function schemaOf(name: string): DescMessage {
  const [pack = "", message = ""] = name.split(".");
  // No expression of a user's names the field.
  const field = [{ name: "_plimsoll_text", number: 1, type: FieldDescriptorProto_Type.STRING, label: 1 }];
  const file = create(FileDescriptorProtoSchema, {
    name: `${name}.proto`,
    package: pack,
    syntax: "proto3",
    messageType: [{ name: message, field }],
  });
  const schema = createFileRegistry(file, () => undefined).getMessage(name);
  if (schema === undefined) throw new Error(`${name} can't be declared`);
  return schema;
}
