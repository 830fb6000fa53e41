/** Images as a column has room for: the last part of the name, and the tag. Several are separated by commas. */
export function short(images: string): string {
  return images
    .split(",")
    .filter((image) => image.length > 0)
    .map((image) => image.slice(image.lastIndexOf("/") + 1).replace(/@sha256:([0-9a-f]{7})[0-9a-f]*$/, "@$1"))
    .join(", ");
}
