#include "check.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static int opens(const char *path, int oflags, __wasi_rights_t rights) {
    int fd = open_at(DATA, FOLLOW, path, oflags, rights, 0);
    if (fd < 0)
        return errno;
    CHECK(close(fd) == 0);
    return 0;
}

// Dots, slashes and the way out.
static void walking(void) {
    CHECK(opens("seed/./sub//three.txt", 0, 0) == 0);
    CHECK(opens("seed/sub/../../seed/one.txt", 0, 0) == 0);
    CHECK(opens(".", 0, 0) == 0 && opens("./", 0, 0) == 0 && opens("seed/..", 0, 0) == 0 && opens("seed/sub/", 0, 0) == 0);
    CHECK(opens("..", 0, 0) == ENOTCAPABLE);
    CHECK(opens("seed/../..", 0, 0) == ENOTCAPABLE);
    CHECK(opens("seed/../../data/seed/one.txt", 0, 0) == ENOTCAPABLE);
    CHECK(opens("/seed/one.txt", 0, 0) == ENOTCAPABLE && opens("/", 0, 0) == ENOTCAPABLE);
    CHECK(opens("seed/one.txt/..", 0, 0) == ENOTDIR && opens("seed/one.txt/.", 0, 0) == ENOTDIR);
    CHECK(opens("seed/one.txt/", 0, 0) == ENOTDIR && opens("seed/one.txt///", 0, 0) == ENOTDIR);
    CHECK(opens("seed/one.txt/more", 0, 0) == ENOTDIR && opens("none/..", 0, 0) == ENOENT && opens("none/one", 0, 0) == ENOENT);
    CHECK(opens("", 0, 0) == ENOENT);

    // Not above the directory that a descriptor stands for, either.
    int sub = open("/data/seed/sub", O_RDONLY | O_DIRECTORY);
    CHECK(open_at(sub, 0, "../one.txt", 0, 0, 0) == -1 && errno == ENOTCAPABLE);
    CHECK(open_at(sub, 0, "three.txt", 0, 0, 0) >= 0);
    int file = open("/data/seed/one.txt", O_RDONLY);
    CHECK(open_at(file, 0, "x", 0, 0, 0) == -1 && errno == ENOTDIR);
    CHECK(open_at(file, 0, ".", 0, 0, 0) == -1 && errno == ENOTDIR);
    CHECK(open_at(99, 0, "x", 0, 0, 0) == -1 && errno == EBADF);
    CHECK(open_at(1, 0, "x", 0, 0, 0) == -1 && errno == ENOTDIR);
    CHECK(close(sub) == 0 && close(file) == 0);
}

static void names(void) {
    __wasi_fd_t fd;
    char name[300];
    memset(name, 'n', sizeof name);
    name[256] = 0;
    CHECK(opens(name, __WASI_OFLAGS_CREAT, 0) == ENAMETOOLONG);
    name[255] = 0;
    CHECK(opens(name, __WASI_OFLAGS_CREAT, 0) == 0);
    CHECK(opens("\xc3\xa4\xe2\x82\xac\xf0\x9f\x90\x8b", __WASI_OFLAGS_CREAT, 0) == 0);
    CHECK(raw_path_open(DATA, 0, "bad\xff", 4, __WASI_OFLAGS_CREAT, 0, 0, 0, &fd) == __WASI_ERRNO_ILSEQ);
    CHECK(raw_path_open(DATA, 0, "\xc3", 1, __WASI_OFLAGS_CREAT, 0, 0, 0, &fd) == __WASI_ERRNO_ILSEQ);
    CHECK(raw_path_open(DATA, 0, "seed\0x", 6, 0, 0, 0, 0, &fd) == __WASI_ERRNO_ILSEQ);
    CHECK(raw_path_open(DATA, 0, "seed/one.txt\0", 13, 0, 0, 0, 0, &fd) == __WASI_ERRNO_ILSEQ);
    CHECK(opens("with\\backslash", __WASI_OFLAGS_CREAT, 0) == 0);

    static char path[5001];
    for (int i = 0; i < 5000; i++)
        path[i] = i % 2 ? '/' : '.';
    CHECK(opens(path, 0, 0) == ENAMETOOLONG);
    path[4096] = 0;
    CHECK(opens(path, 0, 0) == 0);

    // A very deep tree: each level can be made, not every depth can be walked at once.
    int here = open("/data", O_RDONLY | O_DIRECTORY);
    for (int i = 0; i < 600; i++) {
        CHECK(mkdirat(here, "d", 0700) == 0);
        int next = open_at(here, 0, "d", __WASI_OFLAGS_DIRECTORY, ALL_DIRECTORY_RIGHTS, 0);
        CHECK(next >= 0 && close(here) == 0);
        here = next;
    }
    CHECK(close(here) == 0);
    for (int i = 0; i < 1200; i++)
        path[i] = i % 2 ? '/' : 'd';
    path[1200] = 0;
    CHECK(opens(path, 0, 0) == ENAMETOOLONG);
    path[800] = 0;
    CHECK(opens(path, 0, 0) == 0);
}

