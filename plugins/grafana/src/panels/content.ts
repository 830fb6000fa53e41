import type { Panel } from "../api/dashboard.js";
import type { QueryAnswer } from "../query/frames.js";
import type { Window } from "../query/time.js";

/** What a panel is drawn of. */
export interface PanelContent {
  panel: Panel;
  answer: QueryAnswer;
  /** When: its own, where it has one. */
  window: Window;
  /** Times of annotations. */
  marks: readonly number[];
  /** Cells that it may take. */
  width: number;
  /** Rows of a chart of its height in the grid. */
  height: number;
}
