/*
 * LazyOC plugins in C: messages, host calls and JSON, in one header without a C library.
 *
 *   clang --target=wasm32 -O2 -nostdlib -ffreestanding -fno-builtin -Wl,--no-entry -o plugin.wasm plugin.c
 *
 * A message arrives at the function that is exported under its name (LZ_MESSAGE(render)). It reads the message with lz_input, may
 * make host calls with lz_call, and ends with lz_answer or lz_fail. One message is handled at a time. Texts are UTF-8; what does
 * not fit into the memory that it is given is never cut in silence: functions say so with -1, and a text that is full stays full.
 */
#ifndef LAZYOC_H
#define LAZYOC_H

#include <stdint.h>

#define LZ_GESTURE_BYTES 256

/* How large a call may be; define it before this header for larger ones. */
#ifndef LZ_REQUEST_BYTES
#define LZ_REQUEST_BYTES (64 << 10)
#endif

#define LZ_MESSAGE(name) __attribute__((export_name(#name))) int32_t lz_on_##name(void)
#define LZ_IMPORT(module, name) __attribute__((import_module(module), import_name(name)))

/* The guest ABI of Extism, and the one call that LazyOC adds. */
LZ_IMPORT("extism:host/env", "alloc") uint64_t lz_host_alloc(uint64_t length);
LZ_IMPORT("extism:host/env", "free") void lz_host_free(uint64_t at);
LZ_IMPORT("extism:host/env", "length") uint64_t lz_host_length(uint64_t at);
LZ_IMPORT("extism:host/env", "load_u8") int32_t lz_host_load(uint64_t at);
LZ_IMPORT("extism:host/env", "load_u64") uint64_t lz_host_load_word(uint64_t at);
LZ_IMPORT("extism:host/env", "store_u8") void lz_host_store(uint64_t at, int32_t byte);
LZ_IMPORT("extism:host/env", "store_u64") void lz_host_store_word(uint64_t at, uint64_t word);
LZ_IMPORT("extism:host/env", "input_length") uint64_t lz_host_input_length(void);
LZ_IMPORT("extism:host/env", "input_load_u8") int32_t lz_host_input_load(uint64_t at);
LZ_IMPORT("extism:host/env", "input_load_u64") uint64_t lz_host_input_load_word(uint64_t at);
LZ_IMPORT("extism:host/env", "output_set") void lz_host_output(uint64_t at, uint64_t length);
LZ_IMPORT("extism:host/env", "error_set") void lz_host_error(uint64_t at);
LZ_IMPORT("extism:host/env", "log_info") void lz_host_log(uint64_t at);
LZ_IMPORT("extism:host/user", "host_call") uint64_t lz_host_call(uint64_t at);

/* What compilers call for copies of structs and for memory to be cleared. */
__attribute__((weak)) void *memcpy(void *into, const void *from, __SIZE_TYPE__ length) {
  for (__SIZE_TYPE__ i = 0; i < length; i++) ((char *)into)[i] = ((const char *)from)[i];
  return into;
}

__attribute__((weak)) void *memset(void *into, int byte, __SIZE_TYPE__ length) {
  for (__SIZE_TYPE__ i = 0; i < length; i++) ((char *)into)[i] = (char)byte;
  return into;
}

/* A text that grows in memory of the caller's: LZ_TEXT(view, 4096) declares one. */
typedef struct {
  char *at;
  uint32_t length;
  uint32_t room;
  int full;
} lz_text;

