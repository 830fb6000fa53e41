#include "check.h"
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define COUNT 300

static char seen[COUNT];

// Copies the entry at a place of a buffer that fd_readdir filled, and its name; returns the place behind it.
static __wasi_size_t entry_at(const uint8_t *buffer, __wasi_size_t at, __wasi_dirent_t *entry, char name[256]) {
    memcpy(entry, buffer + at, sizeof *entry);
    CHECK(entry->d_namlen < 256);
    memcpy(name, buffer + at + sizeof *entry, entry->d_namlen);
    name[entry->d_namlen] = 0;
    return at + sizeof *entry + entry->d_namlen;
}

static int is_dot(const char *name) {
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

// How often a directory has an entry of a name, read from its beginning; a directory that is gone has none.
static int count_names(int fd, const char *wanted) {
    uint8_t buffer[512];
    __wasi_size_t used, at = 0;
    __wasi_errno_t answer = __wasi_fd_readdir(fd, buffer, sizeof buffer, 0, &used);
    if (answer == __WASI_ERRNO_NOENT)
        return 0;
    CHECK(answer == __WASI_ERRNO_SUCCESS && used < sizeof buffer);
    int count = 0;
    while (at < used) {
        __wasi_dirent_t entry;
        char name[256];
        at = entry_at(buffer, at, &entry, name);
        CHECK(is_dot(name) || strcmp(name, wanted) == 0);
        count += !is_dot(name);
    }
    return count;
}

static void remove_entry(int fd, const char *name) {
    CHECK(unlinkat(fd, name, atoi(name + 6) % 3 == 1 ? AT_REMOVEDIR : 0) == 0);
}

// Reads a directory through buffers of one size, as the C library does; counts entries, dots included.
static int count_with(int fd, __wasi_size_t size, int *dots) {
    static uint8_t buffer[70000];
    __wasi_dircookie_t cookie = 0;
    int count = 0;
    *dots = 0;
    memset(seen, 0, sizeof seen);
    while (1) {
        __wasi_size_t used, at = 0;
        GIVES(__wasi_fd_readdir(fd, buffer, size, cookie, &used), SUCCESS);
        CHECK(used <= size);
        while (at + sizeof(__wasi_dirent_t) <= used) {
            __wasi_dirent_t entry;
            memcpy(&entry, buffer + at, sizeof entry);
            if (at + sizeof entry + entry.d_namlen > used)
                break;
            char name[256] = {0};
            memcpy(name, buffer + at + sizeof entry, entry.d_namlen);
            at += sizeof entry + entry.d_namlen;
            cookie = entry.d_next;
            count++;
            if (is_dot(name)) {
                CHECK(entry.d_type == __WASI_FILETYPE_DIRECTORY && entry.d_ino != 0);
                ++*dots;
                continue;
            }
            int number = atoi(name + 6);
            CHECK(strncmp(name, "entry-", 6) == 0 && number < COUNT && !seen[number]);
            CHECK(entry.d_type == (number % 3 == 0 ? __WASI_FILETYPE_REGULAR_FILE : number % 3 == 1 ? __WASI_FILETYPE_DIRECTORY : __WASI_FILETYPE_SYMBOLIC_LINK));
            struct stat info;
            CHECK(fstatat(fd, name, &info, AT_SYMLINK_NOFOLLOW) == 0 && info.st_ino == entry.d_ino);
            seen[number] = 1;
        }
        if (used < size)
            return count;
    }
}

static void empty(void) {
    CHECK(mkdir("/data/empty", 0700) == 0);
    int fd = open("/data/empty", O_RDONLY | O_DIRECTORY), dots;
    CHECK(count_with(fd, 256, &dots) == 2 && dots == 2);
    __wasi_size_t used = 9;
    uint8_t byte;
    GIVES(__wasi_fd_readdir(fd, &byte, 0, 0, &used), SUCCESS);
    CHECK(used == 0);
    GIVES(__wasi_fd_readdir(fd, &byte, 1, 0, &used), SUCCESS);
    CHECK(used == 1);
    // Removed while it is open: what was in it is not read again, itself and its parent at most.
    put_file("/data/empty/was", "");
    CHECK(count_names(fd, "was") == 1);
    CHECK(unlink("/data/empty/was") == 0 && rmdir("/data/empty") == 0);
    CHECK(count_names(fd, "was") == 0);
    FAILS(mkdirat(fd, "x", 0700), ENOENT);
    CHECK(close(fd) == 0);
}

static void many(void) {
    char path[64];
    CHECK(mkdir("/data/many", 0700) == 0);
    for (int i = 0; i < COUNT; i++) {
        snprintf(path, sizeof path, "/data/many/entry-%03d", i);
        if (i % 3 == 0)
            put_file(path, "");
        else
            CHECK(i % 3 == 1 ? mkdir(path, 0700) == 0 : symlink("x", path) == 0);
    }
    struct stat info;
    CHECK(stat("/data/many", &info) == 0);
    int fd = open("/data/many", O_RDONLY | O_DIRECTORY), dots;
    // Just one entry at a time, not quite one, odd sizes, all at once.
    __wasi_size_t sizes[] = {33, 34, 57, 64, 100, 4096, 70000};
    for (unsigned i = 0; i < sizeof sizes / sizeof *sizes; i++)
        CHECK(count_with(fd, sizes[i], &dots) == COUNT + 2 && dots == 2);

    // A cookie of before still counts after entries in front of it went: what follows is neither skipped nor read twice.
    static uint8_t buffer[4096];
    __wasi_size_t used, at = 0;
    __wasi_dirent_t entry_read;
    char names[8][256], next[256];
    GIVES(__wasi_fd_readdir(fd, buffer, sizeof buffer, 0, &used), SUCCESS);
    for (int i = 0; i < 8; i++)
        at = entry_at(buffer, at, &entry_read, names[i]);
    __wasi_dircookie_t behind = entry_read.d_next;
    entry_at(buffer, at, &entry_read, next);
    int gone = 0;
    for (int i = 0; i < 8; i++) {
        if (is_dot(names[i]))
            continue;
        remove_entry(fd, names[i]);
        gone++;
    }
    CHECK(gone >= 6);
    GIVES(__wasi_fd_readdir(fd, buffer, sizeof buffer, behind, &used), SUCCESS);
    entry_at(buffer, 0, &entry_read, names[0]);
    CHECK(strcmp(names[0], next) == 0);

    // The C library: rewinding, telling and seeking; entries are removed while they are read.
    DIR *directory = opendir("/data/many");
    CHECK(directory != NULL && readdir(directory) != NULL);
    long place = telldir(directory);
    struct dirent *entry = readdir(directory);
    char name[256];
    strcpy(name, entry->d_name);
    CHECK(readdir(directory) != NULL);
    seekdir(directory, place);
    CHECK(strcmp(readdir(directory)->d_name, name) == 0);
    rewinddir(directory);
    int removed = 0;
    while ((entry = readdir(directory)) != NULL) {
        if (entry->d_name[0] == '.')
            continue;
        remove_entry(fd, entry->d_name);
        removed++;
    }
    CHECK(removed == COUNT - gone && closedir(directory) == 0 && close(fd) == 0 && rmdir("/data/many") == 0);
}

static void wrong(void) {
    uint8_t buffer[64];
    __wasi_size_t used;
    int file = open("/data/seed/one.txt", O_RDONLY);
    GIVES(__wasi_fd_readdir(file, buffer, sizeof buffer, 0, &used), NOTDIR);
    int fd = open("/data/seed", O_RDONLY | O_DIRECTORY);
    GIVES(__wasi_fd_readdir(fd, buffer, 0x7fffffff, 0, &used), INVAL);
    // A cookie that was never given: some entries, none, or an error, and nothing worse.
    __wasi_errno_t strange = __wasi_fd_readdir(fd, buffer, sizeof buffer, 0xffffffffffffffff, &used);
    CHECK(strange == __WASI_ERRNO_SUCCESS || strange == __WASI_ERRNO_INVAL);
    CHECK(close(file) == 0 && close(fd) == 0);
}

int main(void) {
    empty();
    many();
    wrong();
    return passed();
}
