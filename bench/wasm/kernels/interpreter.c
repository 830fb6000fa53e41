// The loop of a bytecode interpreter: a stack machine computes the lengths of the Collatz sequences of 1 to n − 1.
#include "kernel.h"

enum { PUSH, LOAD, STORE, ADD, MUL, HALVE, AND, LESS, JUMP, JUMP_IF, HALT };
enum { LIMIT, NUMBER, LENGTHS, MEMBER };

// volatile: the compiler must not run the program at its own time.
static volatile u8 program[] = {
  /*  0 */ PUSH, 1, STORE, NUMBER,
  /*  4 */ LOAD, NUMBER, STORE, MEMBER,
  /*  8 */ LOAD, MEMBER, PUSH, 2, LESS, JUMP_IF, 48,
  /* 15 */ LOAD, LENGTHS, PUSH, 1, ADD, STORE, LENGTHS,
  /* 22 */ LOAD, MEMBER, PUSH, 1, AND, JUMP_IF, 36,
  /* 29 */ LOAD, MEMBER, HALVE, STORE, MEMBER, JUMP, 8,
  /* 36 */ LOAD, MEMBER, PUSH, 3, MUL, PUSH, 1, ADD, STORE, MEMBER, JUMP, 8,
  /* 48 */ LOAD, NUMBER, PUSH, 1, ADD, STORE, NUMBER,
  /* 55 */ LOAD, NUMBER, LOAD, LIMIT, LESS, JUMP_IF, 4,
  /* 62 */ HALT,
};

static u32 stack[16], locals[4];

EXPORT("run") u64 run(int n) {
  const u8 *code = (const u8 *)program;
  u32 *top = stack;
  for (int i = 0; i < 4; i++) locals[i] = 0;
  locals[LIMIT] = (u32)n;
  for (u32 at = 0;;) {
    switch (code[at++]) {
      case PUSH: *top++ = code[at++]; break;
      case LOAD: *top++ = locals[code[at++]]; break;
      case STORE: locals[code[at++]] = *--top; break;
      case ADD: top--; top[-1] += *top; break;
      case MUL: top--; top[-1] *= *top; break;
      case HALVE: top[-1] >>= 1; break;
      case AND: top--; top[-1] &= *top; break;
      case LESS: top--; top[-1] = top[-1] < *top; break;
      case JUMP: at = code[at]; break;
      case JUMP_IF: at = *--top ? code[at] : at + 1; break;
      default: return mix(locals[LENGTHS], locals[NUMBER]);
    }
  }
}
