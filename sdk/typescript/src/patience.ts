/** Waiting no longer than a message may take. */

import type { Host, HostError, Message } from "./host.js";
import type { ViewNode } from "./views.js";

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

/**
 * The view to answer with when its content may take longer than there is time to draw it: `content` if that comes in time,
 * otherwise `meanwhile`, and `content` by `host.ui.update` when it comes. What `content` fails with is shown as well. A view
 * that the user has closed by then is nobody's fault; why another was not brought up to date is written to the log.
 */
export async function shownInTime(host: Host, instance: string, content: Promise<ViewNode>, meanwhile: ViewNode): Promise<ViewNode> {
  const shown = content.catch((failed: unknown): ViewNode => ({ type: "error", message: failed instanceof Error ? failed.message : String(failed), hint: "look at this plugin's log, and at its permissions" }));
  const timely = await within(host.message, shown);
  if ("value" in timely) return timely.value;
  void shown.then((view) => host.ui.update(instance, view)).catch(unlessClosed);
  return meanwhile;
}

/** For the `catch` of a `host.ui.update` or `patch` that nobody waits for: writes to the log why it failed, unless the view is closed. */
export function unlessClosed(failed: unknown): void {
  const { code, message } = failed as HostError;
  if (code !== "not-found" && code !== "cancelled") console.warn(`a view was not brought up to date: ${message}`);
}
