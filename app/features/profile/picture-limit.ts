/** The field that takes a picture, in the browser and on the server. */
export const PICTURE = { label: "The picture", maxBytes: 5 * 2 ** 20 };
/** What a file chooser offers. */
export const KINDS = "image/jpeg,image/png,image/webp,image/gif,image/avif";
