/** The namespace and the name of a queue's key, as in `shop/web`; of an object in no namespace the first is empty. */
export function splitKey(key: string): [namespace: string, name: string] {
  const slash = key.indexOf("/");
  return [key.slice(0, Math.max(0, slash)), key.slice(slash + 1)];
}
