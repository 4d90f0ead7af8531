import { kubectlOf } from "./kubectl.ts";

/** Takes the right to delete objects of a resource from the controller; gives what gives it back. */
export async function keepFromDeleting(kubeconfig: string, resource: string): Promise<() => Promise<unknown>> {
  const kubectl = kubectlOf(kubeconfig);
  const { rules } = JSON.parse(await kubectl("get", "clusterrole", "plimsoll", "-o", "json")) as {
    rules: { resources?: string[]; verbs: string[] }[];
  };
  const set = (rules: object[]) => kubectl("patch", "clusterrole", "plimsoll", "--type=merge", "-p", JSON.stringify({ rules }));
  const without = rules.flatMap(({ verbs, ...rule }) => {
    const left = rule.resources?.includes(resource) ? verbs.filter((verb) => verb !== "delete") : verbs;
    return left.length === 0 ? [] : [{ ...rule, verbs: left }];
  });
  await set(without);
  return () => set(rules);
}
