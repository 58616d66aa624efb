/** What a file chooser offers of the pictures that `images.server` can draw. */
export const PICTURE_KINDS = "image/jpeg,image/png,image/webp,image/gif,image/avif";
