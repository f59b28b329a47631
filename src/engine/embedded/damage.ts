/** The data folder cannot be used: taken, unreadable or damaged. One line, naming the file. */
export class DataDirError extends Error {
  override readonly name = 'DataDirError';
}
