/** The outcome of something that may take longer than there is time to wait for it. */
export type Timely<T> = { value: T } | { late: true };

/** Milliseconds before a message's deadline at which what is late is answered without. */
const spareMs = 120;

/**
 * Waits for a promise as long as a message may take. The promise goes on: who is told `late` shows what it has and is
 * updated when the rest is there.
 */
export function within<T>(deadlineMs: number, promise: Promise<T>): Promise<Timely<T>> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve({ late: true }), Math.max(10, deadlineMs - spareMs));
    promise.then(
      (value) => {
        clearTimeout(timer);
        resolve({ value });
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}
