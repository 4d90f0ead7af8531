/** Each function of each argument. */
export function crossed(functions: readonly string[], args: readonly string[]): string[] {
  return functions.flatMap((name) => args.map((arg) => `${name}(${arg})`));
}

/** Each method of each value. */
export function called(values: readonly string[], calls: readonly string[]): string[] {
  return values.flatMap((value) => calls.map((call) => `${value}.${call}`));
}
