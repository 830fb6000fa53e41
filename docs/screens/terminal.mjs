// Draws what a terminal shows as SVG; for the pictures and the casts of the documentation.

const [cellWidth, cellHeight, fontSize] = [8.4, 16.4, 14];
const ground = "#12151d";
const plain = { color: "#c9d1e0", back: ground, bold: false, underline: false };

/** Lines with SGR sequences as one SVG: a rectangle for each run on another ground, a text for each run of one style. */
export function draw(lines, width, height) {
  const out = [...frame(width, height)];
  let style = plain;
  lines.forEach((line, row) => {
    const drawn = drawLine(line, row, style);
    out.push(...drawn.out);
    style = drawn.style; // a style goes on over the end of a line
  });
  return out.join("\n") + "\n</svg>\n";
}

/** How the picture of a terminal of a size in cells begins. */
export function frame(width, height) {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${n(width * cellWidth + 24)}" height="${n(height * cellHeight + 24)}" font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, monospace" font-size="${fontSize}">`,
    `<rect width="100%" height="100%" rx="10" fill="${ground}"/>`,
  ];
}

/** The elements of one line, and the style that it leaves. */
export function drawLine(line, row, before = plain) {
  const out = [];
  let [x, style] = [0, before];
  for (const run of runs(line, style)) {
    style = run;
    const { text, color, back, bold, underline } = run;
    const columns = [...text].reduce((sum, c) => sum + widthOf(c), 0);
    const [left, top] = [12 + x * cellWidth, 12 + row * cellHeight];
    if (back && back !== ground) out.push(`<rect x="${n(left)}" y="${n(top)}" width="${n(columns * cellWidth)}" height="${cellHeight}" fill="${back}"/>`);
    if (text.trim()) {
      const weight = `${bold ? ' font-weight="bold"' : ""}${underline ? ' text-decoration="underline"' : ""}`;
      out.push(`<text x="${n(left)}" y="${n(top + fontSize)}" fill="${color}"${weight} textLength="${n(columns * cellWidth)}" lengthAdjust="spacingAndGlyphs" xml:space="preserve">${escape(text)}</text>`);
    }
    x += columns;
  }
  return { out, style };
}

function* runs(line, before) {
  let style = before;
  for (const [, codes, text] of `\x1b[m${line}`.matchAll(/\x1b\[([\d;:]*)m([^\x1b]*)/g)) {
    if (codes) style = apply(style, codes.split(/[;:]/).map(Number));
    yield { ...style, text };
  }
}

function apply(style, codes) {
  let next = { ...style };
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i];
    if (code === 0) next = { ...plain };
    else if (code === 1) next.bold = true;
    else if (code === 4) next.underline = true;
    else if (code === 22) next.bold = false;
    else if (code === 24) next.underline = false;
    else if ((code === 38 || code === 48) && codes[i + 1] === 2) {
      next[code === 38 ? "color" : "back"] = "#" + codes.slice(i + 2, i + 5).map((c) => c.toString(16).padStart(2, "0")).join("");
      i += 4;
    } else if (code === 39) next.color = "#c9d1e0";
    else if (code === 49) next.back = ground;
  }
  return next;
}

function widthOf(c) {
  const code = c.codePointAt(0);
  return (code >= 0x1100 && code <= 0x115f) || (code >= 0x2e80 && code <= 0xa4cf) || (code >= 0xac00 && code <= 0xd7a3) || (code >= 0xf900 && code <= 0xfaff) || (code >= 0x1f300 && code <= 0x1faff) ? 2 : 1;
}

function escape(text) {
  return text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);
}

function n(value) {
  return Number(value.toFixed(2));
}
