#include "check.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static __wasi_filestat_t stat_of(int lookup, const char *path) {
    __wasi_filestat_t stat;
    GIVES(__wasi_path_filestat_get(DATA, lookup, path, &stat), SUCCESS);
    return stat;
}

static int opens(int lookup, const char *path, int oflags) {
    int fd = open_at(DATA, lookup, path, oflags, 0, 0);
    if (fd < 0)
        return errno;
    CHECK(close(fd) == 0);
    return 0;
}

static void symbolic(void) {
    char text[64] = {0};
    CHECK(symlink("seed/one.txt", "/data/to-file") == 0 && symlink("seed", "/data/to-dir") == 0);
    CHECK(symlink("../two.txt", "/data/seed/sub/up") == 0);
    CHECK(holds("/data/to-file", "one\n") && holds("/data/to-dir/two.txt", "two\n"));
    CHECK(holds("/data/to-dir/sub/up", "two\n") && holds("/data/seed/sub/up", "two\n"));

    CHECK(stat_of(0, "to-file").filetype == __WASI_FILETYPE_SYMBOLIC_LINK && stat_of(0, "to-file").size == 12);
    CHECK(stat_of(FOLLOW, "to-file").filetype == __WASI_FILETYPE_REGULAR_FILE && stat_of(FOLLOW, "to-file").ino == stat_of(0, "seed/one.txt").ino);
    CHECK(stat_of(FOLLOW, "to-dir").filetype == __WASI_FILETYPE_DIRECTORY && stat_of(0, "to-dir/").filetype == __WASI_FILETYPE_DIRECTORY);
    struct stat info;
    CHECK(lstat("/data/to-dir", &info) == 0 && S_ISLNK(info.st_mode) && info.st_nlink == 1);

    CHECK(readlink("/data/to-file", text, sizeof text) == 12 && strcmp(text, "seed/one.txt") == 0);
    memset(text, 0, sizeof text);
    CHECK(readlink("/data/to-file", text, 4) == 4 && strcmp(text, "seed") == 0);
    __wasi_size_t used = 7;
    GIVES(__wasi_path_readlink(DATA, "to-file", (uint8_t *)text, 0, &used), SUCCESS);
    CHECK(used == 0);
    FAILS(readlink("/data/seed/one.txt", text, sizeof text), EINVAL);
    FAILS(readlink("/data/seed", text, sizeof text), EINVAL);
    FAILS(readlink("/data/none", text, sizeof text), ENOENT);
    GIVES(__wasi_path_readlink(DATA, "to-dir/", (uint8_t *)text, 8, &used), INVAL);
    GIVES(__wasi_path_readlink(DATA, ".", (uint8_t *)text, 8, &used), INVAL);

    // Without following.
    CHECK(opens(0, "to-file", 0) == ELOOP && opens(0, "to-dir", 0) == ELOOP && opens(0, "to-file", __WASI_OFLAGS_CREAT) == ELOOP);
    CHECK(opens(0, "to-dir", __WASI_OFLAGS_DIRECTORY) == ELOOP && opens(0, "to-dir/", 0) == 0 && opens(0, "to-file/", 0) == ENOTDIR);
    CHECK(opens(FOLLOW, "to-dir", __WASI_OFLAGS_DIRECTORY) == 0 && opens(FOLLOW, "to-file", __WASI_OFLAGS_DIRECTORY) == ENOTDIR);
    CHECK(opens(FOLLOW, "to-file", __WASI_OFLAGS_CREAT | __WASI_OFLAGS_EXCL) == EEXIST);
}

static void dangling(void) {
    CHECK(symlink("nowhere", "/data/dangling") == 0 && symlink("missing/file", "/data/far") == 0);
    CHECK(opens(0, "dangling", 0) == ELOOP && opens(FOLLOW, "dangling", 0) == ENOENT && opens(FOLLOW, "dangling/", 0) == ENOENT);
    CHECK(opens(FOLLOW, "dangling", __WASI_OFLAGS_CREAT | __WASI_OFLAGS_EXCL) == EEXIST && opens(FOLLOW, "far", __WASI_OFLAGS_CREAT) == ENOENT);
    FAILS(mkdir("/data/dangling", 0700), EEXIST);
    FAILS(symlink("x", "/data/dangling"), EEXIST);
    // A file that is made through a link comes about where it leads.
    CHECK(opens(FOLLOW, "dangling", __WASI_OFLAGS_CREAT) == 0 && stat_of(0, "nowhere").filetype == __WASI_FILETYPE_REGULAR_FILE);
    CHECK(stat_of(0, "dangling").filetype == __WASI_FILETYPE_SYMBOLIC_LINK && unlink("/data/nowhere") == 0);
}

