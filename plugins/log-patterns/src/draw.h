/* What a view looks like. */
#ifndef DRAW_H
#define DRAW_H

#include "logs.h"

enum {
  MAX_ROWS = 200, /* patterns that are listed */
  VIEW_BYTES = 768 << 10,
};

static inline void put_span(lz_text *out, const char *text, const char *style) {
  lz_put(out, "{\"text\":");
  lz_put_string(out, text);
  lz_put(out, ",\"style\":\"");
  lz_put(out, style);
  lz_put(out, "\"}");
}

/* A number with a comma before each three digits. */
static inline void put_count(lz_text *out, uint64_t count) {
  if (count >= 1000) {
    put_count(out, count / 1000);
    lz_put(out, count % 1000 < 10 ? ",00" : count % 1000 < 100 ? ",0" : ",");
    count %= 1000;
  }
  lz_put_number(out, (int64_t)count);
}

static inline void put_counted(lz_text *out, uint64_t count, const char *one, const char *many) {
  put_count(out, count);
  lz_put(out, count == 1 ? one : many);
}

/* Such as 12.5 %, or < 0.1 %. */
static inline void put_share(lz_text *out, uint64_t count, uint64_t all) {
  uint64_t mills = all == 0 ? 0 : count * 1000 / all;
  if (mills == 0) {
    lz_put(out, "< 0.1 %");
    return;
  }
  lz_put_number(out, (int64_t)(mills / 10));
  if (mills < 100) {
    lz_put(out, ".");
    lz_put_number(out, (int64_t)(mills % 10));
  }
  lz_put(out, " %");
}

/* When: the time that stands in the line, or which line of those read it was. */
static inline void put_when(lz_text *out, const char *time, uint64_t line, int is_short) {
  if (time[0]) {
    lz_put(out, is_short ? time + 11 : time);
    return;
  }
  lz_put(out, "line ");
  put_count(out, line);
}

/* Whether a word stands in a text, whatever its letters' size. */
static inline int has_word(const char *text, uint32_t length, const char *word) {
  uint32_t size = lz_length(word);
  for (uint32_t at = 0; at + size <= length; at++) {
    uint32_t i = 0;
    while (i < size && (text[at + i] | 0x20) == word[i]) i++;
    if (i == size && (at == 0 || !is_letter(text[at - 1])) && (at + size == length || !is_letter(text[at + size]))) return 1;
  }
  return 0;
}

static inline const char *style_of(const struct pattern *pattern) {
  static const char *const errors[] = {"error", "fatal", "panic", "critical", "severe", "exception"};
  for (uint32_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
    if (has_word(pattern->text, pattern->length, errors[i])) return "error";
  return has_word(pattern->text, pattern->length, "warn") || has_word(pattern->text, pattern->length, "warning") ? "warn" : "plain";
}

static inline int is_new(const struct view *view, const struct pattern *pattern) { return pattern->first_line > view->first_lines; }

/* Whether a pattern stands before another. */
static inline int goes_before(const struct view *view, const struct pattern *a, const struct pattern *b) {
  if (view->order == NEWEST || a->count == b->count) return a->first_line > b->first_line;
  return view->order == FREQUENT ? a->count > b->count : a->count < b->count;
}

/* The patterns in their order; how many. */
static inline uint32_t sort(const struct view *view, const struct pattern *sorted[MAX_PATTERNS]) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < view->miner.used; i++) {
    uint32_t at = count++;
    for (; at > 0 && goes_before(view, &view->miner.pattern[i], sorted[at - 1]); at--) sorted[at] = sorted[at - 1];
    sorted[at] = &view->miner.pattern[i];
  }
  return count;
}

static inline void put_summary(lz_text *out, const struct view *view, uint32_t unread) {
  const struct miner *miner = &view->miner;
  LZ_TEXT(text, 512);
  put_counted(&text, miner->lines, " line", " lines");
  lz_put(&text, " in ");
  put_counted(&text, miner->used, " pattern", " patterns");
  lz_put(out, "{\"type\":\"text\",\"spans\":[");
  put_span(out, text.at, "strong");
  LZ_TEXT(more, 512);
  lz_put(&more, " of ");
  put_counted(&more, view->streams, " container", " containers");
  if (view->left_out > 0) lz_put(&more, ", others are left out");
  if (unread > 0) {
    lz_put(&more, "; ");
    put_counted(&more, unread, " is still read", " are still read");
  }
  put_span(lz_put(out, ","), more.at, "muted");
  LZ_TEXT(wrong, 2048);
  if (miner->forgotten_patterns > 0) {
    lz_put(&wrong, "\n");
    put_counted(&wrong, miner->forgotten_patterns, " pattern was", " patterns were");
    lz_put(&wrong, " forgotten, with ");
    put_counted(&wrong, miner->forgotten_lines, " line", " lines");
    lz_put(&wrong, ", to make room for new ones");
  }
  if (view->lost > 0) {
    lz_put(&wrong, "\n");
    put_counted(&wrong, view->lost, " line", " lines");
    lz_put(&wrong, " came too fast to be read");
  }
  if (view->cut > 0) {
    lz_put(&wrong, "\nThe latest lines of ");
    put_counted(&wrong, view->cut, " container", " containers");
    lz_put(&wrong, " are too long to be read at once");
  }
  if (view->trouble[0]) {
    lz_put(&wrong, "\nA log cannot be read: ");
    lz_put(&wrong, view->trouble);
  }
  if (wrong.length > 0) put_span(lz_put(out, ","), wrong.at, "warn");
  lz_put(out, "]}");
}