#define LZ_TEXT(name, bytes) \
  static char name##_memory[bytes]; \
  lz_text name = {name##_memory, 0, sizeof name##_memory, 0}

static inline uint32_t lz_length(const char *text) {
  uint32_t length = 0;
  while (text[length]) length++;
  return length;
}

static inline void lz_put_byte(lz_text *text, char byte) {
  if (text->length + 1 >= text->room) {
    text->full = 1;
    return;
  }
  text->at[text->length++] = byte;
  text->at[text->length] = 0;
}

/* Adds a text as it is, JSON that the plugin writes; the same text, to go on with. */
static inline lz_text *lz_put(lz_text *text, const char *more) {
  for (; *more; more++) lz_put_byte(text, *more);
  return text;
}

/* Adds a text as a string of JSON, quoted and escaped. */
static inline void lz_put_string(lz_text *text, const char *value) {
  static const char digits[] = "0123456789abcdef";
  lz_put_byte(text, '"');
  for (; *value; value++) {
    unsigned char byte = (unsigned char)*value;
    if (byte == '"' || byte == '\\') {
      lz_put_byte(text, '\\');
      lz_put_byte(text, (char)byte);
    } else if (byte < 0x20) {
      lz_put(text, "\\u00");
      lz_put_byte(text, digits[byte >> 4]);
      lz_put_byte(text, digits[byte & 15]);
    } else {
      lz_put_byte(text, (char)byte);
    }
  }
  lz_put_byte(text, '"');
}

static inline void lz_put_number(lz_text *text, int64_t value) {
  char digits[20];
  int count = 0;
  uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
  if (value < 0) lz_put_byte(text, '-');
  do digits[count++] = (char)('0' + rest % 10);
  while ((rest /= 10) > 0);
  while (count > 0) lz_put_byte(text, digits[--count]);
}

/* Hands a text to the host; free it with lz_host_free. */
static inline uint64_t lz_hand_over(const char *text, uint32_t length) {
  uint64_t at = lz_host_alloc(length), word;
  uint32_t i = 0;
  for (; i + sizeof word <= length; i += sizeof word) {
    __builtin_memcpy(&word, text + i, sizeof word);
    lz_host_store_word(at + i, word);
  }
  for (; i < length; i++) lz_host_store(at + i, (unsigned char)text[i]);
  return at;
}

/* Answers the message; `return lz_answer(&view);` */
static inline int32_t lz_answer(const lz_text *json) {
  uint64_t at = lz_hand_over(json->at, json->length);
  lz_host_output(at, json->length);
  return 0;
}

/* Fails the message; `return lz_fail("no such pod");` */
static inline int32_t lz_fail(const char *reason) {
  lz_host_error(lz_hand_over(reason, lz_length(reason)));
  return 1;
}

static inline void lz_log(const char *line) {
  uint64_t at = lz_hand_over(line, lz_length(line));
  lz_host_log(at);
  lz_host_free(at);
}

/* The end of the JSON value that begins at `json`. */
static inline const char *lz_after(const char *json) {
  int depth = 0;
  for (; *json; json++) {
    if (*json == '"') {
      for (json++; *json && *json != '"'; json++)
        if (*json == '\\' && json[1]) json++;
      if (!*json) return json;
      if (depth == 0) return json + 1;
    } else if (*json == '{' || *json == '[') {
      depth++;
    } else if (*json == '}' || *json == ']') {
      if (depth == 0) return json;
      if (--depth == 0) return json + 1;
    } else if (depth == 0 && *json == ',') {
      return json;
    }
  }
  return json;
}

static inline const char *lz_skip(const char *json) {
  while (*json == ' ' || *json == '\n' || *json == '\t' || *json == '\r') json++;
  return json;
}

/* The value of a member of an object, as it stands in the JSON; 0 when there is none. Names with escapes are not found. */
static inline const char *lz_member(const char *json, const char *name) {
  uint32_t length = lz_length(name);
  if (!json || *(json = lz_skip(json)) != '{') return 0;
  for (json = lz_skip(json + 1); *json == '"'; json = lz_skip(json + 1)) {
    const char *key = json + 1, *end = lz_after(json);
    uint32_t same = 0;
    while (same < length && key[same] == name[same]) same++;
    json = lz_skip(end);
    if (*json != ':') return 0;
    json = lz_skip(json + 1);
    if (same == length && key + length == end - 1) return json;
    json = lz_skip(lz_after(json));
    if (*json != ',') return 0;
  }
  return 0;
}

/* The UTF-16 unit that four hexadecimal digits stand for, or -1. */
static inline int32_t lz_unit(const char *digits) {
  int32_t unit = 0;
  for (int i = 0; i < 4; i++) {
    char digit = digits[i], letter = (char)(digit | 0x20);
    if (digit >= '0' && digit <= '9') unit = unit * 16 + digit - '0';
    else if (letter >= 'a' && letter <= 'f') unit = unit * 16 + letter - 'a' + 10;
    else return -1;
  }
  return unit;
}

/* Reads one character of a string of JSON, at *json, behind which *json stands then; its UTF-8, of which there are 1 to 4 bytes, or
 * 0 at the string's end. Half a surrogate pair is U+FFFD, and so is an escape that there is not. */
static inline int lz_character(const char **json, char into[4]) {
  const char *at = *json;
  if (*at == 0 || *at == '"') return 0;
  *json = at + 1;
  into[0] = *at;
  if (*at != '\\') return 1;
  *json = at[1] ? at + 2 : at + 1;
  int32_t code = 0xfffd;
  switch (at[1]) {
    case 'n': into[0] = '\n'; return 1;
    case 't': into[0] = '\t'; return 1;
    case 'r': into[0] = '\r'; return 1;
    case 'b': into[0] = '\b'; return 1;
    case 'f': into[0] = '\f'; return 1;
    case '"': case '\\': case '/': into[0] = at[1]; return 1;
    case 'u': {
      int32_t first = lz_unit(at + 2), second;
      if (first < 0) break;
      *json = at + 6;
      if ((first & 0xf800) != 0xd800) code = first;
      else if (first < 0xdc00 && at[6] == '\\' && at[7] == 'u' && ((second = lz_unit(at + 8)) & ~0x3ff) == 0xdc00) {
        code = 0x10000 + ((first & 0x3ff) << 10) + (second & 0x3ff);
        *json = at + 12;
      }
    }
  }
  if (code < 0x80) {
    into[0] = (char)code;
    return 1;
  }
  int length = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  for (int i = length - 1; i > 0; i--, code >>= 6) into[i] = (char)(0x80 | (code & 0x3f));
  into[0] = (char)((0xf00 >> length & 0xf0) | code);
  return length;
}

/* Copies a string value, without its quotes and escapes; its length, or -1 when it is no string or does not fit. */
static inline int32_t lz_string(const char *json, char *into, uint32_t room) {
  uint32_t length = 0;
  char bytes[4];
  if (room > 0) into[0] = 0;
  if (!json || *(json = lz_skip(json)) != '"') return -1;
  json++;
  for (int count; (count = lz_character(&json, bytes)) > 0;) {
    if (length + (uint32_t)count >= room) return -1;
    for (int i = 0; i < count; i++) into[length++] = bytes[i];
    into[length] = 0;
  }
  return *json == '"' ? (int32_t)length : -1;
}

/* The user's gesture that the message being handled carries, or an empty text; it goes with every call. */
static inline char *lz_gesture(void) {
  static char token[LZ_GESTURE_BYTES];
  return token;
}

/* The message, {"type","gesture"?,"payload",…}; its length, or -1 when it does not fit. Call it once, at the beginning of each. */
static inline int32_t lz_input(char *into, uint32_t room) {
  uint64_t length = lz_host_input_length(), i = 0, word;
  lz_gesture()[0] = 0;
  if (length + 1 > room) return -1;
  for (; i + sizeof word <= length; i += sizeof word) {
    word = lz_host_input_load_word(i);
    __builtin_memcpy(into + i, &word, sizeof word);
  }
  for (; i < length; i++) into[i] = (char)lz_host_input_load(i);
  into[length] = 0;
  if (lz_string(lz_member(into, "gesture"), lz_gesture(), LZ_GESTURE_BYTES) < 0) lz_gesture()[0] = 0;
  return (int32_t)length;
}

/* Makes a host call, `lz_call("kubernetes.get", &args, answer, sizeof answer)`; the answer is {"ok":…} or
 * {"error":{"code","message"}}. Its length, or -1 when it, or what is asked, does not fit. */
static inline int32_t lz_call(const char *name, const lz_text *args, char *into, uint32_t room) {
  static char request_memory[LZ_REQUEST_BYTES];
  lz_text request = {request_memory, 0, sizeof request_memory, 0};
  lz_put(&request, "{\"call\":");
  lz_put_string(&request, name);
  lz_put(&request, ",\"args\":");
  lz_put(&request, args->at);
  if (lz_gesture()[0]) lz_put_string(lz_put(&request, ",\"gesture\":"), lz_gesture());
  lz_put(&request, "}");
  if (args->full || request.full) return -1;
  uint64_t asked = lz_hand_over(request.at, request.length);
  uint64_t answer = lz_host_call(asked);
  uint64_t length = lz_host_length(answer);
  int32_t read = length + 1 > room ? -1 : (int32_t)length, i = 0;
  for (uint64_t word; i + (int32_t)sizeof word <= read; i += (int32_t)sizeof word) {
    word = lz_host_load_word(answer + (uint64_t)i);
    __builtin_memcpy(into + i, &word, sizeof word);
  }
  for (; i < read; i++) into[i] = (char)lz_host_load(answer + (uint64_t)i);
  if (read >= 0) into[read] = 0;
  lz_host_free(asked);
  lz_host_free(answer);
  return read;
}

#endif