static void flags(void) {
    int create = __WASI_OFLAGS_CREAT, exclusive = __WASI_OFLAGS_EXCL, directory = __WASI_OFLAGS_DIRECTORY, truncate = __WASI_OFLAGS_TRUNC;
    __wasi_rights_t reading = __WASI_RIGHTS_FD_READ, writing = __WASI_RIGHTS_FD_WRITE;
    CHECK(opens("new", 0, reading) == ENOENT && opens("new/", create, reading) == EISDIR && opens("new", exclusive, reading) == ENOENT);
    CHECK(opens("new", create | exclusive | truncate, writing) == 0 && opens("new", create | exclusive, 0) == EEXIST);
    CHECK(opens("seed", create | exclusive, 0) == EEXIST && opens("seed", create, 0) == EISDIR && opens("none/new", create, 0) == ENOENT);
    CHECK(opens("seed", directory, reading) == 0 && opens("seed", directory, reading | writing) == EISDIR && opens("seed", 0, writing) == EISDIR);
    CHECK(opens("seed", truncate, 0) == EISDIR && opens("seed/one.txt", directory, 0) == ENOTDIR && opens("none", directory, 0) == ENOENT);
    CHECK(opens("other", create | directory, 0) == EINVAL && opens("seed", 16, 0) == EINVAL);
    CHECK(open_at(DATA, 2, "seed", 0, 0, 0) == -1 && errno == EINVAL);
    CHECK(open_at(DATA, 0, "seed/one.txt", 0, 0, 32) == -1 && errno == EINVAL);

    put_file("/data/new", "something");
    CHECK(opens("new", create, writing) == 0 && holds("/data/new", "something"));
    CHECK(opens("new", truncate, 0) == 0 && holds("/data/new", ""));
    put_file("/data/new", "something");
    CHECK(opens("new", create | truncate, writing) == 0 && holds("/data/new", ""));

    struct stat info;
    CHECK(stat("/data/new", &info) == 0 && S_ISREG(info.st_mode) && info.st_size == 0 && info.st_nlink == 1);
    CHECK(unlink("/data/new") == 0 && stat("/data/new", &info) != 0 && errno == ENOENT);
}

