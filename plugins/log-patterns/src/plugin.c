#include "draw.h"

enum {
  MESSAGE_BYTES = (1 << 20) + 1,
  MAX_DIMMERS = 4,     /* containers whose shown log is dimmed, each with patterns of its own */
  DIM_PERCENT = 10,    /* of the lines of a container that a pattern has at least, to be dimmed */
  DIM_LINES = 50,      /* lines before anything is dimmed */
  REST_MS = 3000,      /* for what a first drawing had no time for */
  SOON_MS = 10,
};

static char message[MESSAGE_BYTES];
static char view_memory[VIEW_BYTES];
static char lines_memory[MESSAGE_BYTES];

struct dimmer {
  uint64_t used_at;
  char pod[NAME_BYTES], container[NAME_BYTES];
  struct miner miner;
};

static struct dimmer dimmers[MAX_DIMMERS];

/* The payload of the message; null when it does not fit. */
static const char *payload(void) { return lz_input(message, sizeof message) < 0 ? 0 : lz_member(message, "payload"); }

static int32_t too_large(void) { return lz_fail("too-large: the message does not fit"); }

static int32_t done(void) {
  LZ_TEXT(nothing, 8);
  lz_put(&nothing, "{}");
  return lz_answer(&nothing);
}

static int32_t answer_view(const struct view *view) {
  lz_text out = {view_memory, 0, sizeof view_memory, 0};
  draw(&out, view);
  return out.full ? lz_fail("too-large: the view does not fit") : lz_answer(&out);
}

/* Shows a view anew; one that is closed is given up. */
static void update(struct view *view) {
  lz_text args = {view_memory, 0, sizeof view_memory, 0};
  lz_put(&args, "{");
  put_member(&args, "instance", view->instance);
  lz_put(&args, ",\"content\":");
  draw(&args, view);
  lz_put(&args, "}");
  if (ask("ui.update", &args)) return;
  static const char gone[] = "not-found:";
  if (same(reason, gone, sizeof gone - 1)) close_view(view);
  else lz_log(reason);
}

/* The rest is read when a message with more time comes. */
static void read_later(const struct view *view) {
  LZ_TEXT(args, 512);
  lz_put(&args, "{");
  put_member(&args, "id", view->instance);
  lz_put(&args, ",\"delayMs\":");
  lz_put_number(&args, SOON_MS);
  lz_put(&args, "}");
  ask("timers.set", &args);
}

LZ_MESSAGE(render) {
  static char instance[NAME_BYTES];
  const char *request = payload();
  if (!request) return too_large();
  if (lz_string(lz_member(request, "instance"), instance, sizeof instance) < 0) return lz_fail("invalid: the view has no instance");
  struct view *view = find_view(instance);
  if (!view) {
    const char *object = lz_member(request, "object");
    view = open_view();
    __builtin_memcpy(view->instance, instance, sizeof instance);
    lz_string(lz_member(object, "group"), view->group, sizeof view->group);
    lz_string(lz_member(object, "kind"), view->kind, sizeof view->kind);
    lz_string(lz_member(object, "namespace"), view->namespace, sizeof view->namespace);
    if (lz_string(lz_member(object, "name"), view->name, sizeof view->name) < 0) return lz_fail("invalid: there is no object");
    if (!find_streams(view)) {
      clear(view, sizeof *view);
      return lz_fail(reason);
    }
    if (read_streams(view, PATIENCE_MS) > 0) read_later(view);
    /* When nothing can be read at all, that is a failure. */
    if (view->trouble[0] && view->streams == 1 && view->miner.lines == 0) {
      clear(view, sizeof *view);
      return lz_fail(reason);
    }
  }
  view->looked_at = ++looks;
  return answer_view(view);
}

LZ_MESSAGE(timer) {
  static char id[NAME_BYTES];
  const char *request = payload();
  if (!request) return too_large();
  lz_string(lz_member(request, "id"), id, sizeof id);
  struct view *view = find_view(id);
  if (!view) return done();
  if (read_streams(view, REST_MS) > 0) read_later(view);
  update(view);
  return done();
}

