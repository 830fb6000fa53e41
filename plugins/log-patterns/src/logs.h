/* The open views: which containers' logs each reads, and the patterns found in them. */
#ifndef LOGS_H
#define LOGS_H

#include "miner.h"

enum {
  MAX_VIEWS = 4,        /* open at once; the one that was not looked at for longest is given up */
  MAX_STREAMS = 12,     /* containers of one view */
  TAIL_LINES = 2000,    /* of all containers of a view together, to begin with */
  LEAST_TAIL_LINES = 200,
  OVERLAP_LINES = 50,   /* what is asked for again when following begins, so that nothing is missed in between */
  PATIENCE_MS = 200,    /* after which the rest is read behind the first drawing */
  NAME_BYTES = 256,
  CALL_BYTES = (1 << 20) + 1,
};

struct stream {
  char pod[NAME_BYTES], container[NAME_BYTES], watch[NAME_BYTES];
  uint64_t last_line; /* hash of the last line read, to find it again */
  int is_read, is_joined;
};

enum order { FREQUENT, RARE, NEWEST };

struct view {
  int is_used;
  uint64_t looked_at;
  char instance[NAME_BYTES], id[NAME_BYTES];
  char kind[NAME_BYTES], group[NAME_BYTES], name[NAME_BYTES], namespace[NAME_BYTES];
  char trouble[1024]; /* what was wrong with the latest container that could not be read */
  struct stream stream[MAX_STREAMS];
  uint32_t streams, left_out; /* containers that are too many */
  uint64_t lost, cut;         /* lines the host dropped; containers whose logs did not fit into an answer */
  uint64_t first_lines;       /* read before following began: what comes later is new */
  enum order order;
  uint64_t opened; /* first line of the pattern that is looked at; 0 for none */
  struct miner miner;
};

static struct view views[MAX_VIEWS];
static uint64_t looks;
static char answer[CALL_BYTES];
static char reason[1024];

static inline int is_text(const char *a, const char *b) {
  while (*a && *a == *b) a++, b++;
  return *a == *b;
}

static inline void clear(void *memory, uint32_t bytes) { __builtin_memset(memory, 0, bytes); }

static inline uint64_t number_at(const char *json) {
  uint64_t number = 0;
  if (json) for (json = lz_skip(json); is_digit(*json); json++) number = number * 10 + (uint64_t)(*json - '0');
  return number;
}

/* Makes a call; its answer, or null and a reason of the form CODE: MESSAGE. */
static inline const char *ask(const char *call, const lz_text *args) {
  LZ_TEXT(why, 1024);
  if (lz_call(call, args, answer, sizeof answer) < 0) {
    lz_put(&why, "too-large: the answer of ");
    lz_put(&why, call);
    lz_put(&why, " does not fit");
  } else {
    const char *error = lz_member(answer, "error");
    if (!error) return lz_member(answer, "ok");
    static char part[512];
    lz_string(lz_member(error, "code"), part, sizeof part);
    lz_put(&why, part);
    lz_put(&why, ": ");
    /* A longer message is cut, not lost. */
    if (lz_string(lz_member(error, "message"), part, sizeof part) < 0 && part[0] == 0) lz_put(&why, "the host gave no reason");
    lz_put(&why, part);
  }
  __builtin_memcpy(reason, why.at, why.length + 1);
  return 0;
}

static inline uint64_t now_ms(void) {
  LZ_TEXT(args, 8);
  static char time[64];
  lz_put(&args, "{}");
  const char *ok = ask("host.info", &args);
  /* 2026-01-15T09:30:00.123+00:00: what is needed is only how much later than another. */
  if (!ok || lz_string(lz_member(ok, "now"), time, sizeof time) < 19) return 0;
  uint64_t ms = 0;
  for (int i = 11; i < 19; i += 3) ms = ms * 60 + (uint64_t)((time[i] - '0') * 10 + time[i + 1] - '0');
  ms *= 1000;
  if (time[19] == '.')
    for (int i = 20, unit = 100; is_digit(time[i]) && unit > 0; i++, unit /= 10) ms += (uint64_t)((time[i] - '0') * unit);
  return ms;
}

static inline void put_member(lz_text *args, const char *name, const char *value) {
  if (args->length > 1) lz_put(args, ",");
  lz_put_string(args, name);
  lz_put(args, ":");
  lz_put_string(args, value);
}

static inline uint64_t hash_of(const char *line, uint32_t length) {
  uint64_t hash = 14695981039346656037u;
  for (uint32_t i = 0; i < length; i++) hash = (hash ^ (unsigned char)line[i]) * 1099511628211u;
  return hash;
}

