// What every test program needs. A failed check prints its line and what came instead, and ends the program with 1.
// The tree under test is at /data (descriptor 3), the same one to read only at /ro (descriptor 4). Both begin with
// seed/one.txt ("one\n"), seed/two.txt ("two\n") and seed/sub/three.txt ("three\n").
#ifndef CHECK_H
#define CHECK_H

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wasi/api.h>

#define DATA 3
#define RO 4
#define FOLLOW __WASI_LOOKUPFLAGS_SYMLINK_FOLLOW
#define ALL_FILE_RIGHTS ((__wasi_rights_t)0x86001ff | __WASI_RIGHTS_FD_FILESTAT_GET | __WASI_RIGHTS_FD_FILESTAT_SET_SIZE | __WASI_RIGHTS_FD_FILESTAT_SET_TIMES)
#define ALL_DIRECTORY_RIGHTS ((__wasi_rights_t)0x7bffe19)
#define ALL_RIGHTS (ALL_FILE_RIGHTS | ALL_DIRECTORY_RIGHTS)

// An address that no test program's memory has.
#define NOWHERE ((void *)0xfffffff0u)

// What must hold.
#define CHECK(condition) \
    do { if (!(condition)) { printf("line %d: %s (errno %d: %s)\n", __LINE__, #condition, errno, strerror(errno)); fflush(stdout); _Exit(1); } } while (0)

// A call of the C library that must fail with one error.
#define FAILS(call, error) \
    do { errno = 0; if ((call) != -1 || errno != (error)) { printf("line %d: %s: expected %s, got %s\n", __LINE__, #call, strerror(error), strerror(errno)); fflush(stdout); _Exit(1); } } while (0)

// A WASI call that must return one error, or success.
#define GIVES(call, name) \
    do { __wasi_errno_t got_ = (call); if (got_ != __WASI_ERRNO_##name) { printf("line %d: %s: expected %s, got %d\n", __LINE__, #call, #name, (int)got_); fflush(stdout); _Exit(1); } } while (0)

// The functions as they are, with the length of each path, for what the C library would not pass on.
#define IMPORT(name) __attribute__((import_module("wasi_snapshot_preview1"), import_name(#name)))
IMPORT(proc_raise) int32_t raw_proc_raise(int32_t);
IMPORT(path_open) int32_t raw_path_open(int32_t, int32_t, const void *, int32_t, int32_t, int64_t, int64_t, int32_t, void *);
IMPORT(path_create_directory) int32_t raw_path_create_directory(int32_t, const void *, int32_t);
IMPORT(path_remove_directory) int32_t raw_path_remove_directory(int32_t, const void *, int32_t);
IMPORT(path_unlink_file) int32_t raw_path_unlink_file(int32_t, const void *, int32_t);
IMPORT(path_rename) int32_t raw_path_rename(int32_t, const void *, int32_t, int32_t, const void *, int32_t);
IMPORT(path_filestat_get) int32_t raw_path_filestat_get(int32_t, int32_t, const void *, int32_t, void *);
IMPORT(path_filestat_set_times) int32_t raw_path_filestat_set_times(int32_t, int32_t, const void *, int32_t, int64_t, int64_t, int32_t);
IMPORT(path_link) int32_t raw_path_link(int32_t, int32_t, const void *, int32_t, int32_t, const void *, int32_t);
IMPORT(path_symlink) int32_t raw_path_symlink(const void *, int32_t, int32_t, const void *, int32_t);
IMPORT(path_readlink) int32_t raw_path_readlink(int32_t, const void *, int32_t, void *, int32_t, void *);

// Opens a path below a descriptor; -1 and the error in errno when that fails.
static __attribute__((unused)) int open_at(int fd, int lookup, const char *path, int oflags, __wasi_rights_t rights, int fdflags) {
    __wasi_fd_t opened;
    errno = __wasi_path_open(fd, lookup, path, oflags, rights, ALL_RIGHTS, fdflags, &opened);
    return errno == 0 ? opened : -1;
}

static __attribute__((unused)) void put_file(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    CHECK(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
}

// Whether a file holds a text, no more and no less.
static __attribute__((unused)) int holds(const char *path, const char *text) {
    char content[4096];
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return 0;
    size_t length = fread(content, 1, sizeof content, file);
    return fclose(file) == 0 && length == strlen(text) && memcmp(content, text, length) == 0;
}

static __attribute__((unused)) int passed(void) {
    printf("ok\n");
    return 0;
}

#endif
