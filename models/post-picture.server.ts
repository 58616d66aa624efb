/** Which pictures posts show. Nothing but the text says so: there is no table that could disagree with it. */
import { Op } from "sequelize";
import { eachRow } from "./each-row.server";
import { Post } from "./post.server";

/** Below it are pictures of posts; what follows is their name in the file store. */
const PLACE = "/media/posts/";
const PICTURE = /\/media\/(posts\/[0-9a-f]{32}-[0-9a-f]{32}\.webp)/g;
/** Posts that are read at once where all of them are. */
const BATCH = 100;

/** The keys of the pictures in a text, in their order, each once. */
export const picturesIn = (content: string): string[] => [
  ...new Set([...content.matchAll(PICTURE)].map(([, key]) => key!)),
];

/** The key of every picture that a post shows, each once. */
export async function* postPictures(): AsyncGenerator<string> {
  const seen = new Set<string>();
  const options = {
    attributes: ["id", "content"],
    where: { content: { [Op.like]: `%${PLACE}%` } },
    raw: true,
  };
  for await (const { content } of eachRow(Post, options, BATCH)) {
    for (const key of picturesIn(content)) {
      if (seen.has(key)) continue;
      seen.add(key);
      yield key;
    }
  }
}
