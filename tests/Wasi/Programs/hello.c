#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Prints its arguments and a variable, echoes standard input in capitals, exits with the number of arguments.
int main(int argc, char **argv) {
    for (int i = 0; i < argc; i++)
        printf("argument %d: %s\n", i, argv[i]);
    printf("COLOUR=%s\n", getenv("COLOUR"));
    for (int c; (c = getchar()) != EOF;)
        putchar(c >= 'a' && c <= 'z' ? c - 32 : c);
    fflush(stdout);
    fprintf(stderr, "done\n");
    return argc;
}