static void making_and_removing(void) {
    struct stat info;
    CHECK(mkdir("/data/dir", 0700) == 0 && mkdir("/data/dir/inner/", 0700) == 0);
    CHECK(stat("/data/dir", &info) == 0 && S_ISDIR(info.st_mode));
    FAILS(mkdir("/data/dir", 0700), EEXIST);
    FAILS(mkdir("/data/seed/one.txt", 0700), EEXIST);
    FAILS(mkdir("/data/seed/one.txt/", 0700), EEXIST);
    GIVES(__wasi_path_create_directory(DATA, "."), EXIST);
    GIVES(__wasi_path_create_directory(DATA, "seed/.."), EXIST);
    GIVES(__wasi_path_create_directory(DATA, "../x"), NOTCAPABLE);
    FAILS(mkdir("/data/none/dir", 0700), ENOENT);
    FAILS(mkdir("/data/seed/one.txt/dir", 0700), ENOTDIR);

    GIVES(__wasi_path_remove_directory(DATA, "dir"), NOTEMPTY);
    GIVES(__wasi_path_remove_directory(DATA, "seed/one.txt"), NOTDIR);
    GIVES(__wasi_path_remove_directory(DATA, "seed/one.txt/"), NOTDIR);
    GIVES(__wasi_path_remove_directory(DATA, "none"), NOENT);
    GIVES(__wasi_path_remove_directory(DATA, "none/"), NOENT);
    GIVES(__wasi_path_remove_directory(DATA, "."), INVAL);
    GIVES(__wasi_path_remove_directory(DATA, "dir/inner/."), INVAL);
    GIVES(__wasi_path_remove_directory(DATA, "dir/inner/.."), NOTEMPTY);
    GIVES(__wasi_path_remove_directory(DATA, ".."), NOTCAPABLE);
    GIVES(__wasi_path_remove_directory(DATA, "dir/inner/"), SUCCESS);
    GIVES(__wasi_path_remove_directory(DATA, "dir"), SUCCESS);

    GIVES(__wasi_path_unlink_file(DATA, "seed"), ISDIR);
    GIVES(__wasi_path_unlink_file(DATA, "seed/"), ISDIR);
    GIVES(__wasi_path_unlink_file(DATA, "."), ISDIR);
    GIVES(__wasi_path_unlink_file(DATA, "seed/sub/.."), ISDIR);
    GIVES(__wasi_path_unlink_file(DATA, "seed/one.txt/"), NOTDIR);
    GIVES(__wasi_path_unlink_file(DATA, "none"), NOENT);
    GIVES(__wasi_path_unlink_file(DATA, "none/"), NOENT);
    GIVES(__wasi_path_unlink_file(DATA, "seed/one.txt"), SUCCESS);
    GIVES(__wasi_path_unlink_file(DATA, "seed/one.txt"), NOENT);

    __wasi_filestat_t file;
    GIVES(__wasi_path_filestat_get(DATA, 0, ".", &file), SUCCESS);
    CHECK(file.filetype == __WASI_FILETYPE_DIRECTORY);
    GIVES(__wasi_path_filestat_get(DATA, 0, "none", &file), NOENT);
    GIVES(__wasi_path_filestat_get(DATA, 2, "seed", &file), INVAL);
}

static void reading_only(void) {
    char text[8];
    struct stat info;
    int file = open("/ro/seed/two.txt", O_RDONLY);
    CHECK(file >= 0 && read(file, text, 8) == 4 && fstat(file, &info) == 0 && info.st_size == 4);
    GIVES(__wasi_fd_filestat_set_times(file, 0, 0, __WASI_FSTFLAGS_ATIM_NOW), ROFS);
    CHECK(close(file) == 0);
    FAILS(open("/ro/seed/two.txt", O_RDWR), EROFS);
    FAILS(open("/ro/seed/two.txt", O_RDONLY | O_TRUNC), EROFS);
    FAILS(open("/ro/new", O_RDWR | O_CREAT, 0600), EROFS);
    FAILS(open("/ro/seed/two.txt", O_RDWR | O_CREAT | O_EXCL, 0600), EEXIST);
    file = open("/ro/seed/two.txt", O_RDONLY | O_CREAT, 0600);
    CHECK(file >= 0 && close(file) == 0);
    FAILS(mkdir("/ro/new", 0700), EROFS);
    FAILS(mkdir("/ro/seed", 0700), EEXIST);
    FAILS(rmdir("/ro/seed/sub"), EROFS);
    FAILS(unlink("/ro/seed/two.txt"), EROFS);
    FAILS(rename("/ro/seed", "/ro/other"), EROFS);
    FAILS(link("/ro/seed/two.txt", "/ro/other"), EROFS);
    FAILS(symlink("two.txt", "/ro/seed/link"), EROFS);
    GIVES(__wasi_path_filestat_set_times(RO, 0, "seed", 0, 0, __WASI_FSTFLAGS_ATIM_NOW), ROFS);
    GIVES(__wasi_fd_filestat_set_times(RO, 0, 0, __WASI_FSTFLAGS_ATIM_NOW), ROFS);

    // Every right that a file may have, but not that to write: it opens, and nothing can be changed.
    file = open_at(RO, 0, "seed/two.txt", 0, ALL_FILE_RIGHTS & ~__WASI_RIGHTS_FD_WRITE, 0);
    CHECK(file >= 0);
    GIVES(__wasi_fd_filestat_set_size(file, 0), ROFS);
    GIVES(__wasi_fd_allocate(file, 0, 100), ROFS);
    CHECK(close(file) == 0 && holds("/ro/seed/two.txt", "two\n"));
}

int main(void) {
    walking();
    flags();
    reading_only();
    names();
    making_and_removing();
    return passed();
}
