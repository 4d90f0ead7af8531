/** Temporary. */
export class Meter {
  readonly share: number = 0;
}
