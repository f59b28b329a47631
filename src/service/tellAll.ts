/** Tells each. One that cannot be told stops nobody else (F9): what it throws goes to `onError`. */
export function tellAll<T>(
  all: Iterable<T>,
  tell: (one: T) => void,
  onError: (error: unknown) => void,
): void {
  for (const one of [...all]) {
    try {
      tell(one);
    } catch (error) {
      onError(error);
    }
  }
}
