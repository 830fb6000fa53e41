#include "check.h"
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static int lists(const char *path, const char *expected) {
    char names[256] = "";
    struct dirent **entries;
    int count = scandir(path, &entries, NULL, alphasort);
    CHECK(count >= 0);
    for (int i = 0; i < count; i++) {
        if (entries[i]->d_name[0] != '.') {
            strcat(names, entries[i]->d_name);
            strcat(names, " ");
        }
        free(entries[i]);
    }
    free(entries);
    return strcmp(names, expected) == 0;
}

// Changes what was there from the start in every way; an overlay does it without touching its lower tree.
int main(void) {
    struct stat before, after, info;
    CHECK(lists("/data", "seed ") && lists("/data/seed", "one.txt sub two.txt ") && stat("/data/seed", &info) == 0 && info.st_nlink == 3);
    CHECK(stat("/data/seed/one.txt", &before) == 0 && before.st_size == 4 && before.st_nlink == 1);

    // Appending, then cutting, with a reader that sees it.
    int reader = open("/data/seed/one.txt", O_RDONLY);
    FILE *file = fopen("/data/seed/one.txt", "a");
    CHECK(fputs("uno\n", file) >= 0 && fclose(file) == 0 && holds("/data/seed/one.txt", "one\nuno\n"));
    char text[16];
    CHECK(read(reader, text, 16) == 8 && memcmp(text, "one\nuno\n", 8) == 0);
    CHECK(stat("/data/seed/one.txt", &after) == 0 && after.st_ino == before.st_ino && after.st_dev == before.st_dev);
    CHECK(truncate("/data/seed/one.txt", 3) == 0 && pread(reader, text, 16, 0) == 3 && close(reader) == 0);

    // Another name, which then is the only one.
    CHECK(link("/data/seed/two.txt", "/data/deux") == 0 && stat("/data/seed/two.txt", &info) == 0 && info.st_nlink == 2);
    put_file("/data/deux", "2");
    CHECK(holds("/data/seed/two.txt", "2") && unlink("/data/seed/two.txt") == 0 && holds("/data/deux", "2"));
    CHECK(stat("/data/deux", &info) == 0 && info.st_nlink == 1 && lists("/data/seed", "one.txt sub "));

    // Renaming, also onto each other and back.
    CHECK(rename("/data/seed/one.txt", "/data/seed/eins") == 0 && lists("/data/seed", "eins sub ") && holds("/data/seed/eins", "one"));
    CHECK(rename("/data/deux", "/data/seed/eins") == 0 && holds("/data/seed/eins", "2") && lists("/data", "seed "));
    CHECK(rename("/data/seed/eins", "/data/seed/one.txt") == 0 && holds("/data/seed/one.txt", "2"));
    CHECK(rename("/data/seed/one.txt", "/data/seed/sub/three.txt") == 0 && holds("/data/seed/sub/three.txt", "2") && lists("/data/seed", "sub "));

    // Removing the rest, and a new tree under the same names.
    CHECK(unlink("/data/seed/sub/three.txt") == 0 && rmdir("/data/seed/sub") == 0 && lists("/data/seed", ""));
    CHECK(stat("/data/seed", &info) == 0 && info.st_nlink == 2 && rmdir("/data/seed") == 0 && lists("/data", ""));
    CHECK(mkdir("/data/seed", 0700) == 0 && lists("/data/seed", ""));
    put_file("/data/seed/sub", "a file now");
    CHECK(lists("/data/seed", "sub ") && stat("/data/seed", &info) == 0 && info.st_nlink == 2);
    CHECK(unlink("/data/seed/sub") == 0 && mkdir("/data/seed/sub", 0700) == 0);
    CHECK(mkdir("/data/other", 0700) == 0 && rename("/data/other", "/data/seed/sub") == 0 && lists("/data/seed/sub", ""));
    CHECK(rename("/data/seed", "/data/renamed") == 0 && lists("/data", "renamed ") && lists("/data/renamed", "sub "));
    return passed();
}
