/** Waiting no longer than a message may take. */

import type { Message } from "./host.js";

/** The outcome of something that may take longer than there is time to wait for it. */
export type Timely<T> = { value: T } | { late: true };

/** Milliseconds before a message's deadline at which what is late is answered without. */
const spareMs = 120;

/** No timer is shorter. */
const leastMs = 10;

/**
 * Waits for a promise as long as the message may take. The promise goes on: who is told `late` answers with what there is,
 * and shows the rest by `host.ui.update` when it comes. Rejects when the promise does so in time.
 */
export function within<T>(message: Message, promise: Promise<T>): Promise<Timely<T>> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve({ late: true }), Math.max(leastMs, message.deadlineMs - spareMs));
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