/* Reads one line of a JSON list, at *json, behind which *json stands then; its length, of which LINE_BYTES are kept. */
static inline uint32_t read_line(const char **json, char into[LINE_BYTES + 4]) {
  uint32_t length = 0;
  char bytes[4];
  (*json)++;
  for (int count; (count = lz_character(json, bytes)) > 0;)
    for (int i = 0; i < count && length < LINE_BYTES; i++) into[length++] = bytes[i];
  if (**json == '"') (*json)++;
  return length;
}

/* Adds the lines of a JSON list. Those that were read before following began are passed over. */
static inline void add_lines(struct view *view, struct stream *stream, const char *lines) {
  static char line[LINE_BYTES + 4];
  const char *start = lines ? lz_skip(lines) : 0;
  if (!start || *start != '[') return;
  start = lz_skip(start + 1);
  if (stream->is_read && !stream->is_joined) {
    const char *behind = start;
    for (const char *at = start; *at == '"';) {
      uint32_t length = read_line(&at, line);
      at = lz_skip(at);
      if (*at == ',') at = lz_skip(at + 1);
      if (hash_of(line, length) == stream->last_line) behind = at;
    }
    start = behind;
    stream->is_joined = 1;
  }
  for (const char *at = start; *at == '"';) {
    uint32_t length = read_line(&at, line);
    mine(&view->miner, line, length);
    stream->last_line = hash_of(line, length);
    at = lz_skip(at);
    if (*at == ',') at = lz_skip(at + 1);
  }
}

static inline void put_log_args(lz_text *args, const struct view *view, const struct stream *stream, uint32_t lines) {
  lz_put(args, "{");
  put_member(args, "namespace", view->namespace);
  put_member(args, "pod", stream->pod);
  put_member(args, "container", stream->container);
  lz_put(args, ",\"tailLines\":");
  lz_put_number(args, lines);
}

/* Reads what a container has written, and follows what it will. One that does not run yet has no log: that is told, and no failure. */
static inline void read_stream(struct view *view, struct stream *stream) {
  uint32_t lines = TAIL_LINES / view->streams;
  LZ_TEXT(args, 2048);
  put_log_args(&args, view, stream, lines < LEAST_TAIL_LINES ? LEAST_TAIL_LINES : lines);
  lz_put(&args, "}");
  const char *ok = ask("kubernetes.logs", &args);
  if (ok) {
    add_lines(view, stream, lz_member(ok, "lines"));
    const char *truncated = lz_member(ok, "truncated");
    if (truncated && *truncated == 't') view->cut++;
    LZ_TEXT(follow, 2048);
    put_log_args(&follow, view, stream, OVERLAP_LINES);
    lz_put(&follow, ",\"follow\":true}");
    ok = ask("kubernetes.logs", &follow);
    if (ok) lz_string(lz_member(ok, "watch"), stream->watch, sizeof stream->watch);
  }
  if (!ok) __builtin_memcpy(view->trouble, reason, sizeof reason);
  stream->is_read = 1;
}

/* Reads containers until all are read or the time is over; how many are left. */
static inline uint32_t read_streams(struct view *view, uint32_t patience_ms) {
  uint64_t start = now_ms();
  uint32_t left = 0;
  for (uint32_t i = 0; i < view->streams; i++) {
    struct stream *stream = &view->stream[i];
    if (stream->is_read) continue;
    if (left > 0 || now_ms() - start > patience_ms) left++;
    else read_stream(view, stream);
  }
  if (left == 0) view->first_lines = view->miner.lines;
  return left;
}

static inline void add_containers(struct view *view, const char *pod, const char *containers) {
  if (!containers || *(containers = lz_skip(containers)) != '[') return;
  for (const char *at = lz_skip(containers + 1); *at == '"'; at = lz_skip(at)) {
    if (view->streams == MAX_STREAMS) view->left_out++;
    else {
      struct stream *stream = &view->stream[view->streams];
      if (lz_string(at, stream->container, sizeof stream->container) > 0) {
        __builtin_memcpy(stream->pod, pod, NAME_BYTES);
        view->streams++;
      }
    }
    at = lz_skip(lz_after(at));
    if (*at == ',') at++;
  }
}

/* The resource of a kind that this plugin adds a tab to. */
static inline const char *resource_of(const struct view *view) {
  static const char *const known[][2] = {{"Pod", "pods"}, {"Deployment", "deployments"}, {"StatefulSet", "statefulsets"}, {"DaemonSet", "daemonsets"}, {"ReplicaSet", "replicasets"}, {"Job", "jobs"}};
  for (uint32_t i = 0; i < sizeof known / sizeof known[0]; i++)
    if (is_text(view->kind, known[i][0])) return known[i][1];
  return 0;
}

