// Opens files with the C library. Each export gives 0, or the errno. Compiled by:
// clang --target=wasm32-wasi --sysroot=/usr -mexec-model=reactor -Os -s files.c -o files.wasm
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define EXPORT(name) __attribute__((export_name(#name))) int name(void)

static int put(const char *path, const char *text) {
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
  if (fd < 0) return errno;
  int failed = write(fd, text, strlen(text)) < 0 ? errno : 0;
  close(fd);
  return failed;
}

static int get(const char *path, const char *expected) {
  char text[64] = {0};
  int fd = open(path, O_RDONLY);
  if (fd < 0) return errno;
  int failed = read(fd, text, sizeof text - 1) < 0 ? errno : strcmp(text, expected) ? EINVAL : 0;
  close(fd);
  return failed;
}

EXPORT(put_tmp) { return put("/tmp/x", "from c"); }
EXPORT(get_tmp) { return get("/tmp/y", "from the host call"); }
EXPORT(put_mount) { return put("/mnt/reports/x", "from c"); }
EXPORT(put_package) { return put("/plugin/data/table.csv", "from c"); }
EXPORT(get_package) { return get("/plugin/data/table.csv", "a,b\n"); }
EXPORT(get_through_link) { return get("/mnt/reports/out/secret", "secret"); }
EXPORT(get_above) { return get("/mnt/reports/../outside/secret", "secret"); }
EXPORT(get_absolute) { return get("/etc/passwd", ""); }
EXPORT(make_link) { return symlink("../outside", "/mnt/reports/made") < 0 ? errno : 0; }
EXPORT(remove_mount) { return unlink("/mnt/reports/x") < 0 ? errno : 0; }

EXPORT(fill_tmp) {
  static char block[4096];
  int fd = open("/tmp/full", O_WRONLY | O_CREAT, 0666);
  if (fd < 0) return errno;
  while (write(fd, block, sizeof block) > 0) {
  }
  int failed = errno;
  close(fd);
  return failed;
}

EXPORT(open_many) {
  for (int i = 0; i < 10000; i++)
    if (open("/tmp", O_RDONLY) < 0) return errno;
  return 0;
}
