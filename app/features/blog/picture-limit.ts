/** The field that takes a picture, in the browser and on the server. */
export const PICTURE = { label: "The picture", maxBytes: 10 * 2 ** 20 };
