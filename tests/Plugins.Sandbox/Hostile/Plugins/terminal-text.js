// Puts what a terminal obeys into every text that it draws: clears the screen, sets its title, turns the direction of reading.
const evil = (word) => `\u001b[2J\u001b]0;owned\u0007\u009b31m${word}\u202e\u2066\u200f\u0000\u0008\r`;
const span = (word) => ({ text: evil(word), style: "error" });
lazyoc.on("render", () => ({
  type: "stack",
  children: [
    { type: "text", spans: [span("span")] },
    { type: "table", id: evil("t"), header: [{ title: evil("title") }], rows: [{ id: evil("r"), cells: [{ text: evil("cell") }] }] },
    { type: "keyValue", items: [{ key: evil("key"), value: [span("value")] }] },
    { type: "list", items: [[span("item")]] },
    { type: "button", id: "b", label: evil("label") },
    { type: "badge", label: evil("badge") },
    { type: "code", content: evil("code"), language: "log" },
    { type: "markdown", content: `# ${evil("heading")}\n\n- ${evil("point")}` },
    { type: "spinner", label: evil("spinner") },
    { type: "error", message: evil("message"), hint: evil("hint") },
    { type: "empty", message: evil("empty") },
  ],
}));
