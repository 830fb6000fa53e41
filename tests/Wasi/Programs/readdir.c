#include "check.h"
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define COUNT 300

static char seen[COUNT];

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
            if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) {
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
    // Removed while it is open: there is nothing left but itself at most.
    CHECK(rmdir("/data/empty") == 0);
    int left = 0;
    CHECK(__wasi_fd_readdir(fd, &byte, 1, 0, &used) == __WASI_ERRNO_SUCCESS || left == 0);
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

    // A cookie of before still counts after entries in front of it went.
    static uint8_t buffer[4096];
    __wasi_size_t used;
    __wasi_dirent_t third;
    __wasi_size_t at = 0;
    GIVES(__wasi_fd_readdir(fd, buffer, sizeof buffer, 0, &used), SUCCESS);
    char first_names[3][256];
    for (int i = 0; i < 3; i++) {
        memcpy(&third, buffer + at, sizeof third);
        memset(first_names[i], 0, 256);
        memcpy(first_names[i], buffer + at + sizeof third, third.d_namlen);
        at += sizeof third + third.d_namlen;
    }
    GIVES(__wasi_fd_readdir(fd, buffer, sizeof buffer, third.d_next, &used), SUCCESS);
    __wasi_dirent_t fourth;
    memcpy(&fourth, buffer, sizeof fourth);
    CHECK(strncmp((char *)buffer + sizeof fourth, first_names[2], fourth.d_namlen) != 0);

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
        CHECK(unlinkat(fd, entry->d_name, atoi(entry->d_name + 6) % 3 == 1 ? AT_REMOVEDIR : 0) == 0);
        removed++;
    }
    CHECK(removed == COUNT && closedir(directory) == 0 && close(fd) == 0 && rmdir("/data/many") == 0);
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
