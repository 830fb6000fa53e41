import { definePlugin } from "@lazyoc/plugin";
import { short } from "./images.js";

definePlugin({
  columns: {
    // One cell a row; a row that the plugin may not read has no values.
    "__ID__.images": ({ rows }) => rows.map(({ values: [images] }) => ({ text: images ? short(images) : "" })),
  },
});
