#include "lazyoc.h"

static char message[64 << 10];
static char answer[64 << 10];
static char name[256], namespace[256], node[256], reason[1024];

/* The tab is to be drawn: its object stands in the message. */
LZ_MESSAGE(render) {
  if (lz_input(message, sizeof message) < 0) return lz_fail("too-large: the message does not fit");
  const char *object = lz_member(lz_member(message, "payload"), "object");
  if (lz_string(lz_member(object, "name"), name, sizeof name) < 0) return lz_fail("invalid: there is no object");
  lz_string(lz_member(object, "namespace"), namespace, sizeof namespace);

  LZ_TEXT(args, 1024);
  lz_put(&args, "{\"resource\":\"pods\",\"fields\":[\".spec.nodeName\"],\"name\":");
  lz_put_string(&args, name);
  lz_put(&args, ",\"namespace\":");
  lz_put_string(&args, namespace);
  lz_put(&args, "}");
  if (lz_call("kubernetes.get", &args, answer, sizeof answer) < 0) return lz_fail("too-large: the answer does not fit");

  const char *error = lz_member(answer, "error");
  if (error) {
    /* As the SDKs of other languages do: CODE: MESSAGE. */
    LZ_TEXT(why, 1024);
    lz_string(lz_member(error, "code"), reason, sizeof reason);
    lz_put(&why, reason);
    lz_put(&why, ": ");
    lz_string(lz_member(error, "message"), reason, sizeof reason);
    lz_put(&why, reason);
    return lz_fail(why.at);
  }

  LZ_TEXT(view, 2048);
  int32_t runs = lz_string(lz_member(lz_member(answer, "ok"), ".spec.nodeName"), node, sizeof node);
  if (runs > 0) {
    lz_put(&view, "{\"type\":\"text\",\"spans\":[{\"text\":\"Runs on \"},{\"style\":\"strong\",\"text\":");
    lz_put_string(&view, node);
    lz_put(&view, "}]}");
  } else {
    lz_put(&view, "{\"type\":\"empty\",\"message\":\"It has no node yet\"}");
  }
  return lz_answer(&view);
}
