// A guest with two functions that take time, one of them about four times as much.
// Built with: asc hot.ts --outFile hot.wasm --runtime stub --use abort= --debug

function hot(n: i32): i32 {
  return n < 2 ? n : hot(n - 1) + hot(n - 2);
}

function warm(n: i32): i32 {
  return n < 2 ? n : warm(n - 1) + warm(n - 2);
}

export function work(): i32 {
  let sum = 0;
  for (let i = 0; i < 40; i++) sum += hot(25) + warm(22);
  return sum == 40 * (75025 + 17711) ? 0 : 1;
}
