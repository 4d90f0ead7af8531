import { expect, test } from "vitest";
import { loadHeld } from "./held.ts";
import { fileOf } from "./run.fixture.ts";

const role = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: reader}
rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]
`;
const binding = (kind: string, metadata: string, roleRef: string, subject: string) => `---
apiVersion: rbac.authorization.k8s.io/v1
kind: ${kind}
metadata: {${metadata}}
roleRef: {apiGroup: rbac.authorization.k8s.io, ${roleRef}}
subjects: [{${subject}}]
`;
const reader = "kind: ClusterRole, name: reader";

test("who isn't logged in holds nothing that is bound to those who are", async () => {
  const file = fileOf("roles.yaml", role + binding("ClusterRoleBinding", "name: a", reader, 'kind: Group, name: "system:authenticated"'));
  await expect(loadHeld(file, "system:anonymous", {})).rejects.toThrow("binds none of its roles to system:anonymous");
  expect((await loadHeld(file, "ada", {})).map(({ name }) => name)).toEqual(["reader"]);
});
