/*
 * Clusters log lines into patterns, one line at a time, after Drain: P. He, J. Zhu, Z. Zheng, M. R. Lyu, "Drain: An Online Log
 * Parsing Approach with Fixed Depth Tree", ICWS 2017. The path of a line through the tree (how many words it has, and the first
 * PATH_WORDS of them) is kept as a hash, so the tree needs no nodes. Below a path, a line joins the pattern that it is most alike.
 *
 * Memory does not depend on what is read: all that is remembered stands in one struct miner.
 */
#ifndef MINER_H
#define MINER_H

#define LZ_REQUEST_BYTES (1 << 20) /* views are sent whole */

#include "lazyoc.h"

enum {
  MAX_PATTERNS = 512,  /* of one miner; the one that was not seen for longest makes room */
  MAX_WORDS = 48,      /* of a line; what follows is its last word */
  LINE_BYTES = 1024,   /* of a line that are looked at */
  PATTERN_BYTES = 640, /* of a pattern; of a longer line the end is left out */
  TIME_BYTES = 20,     /* 2026-01-15T09:30:00 */
  BUCKETS = 512,
  PATH_WORDS = 2,
  MAX_SIBLINGS = 32, /* patterns of one path, with each of which a line may have to be compared */
  SAME_PERCENT = 50, /* how much of a line must be as in the pattern */
};

#define ANY "<*>"
#define CUT "…"

struct pattern {
  uint64_t count, first_line, last_line;
  uint32_t path;
  uint16_t words, next; /* next of its bucket, counted from 1 */
  uint16_t word_at[MAX_WORDS + 1], length;
  char text[PATTERN_BYTES];
  char example[LINE_BYTES];
  char first_time[TIME_BYTES], last_time[TIME_BYTES];
};

struct miner {
  uint64_t lines, forgotten_patterns, forgotten_lines;
  uint32_t used;
  uint16_t bucket[BUCKETS];
  struct pattern pattern[MAX_PATTERNS];
};

/* A line in words, as a pattern has them: separated by spaces, with ANY for what differs from line to line. */
struct words {
  uint16_t count, at[MAX_WORDS + 1], length;
  char text[PATTERN_BYTES];
};