static void loops(void) {
    CHECK(symlink("self", "/data/self") == 0 && symlink("pong", "/data/ping") == 0 && symlink("ping", "/data/pong") == 0);
    CHECK(opens(FOLLOW, "self", 0) == ELOOP && opens(FOLLOW, "ping", 0) == ELOOP && opens(0, "ping/x", 0) == ELOOP && opens(0, "self", 0) == ELOOP);
    __wasi_filestat_t stat;
    GIVES(__wasi_path_filestat_get(DATA, FOLLOW, "self", &stat), LOOP);

    // A chain that is long, and one that is too long.
    char name[16], target[16] = "seed/one.txt";
    for (int i = 0; i < 33; i++) {
        snprintf(name, sizeof name, "chain%d", i);
        GIVES(__wasi_path_symlink(target, DATA, name), SUCCESS);
        strcpy(target, name);
    }
    CHECK(opens(FOLLOW, "chain31", 0) == 0 && opens(FOLLOW, "chain32", 0) == ELOOP);
}

static void escapes(void) {
    CHECK(symlink("..", "/data/seed/out") == 0 && symlink("../..", "/data/seed/far-out") == 0 && symlink("to-out/..", "/data/indirect") == 0);
    CHECK(symlink("seed/out", "/data/to-out") == 0);
    CHECK(opens(FOLLOW, "seed/out/seed/one.txt", 0) == 0 && opens(FOLLOW, "seed/far-out", 0) == ENOTCAPABLE);
    CHECK(opens(0, "seed/far-out/x", 0) == ENOTCAPABLE && opens(FOLLOW, "indirect", 0) == ENOTCAPABLE);
    // A way that is inside for one descriptor is outside for another.
    int seed = open("/data/seed", O_RDONLY | O_DIRECTORY);
    CHECK(open_at(seed, FOLLOW, "out", 0, 0, 0) == -1 && errno == ENOTCAPABLE);
    CHECK(open_at(seed, FOLLOW, "sub/up", 0, 0, 0) >= 0);
    GIVES(__wasi_path_symlink("/etc/passwd", DATA, "absolute"), NOTCAPABLE);
    GIVES(__wasi_path_symlink("/", DATA, "absolute"), NOTCAPABLE);
    GIVES(__wasi_path_symlink("", DATA, "empty"), NOENT);
    CHECK(raw_path_symlink("a\0b", 3, DATA, "nul", 3) == __WASI_ERRNO_ILSEQ && raw_path_symlink("\xff", 1, DATA, "bad", 3) == __WASI_ERRNO_ILSEQ);
    static char longest[5000];
    memset(longest, 'x', 4999);
    GIVES(__wasi_path_symlink(longest, DATA, "long"), NAMETOOLONG);
    GIVES(__wasi_path_symlink("x", 1, "link"), NOTDIR);
    GIVES(__wasi_path_symlink("x", DATA, "../link"), NOTCAPABLE);
    GIVES(__wasi_path_symlink("x", DATA, "none/link"), NOENT);
}

