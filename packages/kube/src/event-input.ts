export interface ObjectRef {
  apiVersion: string;
  kind: string;
  namespace?: string;
  name: string;
  uid: string;
}

export interface EventInput {
  regarding: ObjectRef;
  related?: ObjectRef;
  type: "Normal" | "Warning";
  reason: string;
  action: string;
  note: string;
}
