/** Pictures in posts: in the file store, and in the text. */
import { picturesIn } from "#models/post-picture.server";
import * as files from "~/services/files.server";
import { webpWithin } from "~/services/images.server";
import { mediaUrl } from "~/services/media.server";
import type { FileField } from "~/services/uploads.server";
import { PICTURE } from "./picture-limit";

export const AREA = "posts";
/** Pixels of the longer side: the column of a post is about 600 wide, on fine screens twice as many. */
const SIDE = 1600;

export interface PostPicture {
  key: string;
  /** Where it is shown. Its size stands behind it, so that the page keeps the place free while it loads. */
  address: string;
}

const takePicture = (bytes: files.Bytes): Promise<PostPicture> =>
  files.withTemporary(bytes, async (path) => {
    const { data, width, height } = await webpWithin(path, SIDE);
    const { key } = await files.put([data], { area: AREA, extension: "webp" });
    return { key, address: `${mediaUrl(key)}#${width}x${height}` };
  });

export const pictureField: FileField<PostPicture> = {
  ...PICTURE,
  take: takePicture,
  discard: ({ key }) => files.remove(key),
};

/** A picture in Markdown. `description` is any text. */
export const inMarkdown = ({ address }: PostPicture, description: string) => {
  const text = description.trim().replace(/\s+/g, " ");
  return `![${text.replace(/[\\`*_~[\]<>&!]/g, "\\$&")}](${address})`;
};

/** The address of a picture in the text that is not in the store, where it was not in the text `before` either. */
export async function missingPicture(content: string, before = ""): Promise<string | null> {
  const known = new Set(picturesIn(before));
  for (const key of picturesIn(content)) {
    if (!known.has(key) && !(await files.open(key))) return mediaUrl(key);
  }
  return null;
}