static inline int is_digit(char c) { return c >= '0' && c <= '9'; }
static inline int is_letter(char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }
static inline int is_hex(char c) { return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f'); }
static inline int is_part(char c) { return is_digit(c) || is_letter(c) || c == '.' || c == '-' || c == '_' || (c & 0x80); }

static inline int same(const char *a, const char *b, uint32_t length) {
  for (uint32_t i = 0; i < length; i++)
    if (a[i] != b[i]) return 0;
  return 1;
}

/* Whether a part of a word is of this line only: it has a digit, and is not a name that ends with one, such as http2. */
static inline int is_value(const char *part, uint32_t length) {
  uint32_t digits = 0, hex = 0;
  for (uint32_t i = 0; i < length; i++) {
    digits += (uint32_t)is_digit(part[i]);
    hex += (uint32_t)is_hex(part[i]);
  }
  if (digits == 0) return 0;
  if (hex == length && length >= 6) return 1;
  return !(digits == 1 && is_letter(part[0]) && is_digit(part[length - 1]));
}

/* Adds text to the last word; 0 when it does not fit. Room is kept for each word to become ANY. */
static inline int add_to(struct words *words, const char *text, uint32_t length) {
  if (words->length + length + sizeof ANY * MAX_WORDS + sizeof CUT >= PATTERN_BYTES) return 0;
  __builtin_memcpy(words->text + words->length, text, length);
  words->length = (uint16_t)(words->length + length);
  return 1;
}

/* Values that only a separator stands between are one: 10.0.3.7:8080, 09:30:00,123. */
static inline void add_value(struct words *words) {
  const char *start = words->text + words->at[words->count], *end = words->text + words->length;
  if (end - start >= 4 && same(end - 4, ANY, 3) && (end[-1] == ':' || end[-1] == ',' || end[-1] == '/')) {
    words->length--;
    return;
  }
  add_to(words, ANY, sizeof ANY - 1);
}

static inline void split(struct words *words, const char *line, uint32_t length) {
  int fits = 1;
  uint32_t i = 0;
  words->count = words->length = 0;
  while (1) {
    while (i < length && (unsigned char)line[i] <= ' ') i++;
    if (i >= length || !fits || words->count == MAX_WORDS) break;
    if (words->count > 0) words->text[words->length++] = ' ';
    words->at[words->count] = words->length;
    while (fits && i < length && (unsigned char)line[i] > ' ') {
      uint32_t start = i;
      while (i < length && is_part(line[i])) i++;
      if (i == start) fits = add_to(words, line + i++, 1);
      else if (is_value(line + start, i - start)) add_value(words);
      else fits = add_to(words, line + start, i - start);
    }
    words->count++;
  }
  if (i < length || !fits) {
    __builtin_memcpy(words->text + words->length, CUT, sizeof CUT - 1);
    words->length += sizeof CUT - 1;
  }
  words->at[words->count] = (uint16_t)(words->length + 1);
}

static inline uint32_t word_length(const uint16_t *at, uint32_t word) { return (uint32_t)at[word + 1] - at[word] - 1; }

/* FNV-1a of the path through the tree. */
static inline uint32_t path_of(const struct words *words) {
  uint32_t hash = (2166136261u ^ words->count) * 16777619u;
  for (uint32_t word = 0; word < PATH_WORDS && word < words->count; word++) {
    for (uint32_t i = 0; i < word_length(words->at, word); i++) hash = (hash ^ (unsigned char)words->text[words->at[word] + i]) * 16777619u;
    hash = (hash ^ ' ') * 16777619u;
  }
  return hash;
}

/* How many words of a pattern are the same in a line; 0 when they are too few to belong together. */
static inline uint32_t same_words(const struct pattern *pattern, const struct words *words) {
  uint32_t count = 0, least = (words->count * (uint32_t)SAME_PERCENT + 99) / 100;
  for (uint32_t word = 0; word < words->count; word++) {
    uint32_t length = word_length(words->at, word);
    if (length == word_length(pattern->word_at, word) && same(words->text + words->at[word], pattern->text + pattern->word_at[word], length)) count++;
    else if (count + words->count - word - 1 < least) return 0;
  }
  return count;
}

/* The pattern that a line belongs to, with how many words are the same; 0 when there is none yet. Then `full` is the one of its
 * path that was not seen for longest, if the path has as many as it may. */
static inline struct pattern *find(struct miner *miner, const struct words *words, uint32_t path, uint32_t *most, struct pattern **full) {
  struct pattern *best = 0, *oldest = 0;
  uint32_t siblings = 0;
  *most = 0;
  for (uint32_t next = miner->bucket[path % BUCKETS]; next > 0; next = miner->pattern[next - 1].next) {
    struct pattern *pattern = &miner->pattern[next - 1];
    if (pattern->path != path || pattern->words != words->count) continue;
    siblings++;
    if (!oldest || pattern->last_line < oldest->last_line) oldest = pattern;
    uint32_t count = same_words(pattern, words);
    if (count <= *most) continue;
    *most = count;
    best = pattern;
  }
  *full = siblings < MAX_SIBLINGS ? 0 : oldest;
  return best;
}

/* Words in which a line differs from its pattern become ANY. */
static inline void generalise(struct pattern *pattern, const struct words *words) {
  struct words merged = {.count = pattern->words};
  for (uint32_t word = 0; word < pattern->words; word++) {
    const char *own = pattern->text + pattern->word_at[word];
    uint32_t length = word_length(pattern->word_at, word);
    if (length != word_length(words->at, word) || !same(own, words->text + words->at[word], length)) {
      own = ANY;
      length = sizeof ANY - 1;
    }
    if (word > 0) merged.text[merged.length++] = ' ';
    merged.at[word] = merged.length;
    __builtin_memcpy(merged.text + merged.length, own, length);
    merged.length = (uint16_t)(merged.length + length);
  }
  merged.at[merged.count] = (uint16_t)(merged.length + 1);
  __builtin_memcpy(pattern->text, merged.text, merged.length);
  __builtin_memcpy(pattern->word_at, merged.at, sizeof merged.at);
  pattern->length = merged.length;
}

/* Takes a pattern out, for its place. */
static inline struct pattern *forget(struct miner *miner, struct pattern *pattern) {
  uint16_t *link = &miner->bucket[pattern->path % BUCKETS];
  while (*link != pattern - miner->pattern + 1) link = &miner->pattern[*link - 1].next;
  *link = pattern->next;
  miner->forgotten_patterns++;
  miner->forgotten_lines += pattern->count;
  return pattern;
}

/* A place for a new pattern. */
static inline struct pattern *place(struct miner *miner) {
  if (miner->used < MAX_PATTERNS) return &miner->pattern[miner->used++];
  struct pattern *oldest = miner->pattern;
  for (uint32_t i = 1; i < MAX_PATTERNS; i++)
    if (miner->pattern[i].last_line < oldest->last_line) oldest = &miner->pattern[i];
  return forget(miner, oldest);
}

/* The time that stands in a line, as 2026-01-15T09:30:00; 0 when there is none. */
static inline int time_in(const char *line, uint32_t length, char into[TIME_BYTES]) {
  static const char shape[] = "dddd-dd-ddTdd:dd:dd";
  uint32_t size = sizeof shape - 1;
  for (uint32_t start = 0; start + size <= length; start++) {
    uint32_t i = 0;
    while (i < size && (shape[i] == 'd' ? is_digit(line[start + i]) : shape[i] == line[start + i] || (shape[i] == 'T' && line[start + i] == ' '))) i++;
    if (i < size) continue;
    __builtin_memcpy(into, line + start, size);
    into[10] = 'T';
    into[size] = 0;
    return 1;
  }
  return 0;
}

static inline int is_before(const char *a, const char *b) {
  while (*a && *a == *b) a++, b++;
  return *a < *b;
}

/* Adds a line; the pattern that it belongs to, or null of an empty line. */
static inline struct pattern *mine(struct miner *miner, const char *line, uint32_t length) {
  static struct words words;
  char time[TIME_BYTES];
  if (length >= LINE_BYTES)
    for (length = LINE_BYTES - 1; length > 0 && (line[length] & 0xc0) == 0x80;) length--; /* between characters */
  split(&words, line, length);
  miner->lines++;
  if (words.count == 0) return 0;
  uint32_t path = path_of(&words), most;
  struct pattern *full, *pattern = find(miner, &words, path, &most, &full);
  if (pattern) {
    if (most < words.count) generalise(pattern, &words);
  } else {
    pattern = full ? forget(miner, full) : place(miner);
    pattern->path = path;
    pattern->count = 0;
    pattern->first_line = miner->lines;
    pattern->first_time[0] = pattern->last_time[0] = 0;
    pattern->words = words.count;
    pattern->length = words.length;
    __builtin_memcpy(pattern->word_at, words.at, sizeof words.at);
    __builtin_memcpy(pattern->text, words.text, words.length);
    uint16_t index = (uint16_t)(pattern - miner->pattern + 1);
    pattern->next = miner->bucket[path % BUCKETS];
    miner->bucket[path % BUCKETS] = index;
  }
  __builtin_memcpy(pattern->example, line, length);
  pattern->example[length] = 0;
  pattern->count++;
  pattern->last_line = miner->lines;
  if (time_in(line, length, time)) {
    /* Lines of several containers are not in the order of time. */
    if (!pattern->first_time[0] || is_before(time, pattern->first_time)) __builtin_memcpy(pattern->first_time, time, TIME_BYTES);
    if (!pattern->last_time[0] || is_before(pattern->last_time, time)) __builtin_memcpy(pattern->last_time, time, TIME_BYTES);
  }
  return pattern;
}

#endif
