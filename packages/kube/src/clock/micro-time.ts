/** A time in milliseconds since 1970 as a metav1.MicroTime, which must have six digits after the second. */
export function microTime(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "000Z");
}
