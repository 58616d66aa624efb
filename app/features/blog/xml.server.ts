import Builder from "fast-xml-builder";

const builder = new Builder({ ignoreAttributes: false, attributeNamePrefix: "@" });

// biome-ignore lint/suspicious/noControlCharactersInRegex: those that XML 1.0 cannot hold in any way (2.2, Char).
const ILLEGAL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** An XML document. Names that begin with `@` are attributes, `#text` is the text beside them. */
export const xml = (document: object): string =>
  `<?xml version="1.0" encoding="UTF-8"?>${builder.build(document).replace(ILLEGAL, "")}`;