/* Lines were written. */
LZ_MESSAGE(watch) {
  static char watch[NAME_BYTES];
  const char *told = payload();
  if (!told) return too_large();
  lz_string(lz_member(told, "watch"), watch, sizeof watch);
  for (uint32_t v = 0; v < MAX_VIEWS; v++)
    for (uint32_t s = 0; views[v].is_used && s < views[v].streams; s++) {
      struct view *view = &views[v];
      struct stream *stream = &view->stream[s];
      if (!is_text(stream->watch, watch)) continue;
      uint64_t before = view->miner.lines, lost = number_at(lz_member(told, "lost"));
      /* What follows after a reset was read before, but for its end. */
      if (lz_member(told, "reset")) stream->is_joined = 0;
      add_lines(view, stream, lz_member(told, "lines"));
      if (lz_member(told, "ended")) stream->watch[0] = 0;
      view->lost += lost;
      if (view->miner.lines > before || lost > 0) update(view);
      return done();
    }
  return done();
}

LZ_MESSAGE(input) {
  static char text[NAME_BYTES];
  const char *request = payload();
  if (!request) return too_large();
  lz_string(lz_member(request, "instance"), text, sizeof text);
  struct view *view = find_view(text);
  if (!view) return lz_fail("not-found: the view is closed; open it again");
  view->looked_at = ++looks;
  lz_string(lz_member(request, "node"), text, sizeof text);
  if (is_text(text, "frequent")) view->order = FREQUENT;
  else if (is_text(text, "rare")) view->order = RARE;
  else if (is_text(text, "newest")) view->order = NEWEST;
  else if (is_text(text, "back")) view->opened = 0;
  else if (is_text(text, "patterns") && lz_string(lz_member(request, "row"), text, sizeof text) > 0) view->opened = number_at(text);
  return answer_view(view);
}

static struct dimmer *dimmer_of(const char *pod, const char *container) {
  struct dimmer *oldest = dimmers;
  for (uint32_t i = 0; i < MAX_DIMMERS; i++) {
    if (is_text(dimmers[i].pod, pod) && is_text(dimmers[i].container, container)) return &dimmers[i];
    if (dimmers[i].used_at < oldest->used_at) oldest = &dimmers[i];
  }
  clear(oldest, sizeof *oldest);
  __builtin_memcpy(oldest->pod, pod, NAME_BYTES);
  __builtin_memcpy(oldest->container, container, NAME_BYTES);
  return oldest;
}

/* Dims lines that look like many others, so that the others stand out. Lines go back as they stand in the message. */
LZ_MESSAGE(logLines) {
  static char pod[NAME_BYTES], container[NAME_BYTES], line[LINE_BYTES + 4];
  const char *batch = payload();
  if (!batch) return too_large();
  pod[0] = container[0] = 0;
  lz_string(lz_member(batch, "pod"), pod, sizeof pod);
  lz_string(lz_member(batch, "container"), container, sizeof container);
  struct dimmer *dimmer = dimmer_of(pod, container);
  struct miner *miner = &dimmer->miner;
  dimmer->used_at = ++looks;

  lz_text out = {lines_memory, 0, sizeof lines_memory, 0};
  lz_put(&out, "{\"lines\":[");
  const char *at = lz_member(batch, "lines");
  if (!at || *(at = lz_skip(at)) != '[') return lz_fail("invalid: there are no lines");
  int is_first = 1;
  for (at = lz_skip(at + 1); *at == '"'; is_first = 0) {
    const char *start = at;
    uint32_t length = read_line(&at, line);
    const struct pattern *pattern = mine(miner, line, length);
    int is_frequent = pattern && miner->lines >= DIM_LINES && pattern->count * 100 >= miner->lines * DIM_PERCENT && is_text(style_of(pattern), "plain");
    lz_put(&out, is_first ? "{\"spans\":[{" : ",{\"spans\":[{");
    if (is_frequent) lz_put(&out, "\"style\":\"muted\",");
    lz_put(&out, "\"text\":");
    for (const char *byte = start; byte < at; byte++) lz_put_byte(&out, *byte);
    lz_put(&out, "}]}");
    at = lz_skip(at);
    if (*at == ',') at = lz_skip(at + 1);
  }
  lz_put(&out, "]}");
  return out.full ? lz_fail("too-large: the lines do not fit") : lz_answer(&out);
}
