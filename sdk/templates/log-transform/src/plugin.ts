import { definePlugin } from "@lazyoc/plugin";
import { shown } from "./lines.js";

definePlugin({
  logTransforms: {
    "__ID__.levels": ({ lines }) => lines.map(shown),
  },
});