/* Asks for the labels of a workload's pods; 0, and a reason, when it selects by none. */
static inline int put_selector(struct view *view, lz_text *selector) {
  LZ_TEXT(args, 2048);
  lz_put(&args, "{\"fields\":[\".spec.selector.matchLabels\"]");
  put_member(&args, "group", view->group);
  put_member(&args, "resource", resource_of(view));
  put_member(&args, "namespace", view->namespace);
  put_member(&args, "name", view->name);
  lz_put(&args, "}");
  const char *ok = ask("kubernetes.get", &args);
  if (!ok) return 0;
  const char *labels = lz_member(ok, ".spec.selector.matchLabels");
  static char part[NAME_BYTES];
  uint32_t count = 0;
  if (labels && *(labels = lz_skip(labels)) == '{')
    for (const char *at = lz_skip(labels + 1); *at == '"'; at = lz_skip(at)) {
      lz_string(at, part, sizeof part);
      if (count++ > 0) lz_put(selector, ",");
      lz_put(selector, part);
      at = lz_skip(lz_after(at));
      if (*at == ':') at = lz_skip(at + 1);
      lz_string(at, part, sizeof part);
      lz_put(selector, "=");
      lz_put(selector, part);
      at = lz_skip(lz_after(at));
      if (*at == ',') at++;
    }
  if (count > 0 && !selector->full) return 1;
  static const char why[] = "not-found: it does not select its pods by labels";
  __builtin_memcpy(reason, why, sizeof why);
  return 0;
}

/* Finds the containers of a view; 0, and a reason, when it cannot. */
static inline int find_streams(struct view *view) {
  static char pod[NAME_BYTES];
  if (!resource_of(view)) {
    static const char why[] = "invalid: there are no logs of this kind";
    __builtin_memcpy(reason, why, sizeof why);
    return 0;
  }
  LZ_TEXT(args, 4096);
  lz_put(&args, "{\"resource\":\"pods\",\"fields\":[\".metadata.name\",\".spec.containers[*].name\"]");
  put_member(&args, "namespace", view->namespace);
  if (is_text(view->kind, "Pod")) {
    put_member(&args, "name", view->name);
    lz_put(&args, "}");
    const char *ok = ask("kubernetes.get", &args);
    if (!ok) return 0;
    add_containers(view, view->name, lz_member(ok, ".spec.containers[*].name"));
    return 1;
  }
  LZ_TEXT(selector, 2048);
  if (!put_selector(view, &selector)) return 0;
  put_member(&args, "labelSelector", selector.at);
  lz_put(&args, ",\"limit\":");
  lz_put_number(&args, MAX_STREAMS);
  lz_put(&args, "}");
  const char *ok = ask("kubernetes.list", &args), *items = ok ? lz_member(ok, "items") : 0;
  if (!ok) return 0;
  if (items && *(items = lz_skip(items)) == '[')
    for (const char *at = lz_skip(items + 1); *at == '{'; at = lz_skip(at)) {
      if (lz_string(lz_member(at, ".metadata.name"), pod, sizeof pod) > 0) add_containers(view, pod, lz_member(at, ".spec.containers[*].name"));
      at = lz_skip(lz_after(at));
      if (*at == ',') at++;
    }
  if (lz_member(ok, "continue")) view->left_out++;
  return 1;
}

static inline void close_view(struct view *view) {
  for (uint32_t i = 0; i < view->streams; i++) {
    if (!view->stream[i].watch[0]) continue;
    LZ_TEXT(args, 512);
    lz_put(&args, "{");
    put_member(&args, "watch", view->stream[i].watch);
    lz_put(&args, "}");
    ask("kubernetes.unwatch", &args); /* one that has ended by itself is not there any more */
  }
  clear(view, sizeof *view);
}

static inline struct view *find_view(const char *instance) {
  for (uint32_t i = 0; i < MAX_VIEWS; i++)
    if (views[i].is_used && is_text(views[i].instance, instance)) return &views[i];
  return 0;
}

/* A place for a view. */
static inline struct view *open_view(void) {
  struct view *oldest = views;
  for (uint32_t i = 0; i < MAX_VIEWS; i++) {
    if (!views[i].is_used) {
      oldest = &views[i];
      break;
    }
    if (views[i].looked_at < oldest->looked_at) oldest = &views[i];
  }
  close_view(oldest);
  oldest->is_used = 1;
  return oldest;
}

#endif