static void slashes(void) {
    GIVES(__wasi_path_symlink("source", DATA, "new/"), NOENT);
    GIVES(__wasi_path_symlink("source", DATA, "seed/"), EXIST);
    GIVES(__wasi_path_symlink("source", DATA, "seed"), EXIST);
    GIVES(__wasi_path_symlink("source", DATA, "seed/one.txt"), EXIST);
    GIVES(__wasi_path_symlink("source", DATA, "seed/one.txt/"), EXIST);
    GIVES(__wasi_path_symlink("source", DATA, "."), EXIST);
    GIVES(__wasi_path_unlink_file(DATA, "to-dir/"), NOTDIR);
    GIVES(__wasi_path_remove_directory(DATA, "to-dir"), NOTDIR);
    GIVES(__wasi_path_remove_directory(DATA, "to-dir/"), NOTDIR);
    // A target may end with a slash itself.
    GIVES(__wasi_path_symlink("seed/", DATA, "slash"), SUCCESS);
    GIVES(__wasi_path_symlink("seed/one.txt/", DATA, "file-slash"), SUCCESS);
    CHECK(opens(FOLLOW, "slash", 0) == 0 && holds("/data/slash/one.txt", "one\n") && opens(FOLLOW, "file-slash", 0) == ENOTDIR);
    CHECK(unlink("/data/to-dir") == 0 && opens(0, "seed", 0) == 0);
}

static void hard(void) {
    put_file("/data/file", "text");
    __wasi_filestat_t file = stat_of(0, "file");
    CHECK(file.nlink == 1 && link("/data/file", "/data/seed/same") == 0);
    __wasi_filestat_t same = stat_of(0, "seed/same");
    CHECK(same.ino == file.ino && same.dev == file.dev && same.nlink == 2 && stat_of(0, "file").nlink == 2);
    put_file("/data/seed/same", "changed");
    CHECK(holds("/data/file", "changed") && stat_of(0, "file").size == 7);

    FAILS(link("/data/file", "/data/seed/same"), EEXIST);
    FAILS(link("/data/file", "/data/file"), EEXIST);
    FAILS(link("/data/file", "/data/seed"), EEXIST);
    FAILS(link("/data/seed", "/data/other"), EPERM);
    GIVES(__wasi_path_link(DATA, 0, ".", DATA, "other"), PERM);
    GIVES(__wasi_path_link(DATA, 0, "none", DATA, "other"), NOENT);
    GIVES(__wasi_path_link(DATA, 0, "file", DATA, "other/"), NOENT);
    GIVES(__wasi_path_link(DATA, 0, "file/", DATA, "other"), NOTDIR);
    GIVES(__wasi_path_link(DATA, 0, "file", DATA, "none/other"), NOENT);
    GIVES(__wasi_path_link(DATA, 0, "file", DATA, "../other"), NOTCAPABLE);
    GIVES(__wasi_path_link(DATA, 2, "file", DATA, "other"), INVAL);
    GIVES(__wasi_path_link(DATA, 0, "file", RO, "other"), XDEV);
    GIVES(__wasi_path_link(99, 0, "file", DATA, "other"), BADF);
    GIVES(__wasi_path_link(DATA, 0, "file", 99, "other"), BADF);

    // Of a symbolic link: of the link itself, or of what it leads to.
    CHECK(symlink("file", "/data/soft") == 0);
    GIVES(__wasi_path_link(DATA, 0, "soft", DATA, "soft-too"), SUCCESS);
    CHECK(stat_of(0, "soft-too").filetype == __WASI_FILETYPE_SYMBOLIC_LINK && stat_of(0, "soft").nlink == 2);
    GIVES(__wasi_path_link(DATA, FOLLOW, "soft", DATA, "third"), SUCCESS);
    CHECK(stat_of(0, "third").ino == file.ino && stat_of(0, "file").nlink == 3);
    GIVES(__wasi_path_link(DATA, FOLLOW, "self", DATA, "fourth"), LOOP);
    GIVES(__wasi_path_link(DATA, 0, "self", DATA, "fourth"), SUCCESS);
    GIVES(__wasi_path_link(DATA, 0, "file", DATA, "self"), EXIST);

    CHECK(unlink("/data/file") == 0 && stat_of(0, "third").nlink == 2 && holds("/data/third", "changed"));
    // One file under two names: renaming one onto the other does nothing.
    CHECK(rename("/data/third", "/data/seed/same") == 0 && stat_of(0, "third").nlink == 2);
    CHECK(unlink("/data/third") == 0 && unlink("/data/seed/same") == 0);
}

int main(void) {
    symbolic();
    dangling();
    loops();
    escapes();
    slashes();
    hard();
    return passed();
}
