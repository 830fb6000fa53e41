#include "check.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static int exists(const char *path) {
    struct stat info;
    return lstat(path, &info) == 0;
}

static int rename_in(const char *from, const char *to) {
    return __wasi_path_rename(DATA, from, DATA, to);
}

static void files(void) {
    put_file("/data/a", "a");
    put_file("/data/b", "b");
    struct stat before, after;
    CHECK(stat("/data/a", &before) == 0);
    CHECK(rename("/data/a", "/data/new") == 0 && !exists("/data/a") && holds("/data/new", "a"));
    CHECK(stat("/data/new", &after) == 0 && after.st_ino == before.st_ino);
    CHECK(rename("/data/new", "/data/b") == 0 && !exists("/data/new") && holds("/data/b", "a"));
    CHECK(rename("/data/b", "/data/b") == 0 && holds("/data/b", "a"));
    CHECK(rename("/data/b", "/data/seed/sub/moved") == 0 && holds("/data/seed/sub/moved", "a"));
    CHECK(rename("/data/seed/sub/moved", "/data/b") == 0);
    FAILS(rename("/data/none", "/data/b"), ENOENT);
    FAILS(rename("/data/none", "/data/none"), ENOENT);
    FAILS(rename("/data/b", "/data/none/b"), ENOENT);
    FAILS(rename("/data/b", "/ro/b"), EXDEV);
    FAILS(rename("/data/b", "/data/seed"), EISDIR);
    CHECK(mkdir("/data/empty", 0700) == 0);
    FAILS(rename("/data/b", "/data/empty"), EISDIR);
    GIVES(rename_in("b", "empty/"), NOTDIR);
    GIVES(rename_in("b", "new/"), NOTDIR);
    GIVES(rename_in("b/", "new"), NOTDIR);
    GIVES(rename_in("b", "b/"), NOTDIR);
    GIVES(rename_in("b", "../b"), NOTCAPABLE);
    GIVES(rename_in("../b", "b"), NOTCAPABLE);
    GIVES(__wasi_path_rename(99, "b", DATA, "c"), BADF);
    GIVES(__wasi_path_rename(DATA, "b", 99, "c"), BADF);
    GIVES(__wasi_path_rename(DATA, "b", 1, "c"), NOTDIR);

    // One that is open keeps its file, and so does the one that is replaced.
    put_file("/data/c", "c");
    int moved = open("/data/b", O_RDONLY), replaced = open("/data/c", O_RDONLY);
    CHECK(rename("/data/b", "/data/c") == 0);
    char byte;
    CHECK(read(moved, &byte, 1) == 1 && byte == 'a' && read(replaced, &byte, 1) == 1 && byte == 'c');
    CHECK(close(moved) == 0 && close(replaced) == 0 && unlink("/data/c") == 0 && rmdir("/data/empty") == 0);
}

static void directories(void) {
    CHECK(mkdir("/data/source", 0700) == 0 && mkdir("/data/source/inner", 0700) == 0);
    put_file("/data/source/inner/file", "deep");
    GIVES(rename_in("source", "target"), SUCCESS);
    CHECK(!exists("/data/source") && holds("/data/target/inner/file", "deep"));
    GIVES(rename_in("target", "target"), SUCCESS);
    GIVES(rename_in("target", "target/"), SUCCESS);

    // Over an empty one, over one that is not, over a file.
    CHECK(mkdir("/data/source", 0700) == 0);
    GIVES(rename_in("target", "source"), SUCCESS);
    CHECK(holds("/data/source/inner/file", "deep") && mkdir("/data/target", 0700) == 0);
    GIVES(rename_in("target", "source"), NOTEMPTY);
    put_file("/data/file", "");
    GIVES(rename_in("target", "file"), NOTDIR);
    GIVES(rename_in("target", "file/"), NOTDIR);
    GIVES(rename_in("target", "seed"), NOTEMPTY);

    // Into itself.
    GIVES(rename_in("source", "source/inner/deeper"), INVAL);
    GIVES(rename_in("source", "source/x"), INVAL);
    GIVES(rename_in("source/inner", "source"), NOTEMPTY);

    // Trailing slashes mean directories; dots are no names.
    GIVES(rename_in("target/", "t2"), SUCCESS);
    GIVES(rename_in("t2", "target/"), SUCCESS);
    GIVES(rename_in("target/", "t2/"), SUCCESS);
    GIVES(rename_in(".", "x"), INVAL);
    GIVES(rename_in("t2/.", "x"), INVAL);
    GIVES(rename_in("t2", "source/.."), INVAL);
    GIVES(rename_in("source/inner/..", "x"), INVAL);

    // A directory that is open stays itself, and knows its new parent.
    int inner = open("/data/source/inner", O_RDONLY | O_DIRECTORY);
    GIVES(rename_in("source/inner", "t2/moved"), SUCCESS);
    __wasi_fd_t file;
    GIVES(__wasi_path_open(inner, 0, "file", 0, __WASI_RIGHTS_FD_READ, 0, 0, &file), SUCCESS);
    GIVES(__wasi_path_rename(inner, "file", DATA, "rescued"), SUCCESS);
    CHECK(holds("/data/rescued", "deep") && close(inner) == 0 && close(file) == 0);
    GIVES(rename_in("t2", "t2/moved/x"), INVAL);
    GIVES(rename_in("source", "t2/moved/source"), SUCCESS);
    CHECK(rmdir("/data/t2/moved/source") == 0 && rmdir("/data/t2/moved") == 0 && rmdir("/data/t2") == 0);
}

static void links(void) {
    GIVES(__wasi_path_symlink("seed", DATA, "link"), SUCCESS);
    GIVES(rename_in("link", "link2"), SUCCESS);
    struct stat info;
    CHECK(lstat("/data/link2", &info) == 0 && S_ISLNK(info.st_mode) && !exists("/data/link"));
    GIVES(rename_in("link2/", "x"), NOTDIR);
    put_file("/data/plain", "p");
    GIVES(rename_in("plain", "link2"), SUCCESS);
    CHECK(holds("/data/link2", "p") && exists("/data/seed/one.txt"));
    // In the middle of a path a link is walked through.
    GIVES(__wasi_path_symlink("seed/sub", DATA, "way"), SUCCESS);
    GIVES(rename_in("link2", "way/there"), SUCCESS);
    CHECK(holds("/data/seed/sub/there", "p"));
    CHECK(mkdir("/data/dir", 0700) == 0);
    GIVES(rename_in("dir", "way"), NOTDIR);
    GIVES(rename_in("way", "dir"), ISDIR);
}

int main(void) {
    files();
    directories();
    links();
    return passed();
}
