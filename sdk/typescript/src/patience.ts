/** Waiting no longer than a message may take. */

import type { Message } from "./host.js";

/** The outcome of something that may take longer than there is time to wait for it. */
export type Timely<T> = { value: T } | { late: true };

/**
 * Time left for the answer itself, in milliseconds and as a share of the deadline; the lesser counts. A view that is drawn
 * while the user looks has half a second, and a busy computer is late with timers, too: of that most is left.
 */
const spareMs = 500;
const spareShare = 0.7;

/** No timer is shorter. */
const leastMs = 10;

/**
 * Waits for a promise about as long as the message may take. The promise goes on: who is told `late` answers with what there is,
 * and shows the rest by `host.ui.update` when it comes. Rejects when the promise does so in time.
 */
export function within<T>(message: Message, promise: Promise<T>): Promise<Timely<T>> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve({ late: true }), Math.max(leastMs, message.deadlineMs - Math.min(spareMs, message.deadlineMs * spareShare)));
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
