// The conversation with `lazyoc bench`: a line asks, a line answers `NANOSECONDS RESULT`, or `! PROBLEM`.
import { createInterface } from "node:readline";

/** Answers every line of standard input. `measure` takes its words and returns [nanoseconds, result]. */
export async function answerLines(measure) {
  for await (const line of createInterface({ input: process.stdin })) {
    try {
      const [nanoseconds, result] = await measure(line.split(" "));
      console.log(`${nanoseconds} ${result}`);
    } catch (error) {
      console.log(`! ${String(error).replaceAll("\n", " ")}`);
    }
  }
}

/** Runs `work` and returns [nanoseconds, what it returned]. */
export function time(work) {
  const started = process.hrtime.bigint();
  const result = work();
  return [process.hrtime.bigint() - started, result];
}
