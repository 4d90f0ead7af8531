/*
 * In a container's command, args and env Kubernetes replaces `$(NAME)` by a variable's value, takes `$$` for `$`, and leaves any other `$`
 * (k8s.io/kubernetes/third_party/forked/golang/expansion). An author's own text keeps that meaning; what an expression has put in arrives whole.
 */

/** A value, so that Kubernetes changes nothing of it. */
export function literal(value: string): string {
  return value.replaceAll("$", "$$$$");
}

/** An author's text that others stand around: a reference that it doesn't close is text, so that no value can become part of one. */
export function contained(text: string): string {
  let made = "";
  for (let at = 0; at < text.length;) {
    const dollar = text.indexOf("$", at);
    if (dollar < 0) return made + text.slice(at);
    made += text.slice(at, dollar);
    const next = text[dollar + 1];
    const close = next === "(" ? text.indexOf(")", dollar) : -1;
    const end = close < 0 ? dollar + 2 : close + 1;
    made += next === undefined || (next === "(" && close < 0) ? `$${text.slice(dollar, end)}` : text.slice(dollar, end);
    at = end;
  }
  return made;
}
