/** Requests open at once: as many as the host lets a plugin have. */
const openAtOnce = 4;

/** Requests in one burst, and how many more there may be in each while after it: the host's quota of 20, and of 10 a second. */
const burst = 20;
const regained = { count: 5, everyMs: 500 };

let open = 0;
/** Requests that the host still counts, and how many of these are answered. */
let counted = 0;
let answered = 0;
let isRegaining = false;
const waiting: (() => void)[] = [];

/** Sends when there is room for it, as the host counts; the first to ask is the first to send. */
export async function inTurn<T>(send: () => Promise<T>): Promise<T> {
  await new Promise<void>((resolve) => {
    waiting.push(resolve);
    admit();
  });
  try {
    return await send();
  } finally {
    open--;
    answered++;
    regain();
    admit();
  }
}

/** What the host counts of this plugin: it does not begin anew for an instance that takes over. */
export function countedTurns(): number {
  return counted;
}

export function restoreTurns(before: number): void {
  counted += before;
  answered += before;
  regain();
}

function admit(): void {
  while (waiting.length > 0 && open < openAtOnce && counted < burst) {
    open++;
    counted++;
    waiting.shift()!();
  }
}

/** Only what is answered by now has been counted by the host for sure, and is forgotten by it when the while is over. */
function regain(): void {
  if (isRegaining || answered === 0) return;
  isRegaining = true;
  const count = Math.min(answered, regained.count);
  setTimeout(() => {
    isRegaining = false;
    counted -= count;
    answered -= count;
    regain();
    admit();
  }, regained.everyMs);
}
