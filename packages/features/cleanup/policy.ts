/** What is decided by. Times are in milliseconds. */
export interface Policy {
  /** Whether what would be deleted is only told of. */
  dryRun: boolean;
  notReadyFor: number;
  graceAfterCreation: number;
  checkInterval: number;
  maxCount: number;
  maxPercent: number;
  window: number;
}
