/*
 * Kubernetes expands the command, the arguments and the variables' values of a container: `$(NAME)` becomes the value of a variable, where there is
 * one of that name, and `$$` becomes `$`; any other `$` stays. (k8s.io/kubernetes/third_party/forked/golang/expansion.) Of a text in which values
 * have been put, these make that each part is expanded as if it stood alone, and the values come out as they went in.
 */

/** A value as it must be written to arrive whole. */
export function escapeValue(value: string): string {
  return value.replaceAll("$", "$$$$");
}

/** The author's text, so that what is put behind it can't become part of a reference: an unclosed `$(`, or a `$` at the end, stands for itself. */
export function sealText(text: string): string {
  return text.replace(/\$\$|\$\([^)]*\)?|\$$/g, (token) => (token.endsWith(")") ? token : token.replace(/\$\$|\$(?=\(|$)/g, "$$$$")));
}