static inline void put_button(lz_text *out, const char *id, const char *label, int is_chosen) {
  lz_put(out, "{\"type\":\"button\",\"id\":\"");
  lz_put(out, id);
  lz_put(out, "\",\"label\":\"");
  lz_put(out, label);
  lz_put(out, is_chosen ? " ✓\",\"style\":\"accent\"}" : "\"}");
}

static inline void put_row(lz_text *out, const struct view *view, const struct pattern *pattern) {
  LZ_TEXT(cell, PATTERN_BYTES + 32);
  lz_put(out, "{\"id\":\"");
  lz_put_number(out, (int64_t)pattern->first_line);
  lz_put(out, "\",\"cells\":[{\"text\":\"");
  lz_put_number(out, (int64_t)pattern->count);
  lz_put(out, "\"},{\"text\":\"");
  put_share(out, pattern->count, view->miner.lines);
  lz_put(out, "\"},{\"text\":\"");
  put_when(out, pattern->first_time, pattern->first_line, 1);
  lz_put(out, is_new(view, pattern) ? " new\",\"style\":\"accent\"},{\"text\":\"" : "\"},{\"text\":\"");
  put_when(out, pattern->last_time, pattern->last_line, 1);
  lz_put(out, "\"},");
  for (uint32_t i = 0; i < pattern->length; i++) lz_put_byte(&cell, pattern->text[i]);
  put_span(out, cell.at, style_of(pattern));
  lz_put(out, "]}");
}

static inline void put_list(lz_text *out, const struct view *view) {
  static const struct pattern *sorted[MAX_PATTERNS];
  uint32_t count = sort(view, sorted);
  lz_put(out, ",{\"type\":\"columns\",\"children\":[");
  put_button(out, "frequent", "Frequent first", view->order == FREQUENT);
  put_button(lz_put(out, ","), "rare", "Rare first", view->order == RARE);
  put_button(lz_put(out, ","), "newest", "New first", view->order == NEWEST);
  lz_put(out, "]},{\"type\":\"table\",\"id\":\"patterns\",\"selectable\":true,\"header\":[{\"title\":\"LINES\",\"type\":\"number\",\"align\":\"end\"},"
              "{\"title\":\"SHARE\",\"align\":\"end\"},{\"title\":\"FIRST\"},{\"title\":\"LAST\"},{\"title\":\"PATTERN\"}],\"rows\":[");
  for (uint32_t i = 0; i < count && i < MAX_ROWS; i++) {
    if (i > 0) lz_put(out, ",");
    put_row(out, view, sorted[i]);
  }
  lz_put(out, "]}");
  if (count <= MAX_ROWS) return;
  lz_put(out, ",{\"type\":\"text\",\"spans\":[{\"style\":\"muted\",\"text\":\"and ");
  put_counted(out, count - MAX_ROWS, " pattern more", " patterns more");
  lz_put(out, "\"}]}");
}

static inline void put_fact(lz_text *out, const char *key, const char *value, const char *style) {
  lz_put(out, "{\"key\":\"");
  lz_put(out, key);
  lz_put(out, "\",\"value\":[");
  put_span(out, value, style);
  lz_put(out, "]}");
}

/* One pattern, with a line of it. */
static inline void put_pattern(lz_text *out, const struct view *view, const struct pattern *pattern) {
  LZ_TEXT(text, PATTERN_BYTES + 32);
  lz_put(out, ",{\"type\":\"keyValue\",\"items\":[");
  for (uint32_t i = 0; i < pattern->length; i++) lz_put_byte(&text, pattern->text[i]);
  put_fact(out, "Pattern", text.at, style_of(pattern));
  text.length = 0;
  put_count(&text, pattern->count);
  lz_put(&text, ", ");
  put_share(&text, pattern->count, view->miner.lines);
  put_fact(lz_put(out, ","), "Lines", text.at, "plain");
  text.length = 0;
  put_when(&text, pattern->first_time, pattern->first_line, 0);
  if (is_new(view, pattern)) lz_put(&text, ", since this is open");
  put_fact(lz_put(out, ","), "First seen", text.at, "plain");
  text.length = 0;
  put_when(&text, pattern->last_time, pattern->last_line, 0);
  put_fact(lz_put(out, ","), "Last seen", text.at, "plain");
  lz_put(out, "]},{\"type\":\"code\",\"language\":\"log\",\"content\":");
  lz_put_string(out, pattern->example);
  lz_put(out, "},");
  put_button(out, "back", "All patterns", 0);
}

static inline const struct pattern *opened_pattern(const struct view *view) {
  for (uint32_t i = 0; view->opened > 0 && i < view->miner.used; i++)
    if (view->miner.pattern[i].first_line == view->opened) return &view->miner.pattern[i];
  return 0;
}

static inline uint32_t unread_of(const struct view *view) {
  uint32_t unread = 0;
  for (uint32_t i = 0; i < view->streams; i++) unread += !view->stream[i].is_read;
  return unread;
}

static inline void draw(lz_text *out, const struct view *view) {
  const struct pattern *opened = opened_pattern(view);
  uint32_t unread = unread_of(view);
  if (view->streams == 0) {
    lz_put(out, "{\"type\":\"empty\",\"message\":\"It has no containers whose logs could be read\"}");
    return;
  }
  if (view->miner.used == 0 && unread > 0) {
    lz_put(out, "{\"type\":\"spinner\",\"label\":\"Reading the logs\"}");
    return;
  }
  lz_put(out, "{\"type\":\"stack\",\"gap\":1,\"children\":[");
  put_summary(out, view, unread);
  if (opened) put_pattern(out, view, opened);
  else if (view->miner.used > 0) put_list(out, view);
  else lz_put(out, ",{\"type\":\"empty\",\"message\":\"No line has been written yet\"}");
  lz_put(out, "]}");
}

#endif
