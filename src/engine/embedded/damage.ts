/** Whether the disk has no room, in the system's words or SQLite's: that may pass by itself. */
export const isFull = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  /^(ENOSPC|EDQUOT|SQLITE_FULL)$/.test(String(error.code));

/** The data folder cannot be used: taken, unreadable or damaged. One line, naming the file. */
export class DataDirError extends Error {
  override readonly name = 'DataDirError';
}
