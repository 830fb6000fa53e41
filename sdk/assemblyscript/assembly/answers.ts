/** What the messages that ask for data are answered with. */

import { answerJson } from "./guest";
import { Json } from "./json";
import { listOf, Value } from "./value";
import { Span } from "./views";

/** A cell of a computed column. */
export class Cell extends Value {
  static of(text: string, style: string = "plain"): Cell {
    return new Cell(Json.object().set("text", Json.of(text)).set("style", Json.of(style)));
  }

  /** What to sort by, in place of the text. */
  sortedBy(value: f64): Cell {
    this.json.set("sort", Json.of(value));
    return this;
  }
}

/** Answers `compute`: one cell a row, in order. */
export function answerCells(cells: Cell[]): i32 {
  return answerJson(Json.object().set("cells", listOf(cells)));
}

/** A log line as it is shown, or hidden. */
export class LogLine extends Value {
  static of(spans: Span[]): LogLine {
    return new LogLine(Json.object().set("spans", listOf(spans)));
  }

  static hidden(): LogLine {
    return new LogLine(Json.nothing());
  }
}

/** Answers `logLines`: one a line, in order. */
export function answerLines(lines: LogLine[]): i32 {
  return answerJson(Json.object().set("lines", listOf(lines)));
}

/** Answers `hook`: nothing is wrong with the change. */
export function allow(): i32 {
  return answerJson(Json.object().set("outcome", Json.of("allow")));
}

/** Answers `hook`: the user reads a text before going on. */
export function warn(text: string): i32 {
  return answerJson(Json.object().set("outcome", Json.of("warn")).set("text", Json.of(text)));
}

/** Answers `hook`: the change is not made. */
export function deny(reason: string): i32 {
  return answerJson(Json.object().set("outcome", Json.of("deny")).set("reason", Json.of(reason)));
}
