import slugify from "@sindresorhus/slugify";

const LONGEST = 200;

/** A title as part of a URL, in Latin letters: `Zürich für Anfänger` becomes `zuerich-fuer-anfaenger`. */
export const slugOf = (title: string) => slugify(title).slice(0, LONGEST).replace(/-+$/, "");
